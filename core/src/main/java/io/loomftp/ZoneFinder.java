package io.loomftp;

import io.loomftp.ModifiedTime.Precision;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Finds out how far a server's listings are from UTC, and remembers it for each server. */
final class ZoneFinder {
  private static final int REMEMBERED = 10_000;
  private static final long STEP_MINUTES = 15; // no zone is set up in smaller steps
  private static final Duration FARTHEST = Duration.ofHours(18); // what a ZoneOffset can be
  private static final Map<String, ZoneOffset> FOUND = new ConcurrentHashMap<>();

  private ZoneFinder() {}

  /** The session's configuration with the server's zone in it, as far as it is known or can be found in this folder. */
  static FtpConfig configFor(FtpSession ftp, String folder) throws FtpException {
    FtpConfig config = ftp.config();
    if (!(config.serverZone() instanceof ServerZone.Detected)) {
      return config;
    }
    String server = config.host() + ":" + config.port();
    ZoneOffset known = FOUND.get(server);
    if (known == null) {
      Optional<ZoneOffset> found = find(ftp, config, folder);
      if (found.isEmpty()) {
        return config;
      }
      known = found.get();
      if (FOUND.size() < REMEMBERED) {
        FOUND.put(server, known);
      }
    }
    return config.toBuilder().serverZone(known).build();
  }

  private static Optional<ZoneOffset> find(FtpSession ftp, FtpConfig config, String folder) throws FtpException {
    Optional<FtpEntry> sample;
    try (Listing rows = ftp.listing(config.toBuilder().serverZone(ZoneOffset.UTC).build(), folder)) {
      sample = newest(rows);
    } catch (FtpReplyException e) {
      return Optional.empty(); // the listing that is wanted will tell
    }
    if (sample.isEmpty()) {
      return Optional.empty();
    }
    String path = folder.isEmpty() ? sample.get().name() : folder + (folder.endsWith("/") ? "" : "/") + sample.get().name();
    try {
      return offset(sample.get().modified().orElseThrow().instant(), ftp.mdtm(path));
    } catch (FtpReplyException e) {
      return Optional.empty();
    }
  }

  /** The file with the latest time: the least likely to lie on the other side of a change to daylight saving. */
  private static Optional<FtpEntry> newest(Listing rows) throws FtpException {
    Comparator<FtpEntry> byTime = Comparator.comparing(row -> row.modified().orElseThrow().instant());
    FtpEntry best = null;
    try {
      for (Optional<FtpEntry> row = rows.next(); row.isPresent(); row = rows.next()) {
        FtpEntry entry = row.get();
        boolean usable = entry.isFile() && entry.modified().filter(ZoneFinder::lacksZone).isPresent();
        if (usable && (best == null || byTime.compare(entry, best) > 0)) {
          best = entry;
        }
      }
    } catch (FtpException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException("a listing of a session throws nothing else", e);
    }
    return Optional.ofNullable(best);
  }

  private static boolean lacksZone(ModifiedTime time) {
    return time.source() == ModifiedTime.Source.LIST && time.precision() != Precision.DAY;
  }

  private static Optional<ZoneOffset> offset(Instant listed, Instant utc) {
    long minutes = Math.round(Duration.between(utc, listed).toSeconds() / 60.0 / STEP_MINUTES) * STEP_MINUTES;
    if (Math.abs(minutes) > FARTHEST.toMinutes()) {
      return Optional.empty();
    }
    return Optional.of(ZoneOffset.ofTotalSeconds((int) minutes * 60));
  }
}
