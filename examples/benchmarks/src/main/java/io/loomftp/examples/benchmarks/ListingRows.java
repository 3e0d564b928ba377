package io.loomftp.examples.benchmarks;

import io.loomftp.FtpConfig;
import io.loomftp.FtpEntry;
import io.loomftp.Listing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.commons.net.ftp.FTPClientConfig;
import org.apache.commons.net.ftp.FTPFile;
import org.apache.commons.net.ftp.FTPFileEntryParser;
import org.apache.commons.net.ftp.FTPListParseEngine;
import org.apache.commons.net.ftp.parser.MLSxEntryParser;
import org.apache.commons.net.ftp.parser.UnixFTPEntryParser;

/**
 * Long listings from memory, each client in its own way of reading a stream; every entry's name, size and time is asked for.
 * The two must read the same.
 */
final class ListingRows {
  private static final FtpConfig CONFIG =
      FtpConfig.builder("localhost").clock(Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC)).build();
  private static final int PAGE = 1_000;

  private ListingRows() {}

  /** Reads a listing to its end. */
  @FunctionalInterface
  private interface Reading {
    Sum read(InputStream listing) throws IOException;
  }

  /** What was read, added up, so that nothing is left out and results can be compared. */
  private record Sum(long entries, long sizes, long times) {
    static final Sum NOTHING = new Sum(0, 0, 0);
  }

  /** All rows. */
  static List<Row> all(int lines) {
    return List.of(
        new Row("listing-unix", Row.Group.LISTING, lines + " lines of ls -l",
            f -> rivals(ListingText.unix(lines), lines, ListingRows::loomList, in -> commons(in, unixParser())), List.of()),
        new Row("listing-mlsd", Row.Group.LISTING, lines + " lines of MLSD",
            f -> rivals(ListingText.mlsd(lines), lines, ListingRows::loomMlsd, in -> commons(in, MLSxEntryParser.getInstance())),
            List.of()));
  }

  private static List<Rival> rivals(byte[] listing, int lines, Reading ours, Reading theirs) {
    Sums sums = new Sums(lines);
    return List.of(rival("LoomFTP", listing, ours, sums), rival(CommonsClient.NAME, listing, theirs, sums));
  }

  private static Rival rival(String name, byte[] listing, Reading reading, Sums sums) {
    return Rival.of(name, () -> sums.last = reading.read(new ByteArrayInputStream(listing))).check(sums::compare);
  }

  /** Compares what the last reading made with what the one before it made. */
  private static final class Sums {
    private final int lines;
    private Sum last = Sum.NOTHING;
    private Sum before = Sum.NOTHING;

    Sums(int lines) {
      this.lines = lines;
    }

    void compare() throws IOException {
      if (last.entries() != lines || (before.entries() == lines && !before.equals(last))) {
        throw new IOException("the two read different things: " + before + ", " + last);
      }
      before = last;
    }
  }

  private static Sum loomList(InputStream text) throws IOException {
    try (Listing listing = Listing.of(text, CONFIG)) {
      return sum(listing);
    }
  }

  private static Sum loomMlsd(InputStream text) throws IOException {
    try (Listing listing = Listing.ofMlsd(text, CONFIG)) {
      return sum(listing);
    }
  }

  private static Sum sum(Listing listing) {
    long entries = 0;
    long sizes = 0;
    long times = 0;
    for (FtpEntry entry : listing) {
      entries++;
      sizes += entry.size().orElse(0) + entry.name().length();
      times += entry.modified().map(modified -> modified.instant().toEpochMilli()).orElse(0L);
    }
    return new Sum(entries, sizes, times);
  }

  private static FTPFileEntryParser unixParser() {
    FTPClientConfig config = new FTPClientConfig(FTPClientConfig.SYST_UNIX);
    config.setServerTimeZoneId("UTC");
    return new UnixFTPEntryParser(config);
  }

  private static Sum commons(InputStream text, FTPFileEntryParser parser) throws IOException {
    FTPListParseEngine engine = new FTPListParseEngine(parser);
    engine.readServerList(text, "UTF-8");
    long entries = 0;
    long sizes = 0;
    long times = 0;
    while (engine.hasNext()) {
      for (FTPFile file : engine.getNext(PAGE)) {
        entries++;
        sizes += file.getSize() + file.getName().length();
        times += file.getTimestampInstant().toEpochMilli();
      }
    }
    return new Sum(entries, sizes, times);
  }
}
