package io.loomftp.examples.benchmarks;

import io.loomftp.FtpConfig;
import io.loomftp.FtpEntry;
import io.loomftp.Listing;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import org.apache.commons.net.ftp.FTPClientConfig;
import org.apache.commons.net.ftp.FTPFile;
import org.apache.commons.net.ftp.FTPFileEntryParser;
import org.apache.commons.net.ftp.FTPListParseEngine;
import org.apache.commons.net.ftp.parser.MLSxEntryParser;
import org.apache.commons.net.ftp.parser.UnixFTPEntryParser;

/**
 * How fast are listings read, beside Apache Commons Net? One million lines of {@code ls -l} and one million of MLSD, from
 * memory, each through the library's own way of reading a stream, in one process; every entry's name, size and time is
 * asked for. The best of several rounds counts, the rounds of the two take turns.
 *
 * <p>Arguments: lines (1000000), rounds (5).
 */
public final class ListingSpeed {
  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final FtpConfig CONFIG =
      FtpConfig.builder("localhost").clock(Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC)).build();
  private static final String[] MONTHS = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
  };

  /** Reads a listing to its end; the sum of what was read, so that nothing is left out. */
  private interface Reading {
    Sum read(InputStream listing) throws IOException;
  }

  private record Sum(long entries, long sizes, long times) {}

  /** CPU time is this thread's: it leaves out what other programs took, and the garbage collector too. */
  private record Figures(double perSecond, double cpuNanosPerEntry, long bytesPerEntry, Sum sum) {}

  private ListingSpeed() {}

  /** Measures and prints. */
  public static void main(String[] args) throws IOException {
    int lines = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    System.out.printf(Locale.ROOT, "%,d lines each, best of %d rounds, Java %s, %d processors%n",
        lines, rounds, System.getProperty("java.version"), Runtime.getRuntime().availableProcessors());
    compare("Unix", unix(lines), rounds, ListingSpeed::loomList, listing -> commons(listing, unixParser()));
    compare("MLSD", mlsd(lines), rounds, ListingSpeed::loomMlsd, listing -> commons(listing, MLSxEntryParser.getInstance()));
  }

  private static void compare(String name, byte[] listing, int rounds, Reading ours, Reading theirs) throws IOException {
    Figures loom = measure(listing, ours);
    Figures commons = measure(listing, theirs);
    for (int round = 1; round < rounds; round++) {
      loom = better(loom, measure(listing, ours));
      commons = better(commons, measure(listing, theirs));
    }
    if (!loom.sum().equals(commons.sum())) {
      System.out.printf("%s: the two read different things: %s, %s%n", name, loom.sum(), commons.sum());
    }
    print(name, "LoomFTP", loom);
    print(name, "Commons Net", commons);
    System.out.printf(Locale.ROOT, "%s  %-12s %,12.1f            %,8.1f%n",
        name, "ratio", loom.perSecond() / commons.perSecond(), commons.cpuNanosPerEntry() / loom.cpuNanosPerEntry());
  }

  private static void print(String name, String library, Figures figures) {
    System.out.printf(Locale.ROOT, "%s  %-12s %,12.0f entries/s  %,8.0f ns CPU an entry  %,6d bytes an entry%n",
        name, library, figures.perSecond(), figures.cpuNanosPerEntry(), figures.bytesPerEntry());
  }

  private static Figures better(Figures one, Figures other) {
    return one.perSecond() > other.perSecond() ? one : other;
  }

  private static Figures measure(byte[] listing, Reading reading) throws IOException {
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    long cpu = THREADS.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    Sum sum = reading.read(new ByteArrayInputStream(listing));
    double seconds = (System.nanoTime() - start) / 1e9;
    cpu = THREADS.getCurrentThreadCpuTime() - cpu;
    bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
    long entries = Math.max(1, sum.entries());
    return new Figures(sum.entries() / seconds, (double) cpu / entries, bytes / entries, sum);
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
      for (FTPFile file : engine.getNext(1000)) {
        entries++;
        sizes += file.getSize() + file.getName().length();
        times += file.getTimestampInstant().toEpochMilli();
      }
    }
    return new Sum(entries, sizes, times);
  }

  private static byte[] unix(int lines) {
    ByteArrayOutputStream listing = new ByteArrayOutputStream(lines * 80);
    for (int i = 0; i < lines; i++) {
      String when = i % 2 == 0
          ? String.format(Locale.ROOT, "%s %2d %02d:%02d", MONTHS[i % 10], 1 + i % 28, i % 24, i % 60)
          : String.format(Locale.ROOT, "%s %2d  %d", MONTHS[i % 12], 1 + i % 28, 2000 + i % 26);
      listing.writeBytes(String.format(Locale.ROOT, "%s   1 user%-4d group%-3d %10d %s %s%06d.dat\r\n",
          i % 20 == 0 ? "drwxr-xr-x" : "-rw-r--r--", i % 1000, i % 100, i * 37L, when,
          i % 7 == 0 ? "annual report " : "file", i)
          .getBytes(StandardCharsets.UTF_8));
    }
    return listing.toByteArray();
  }

  private static byte[] mlsd(int lines) {
    ByteArrayOutputStream listing = new ByteArrayOutputStream(lines * 120);
    for (int i = 0; i < lines; i++) {
      listing.writeBytes(String.format(Locale.ROOT,
          "modify=%04d%02d%02d%02d%02d%02d;perm=adfrw;size=%d;type=%s;unique=FD01U%X;UNIX.group=1000;UNIX.mode=0644;"
              + "UNIX.owner=1000; %s%06d.dat\r\n",
          2000 + i % 26, 1 + i % 12, 1 + i % 28, i % 24, i % 60, i % 60, i * 37L, i % 20 == 0 ? "dir" : "file", i,
          i % 7 == 0 ? "annual report " : "file", i)
          .getBytes(StandardCharsets.UTF_8));
    }
    return listing.toByteArray();
  }
}
