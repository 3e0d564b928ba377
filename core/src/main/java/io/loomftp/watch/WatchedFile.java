package io.loomftp.watch;

import io.loomftp.FtpEntry;
import io.loomftp.ModifiedTime;
import io.loomftp.WalkEntry;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The state of one watched file: its last listing, in how many polls it looked like that, and the state last reported. */
final class WatchedFile {
  /** The last listing; null when the file is not there. */
  private @Nullable WalkEntry now;
  /** The state last reported, or known from the start; null when the file was not there. */
  private @Nullable WalkEntry reported;
  private int polls;

  private WatchedFile(@Nullable WalkEntry now, @Nullable WalkEntry reported, int polls) {
    this.now = now;
    this.reported = reported;
    this.polls = polls;
  }

  /** A file that was there at the start and is not reported. */
  static WatchedFile known(WalkEntry file) {
    return new WatchedFile(file, file, 1);
  }

  /** A file that was not there before. */
  static WatchedFile fresh() {
    return new WatchedFile(null, null, 0);
  }

  /** Takes in a poll; null when the file is not there. */
  void seen(@Nullable WalkEntry file) {
    polls = polls > 0 && looksSame(now, file) ? polls + 1 : 1;
    now = file;
  }

  /** The change to report, once the file has looked the same in so many polls. */
  Optional<Change> news(int still) {
    WalkEntry before = reported;
    WalkEntry file = now;
    if (polls < still || looksSame(before, file)) {
      return Optional.empty();
    }
    if (file == null) {
      return before == null ? Optional.empty() : Optional.of(new Change(Change.What.GONE, before));
    }
    return Optional.of(new Change(before == null ? Change.What.NEW : Change.What.CHANGED, file));
  }

  /** The change was reported. */
  void reported() {
    reported = now;
  }

  boolean isThere() {
    return now != null;
  }

  /** Whether the file is not there, and not reported as being there. */
  boolean isForgotten() {
    return now == null && reported == null;
  }

  private static boolean looksSame(@Nullable WalkEntry one, @Nullable WalkEntry other) {
    if (one == null || other == null) {
      return one == null && other == null;
    }
    FtpEntry a = one.entry();
    FtpEntry b = other.entry();
    if (isUnchangedLine(a, b)) {
      return true;
    }
    return a.type() == b.type() && a.size().equals(b.size()) && sameTime(a.modified(), b.modified())
        && sameFact("unique", a, b);
  }

  /** The same line of LIST is another time when the zone of the server becomes known, or changes to daylight saving. */
  private static boolean isUnchangedLine(FtpEntry a, FtpEntry b) {
    boolean zoneless = b.modified().filter(time -> time.source() == ModifiedTime.Source.LIST).isPresent();
    return zoneless && !a.rawLine().isEmpty() && a.rawLine().equals(b.rawLine());
  }

  private static boolean sameFact(String fact, FtpEntry a, FtpEntry b) {
    return a.fact(fact).equals(b.fact(fact));
  }

  private static boolean sameTime(Optional<ModifiedTime> one, Optional<ModifiedTime> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.isEmpty() && other.isEmpty();
    }
    return sameTime(one.get(), other.get());
  }

  /** LIST has hour and minute for recent files and only the day for old ones; a file that grows old has not changed. */
  static boolean sameTime(ModifiedTime one, ModifiedTime other) {
    boolean isCoarser = one.precision().compareTo(other.precision()) <= 0;
    ModifiedTime coarse = isCoarser ? one : other;
    ModifiedTime fine = isCoarser ? other : one;
    if (coarse.precision() == fine.precision()) {
      return coarse.instant().equals(fine.instant());
    }
    Duration ahead = Duration.between(coarse.instant(), fine.instant());
    return !ahead.isNegative() && ahead.compareTo(unit(coarse.precision())) < 0;
  }

  private static Duration unit(ModifiedTime.Precision precision) {
    return switch (precision) {
      case DAY -> Duration.ofDays(1);
      case MINUTE -> Duration.ofMinutes(1);
      case SECOND -> Duration.ofSeconds(1);
      case MILLI -> Duration.ofMillis(1);
    };
  }
}
