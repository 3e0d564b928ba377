package io.loomftp;

import io.loomftp.ModifiedTime.Precision;
import io.loomftp.internal.control.ServerProfile.Fact;
import io.loomftp.internal.control.SharedProfile;
import io.loomftp.internal.text.EntryName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Comparator;
import java.util.Optional;

/**
 * Detects the zone of a server's listings by comparing a listed time with MDTM, and keeps it in the server's profile: for a
 * day, and not beyond the next change to or from daylight saving in any zone that has this offset now.
 */
final class ZoneFinder {
  private static final long STEP_MINUTES = 15; // no zone is set up in smaller steps
  private static final Duration FARTHEST = Duration.ofHours(18); // what a ZoneOffset can be
  private static final Duration ROUNDING = Duration.ofSeconds(90); // listings leave out the seconds
  private static final Duration LONGEST = Duration.ofDays(1);

  private ZoneFinder() {}

  /** A detected offset and the end of its validity. */
  private record Found(ZoneOffset offset, Instant detected, Instant until) {
    /** Parses what {@link #toString()} writes. */
    static Found parse(String text) {
      String[] parts = text.split(" ", 3);
      return new Found(ZoneOffset.of(parts[0]), Instant.parse(parts[1]), Instant.parse(parts[2]));
    }

    boolean holds(Instant now) {
      return !now.isBefore(detected) && now.isBefore(until);
    }

    @Override
    public String toString() {
      return offset + " " + detected + " " + until;
    }
  }

  /** Lists a folder with LIST. */
  interface Lister {
    Listing list(FtpConfig config, String folder) throws FtpException;
  }

  /** Asks for the time of a file in UTC (MDTM). */
  interface Mdtm {
    Instant modified(String path) throws FtpException;
  }

  /** The configuration with the server's zone in it, where it is known or can be detected in this folder. */
  static FtpConfig configFor(FtpConfig config, SharedProfile profile, String folder, Lister lister, Mdtm mdtm)
      throws FtpException {
    if (!(config.serverZone() instanceof ServerZone.Detected)) {
      return config;
    }
    Instant now = config.clock().instant();
    Optional<Found> known = profile.get().value(Fact.ZONE).map(Found::parse).filter(found -> found.holds(now));
    if (known.isEmpty()) {
      known = find(config, folder, lister, mdtm).map(offset -> new Found(offset, now, until(offset, now)));
      known.ifPresent(found -> profile.learn(Fact.ZONE, found.toString()));
    }
    return known.map(found -> config.toBuilder().serverZone(found.offset).build()).orElse(config);
  }

  /** When an offset that holds now may have changed. */
  static Instant until(ZoneOffset offset, Instant now) {
    Instant until = now.plus(LONGEST);
    for (String id : ZoneId.getAvailableZoneIds()) {
      ZoneRules rules = ZoneId.of(id).getRules();
      if (!rules.isFixedOffset() && rules.getOffset(now).equals(offset)) {
        ZoneOffsetTransition next = rules.nextTransition(now);
        until = next != null && next.getInstant().isBefore(until) ? next.getInstant() : until;
      }
    }
    return until;
  }

  private static Optional<ZoneOffset> find(FtpConfig config, String folder, Lister lister, Mdtm mdtm) throws FtpException {
    Optional<FtpEntry> sample;
    try (Listing rows = lister.list(config.toBuilder().serverZone(ZoneOffset.UTC).build(), folder)) {
      sample = newest(rows);
    } catch (FtpReplyException e) {
      return Optional.empty(); // the listing that was asked for is refused too, and says so
    }
    if (sample.isEmpty()) {
      return Optional.empty();
    }
    String path = folder.isEmpty() ? sample.get().name() : folder + (folder.endsWith("/") ? "" : "/") + sample.get().name();
    try {
      return offset(sample.get().modified().orElseThrow().instant(), mdtm.modified(path));
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
        boolean usable = entry.isFile() && EntryName.isOneLevel(entry.name()) && entry.modified().filter(ZoneFinder::lacksZone)
            .isPresent();
        if (usable && (best == null || byTime.compare(entry, best) > 0)) {
          best = entry;
        }
      }
    } catch (FtpException e) {
      if (!rows.isTruncated()) {
        throw e;
      }
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
    Duration rest = Duration.between(utc, listed).minusMinutes(minutes).abs();
    if (Math.abs(minutes) > FARTHEST.toMinutes() || rest.compareTo(ROUNDING) > 0) {
      return Optional.empty();
    }
    return Optional.of(ZoneOffset.ofTotalSeconds((int) minutes * 60));
  }
}
