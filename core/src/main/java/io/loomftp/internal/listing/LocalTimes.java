package io.loomftp.internal.listing;

import io.loomftp.ModifiedTime.Precision;
import io.loomftp.ModifiedTime.Source;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * Converts the dates of a listing to instants: in the zone of the server for those without a zone, and in the latest year that
 * is at most a day ahead for those without a year. A time that does not exist because clocks were
 * put forward is moved forward by as much, one that exists twice is the first of them; an impossible date is no time.
 *
 * <p>The present is read once, when the listing starts. Not for use by several threads: it remembers the offset of the
 * last time it worked out.
 */
final class LocalTimes {
  private static final long DAY = 86_400;
  private static final int LEAP_YEARS_APART = 8; // 1896 to 1904, 2096 to 2104

  private final ZoneRules rules;
  private final boolean fixed;
  private final long latest;
  private final int latestYear;

  // In local seconds from..to the offset is certainly this one.
  private long from = 1;
  private long to;
  private int offset;

  LocalTimes(Clock clock, ZoneId zone) {
    rules = zone.getRules();
    fixed = rules.isFixedOffset();
    latest = clock.instant().getEpochSecond() + DAY;
    latestYear = LocalDateTime.ofEpochSecond(latest, 0, rules.getOffset(Instant.ofEpochSecond(latest))).getYear();
    if (fixed) {
      offset = rules.getOffset(Instant.EPOCH).getTotalSeconds();
    }
  }

  /** Sets a date and time in the zone of the server. */
  void local(FoundTime found, int year, int month, int day, int secondOfDay, int nano, Precision precision) {
    if (exists(year, month, day) && secondOfDay >= 0) {
      found.set(toUtc(epochDay(year, month, day) * DAY + secondOfDay), nano, precision, Source.LIST);
    }
  }

  /** Sets a date and time that lack the year. */
  void yearless(FoundTime found, int month, int day, int secondOfDay, int nano, Precision precision) {
    if (secondOfDay < 0) {
      return;
    }
    for (int year = latestYear; year >= latestYear - LEAP_YEARS_APART; year--) {
      if (exists(year, month, day)) {
        long second = toUtc(epochDay(year, month, day) * DAY + secondOfDay);
        if (second <= latest) {
          found.set(second, nano, precision, Source.LIST);
          return;
        }
      }
    }
  }

  /** Whether there is such a day, and not more than a day ahead. */
  boolean isPast(int year, int month, int day) {
    return exists(year, month, day) && epochDay(year, month, day) * DAY <= latest + DAY;
  }

  /** Sets a date and time whose distance from UTC is known. */
  void withOffset(
      FoundTime found, int year, int month, int day, int secondOfDay, int nano, Precision precision, int offset, Source source) {
    if (exists(year, month, day) && secondOfDay >= 0) {
      found.set(epochDay(year, month, day) * DAY + secondOfDay - offset, nano, precision, source);
    }
  }

  /** The second of the day, or -1 where there is no such time; a leap second counts as the one before it. */
  static int secondOfDay(int hour, int minute, int second) {
    if (hour == 24 && minute == 0 && second == 0) {
      return (int) DAY;
    }
    return hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60
        ? -1
        : hour * 3600 + minute * 60 + Math.min(second, 59);
  }

  private static boolean exists(int year, int month, int day) {
    return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  }

  private static int daysIn(int year, int month) {
    if (month == 2) {
      return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
    }
    return 30 + ((month + (month >> 3)) & 1);
  }

  /** Days since 1970, as LocalDate.toEpochDay counts them, for years from 1 on: the year begins in March here. */
  static long epochDay(int year, int month, int day) {
    int y = month <= 2 ? year - 1 : year;
    int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return 365L * y + y / 4 - y / 100 + y / 400 + dayOfYear - 719_468;
  }

  private long toUtc(long local) {
    if (!fixed && (local < from || local > to)) {
      workOut(local);
    }
    return local - offset;
  }

  private void workOut(long local) {
    LocalDateTime time = LocalDateTime.ofEpochSecond(local, 0, ZoneOffset.UTC);
    offset = rules.getOffset(time).getTotalSeconds();
    Instant instant = Instant.ofEpochSecond(local - offset);
    ZoneOffsetTransition before = rules.previousTransition(instant);
    ZoneOffsetTransition after = rules.nextTransition(instant);
    // A day of distance from the changes of the clock: there local time has one meaning only.
    from = before == null ? Long.MIN_VALUE : before.toEpochSecond() + offset + DAY;
    to = after == null ? Long.MAX_VALUE : after.toEpochSecond() + offset - DAY;
    if (local < from || local > to) {
      from = local;
      to = local;
    }
  }
}
