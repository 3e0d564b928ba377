package io.loomftp.internal.listing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loomftp.FtpEntry;
import io.loomftp.ModifiedTime;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The year of a date without one, zones, and days that are not. */
class LocalTimesTest {
  @ParameterizedTest
  @CsvSource(textBlock = """
      # now                 | listed       | read as
      2026-11-22T12:00:00Z  , Nov 22 12:00 , 2026-11-22T12:00:00Z
      2026-11-22T12:00:00Z  , Nov 23 12:00 , 2026-11-23T12:00:00Z
      2026-11-22T12:00:00Z  , Nov 23 12:01 , 2025-11-23T12:01:00Z
      2026-01-01T00:30:00Z  , Dec 31 23:59 , 2025-12-31T23:59:00Z
      2025-12-31T23:30:00Z  , Jan  1 00:10 , 2026-01-01T00:10:00Z
      2025-12-31T23:30:00Z  , Jan  1 23:30 , 2026-01-01T23:30:00Z
      2025-12-31T23:30:00Z  , Jan  1 23:31 , 2025-01-01T23:31:00Z
      2024-02-28T12:00:00Z  , Feb 29 11:00 , 2024-02-29T11:00:00Z
      2024-02-28T12:00:00Z  , Feb 29 13:00 , 2020-02-29T13:00:00Z
      2024-02-29T12:00:00Z  , Feb 29 12:00 , 2024-02-29T12:00:00Z
      2025-03-01T12:00:00Z  , Feb 29 12:00 , 2024-02-29T12:00:00Z
      2027-12-31T12:00:00Z  , Feb 29 12:00 , 2024-02-29T12:00:00Z
      1904-01-01T12:00:00Z  , Feb 29 12:00 , 1896-02-29T12:00:00Z
      2000-03-01T12:00:00Z  , Feb 29 12:00 , 2000-02-29T12:00:00Z
      2101-03-01T12:00:00Z  , Feb 29 12:00 , 2096-02-29T12:00:00Z
      """)
  void theYearIsTheLatestThatIsNotMoreThanADayAhead(String now, String listed, String expected) throws Exception {
    assertEquals(Instant.parse(expected), read(now, ZoneOffset.UTC, listed).orElseThrow().instant());
  }

  @ParameterizedTest
  @CsvSource(textBlock = """
      # zone           , listed                , read as
      Europe/Berlin    , 2025-07-01 12:00      , 2025-07-01T10:00:00Z
      Europe/Berlin    , 2025-01-01 12:00      , 2025-01-01T11:00:00Z
      Europe/Berlin    , 2025-03-30 01:59      , 2025-03-30T00:59:00Z
      Europe/Berlin    , 2025-03-30 02:30      , 2025-03-30T01:30:00Z
      Europe/Berlin    , 2025-03-30 03:00      , 2025-03-30T01:00:00Z
      Europe/Berlin    , 2025-10-26 02:30      , 2025-10-26T00:30:00Z
      Europe/Berlin    , 2025-10-26 03:00      , 2025-10-26T02:00:00Z
      America/New_York , Nov 22 06:59          , 2026-11-22T11:59:00Z
      Asia/Kolkata     , 2025-07-01 12:00      , 2025-07-01T06:30:00Z
      Pacific/Apia     , 2011-12-30 12:00      , 2011-12-30T22:00:00Z
      +05:45           , 2025-07-01 12:00      , 2025-07-01T06:15:00Z
      """)
  void timesAreThoseOfTheServersZone(String zone, String listed, String expected) throws Exception {
    ModifiedTime modified = read("2026-11-22T12:00:00Z", ZoneId.of(zone), listed).orElseThrow();
    assertEquals(Instant.parse(expected), modified.instant());
    assertEquals(ModifiedTime.Source.LIST, modified.source());
  }

  @Test
  void newYearComesInTheServersZoneAndNotInOurs() throws Exception {
    ZoneId auckland = ZoneId.of("Pacific/Auckland"); // 13 hours ahead in January
    Instant halfPastMidnight = Instant.parse("2025-12-31T11:30:00Z");
    for (String now : new String[] {"2025-12-31T11:00:00Z", "2025-12-31T12:00:00Z"}) {
      assertEquals(halfPastMidnight, read(now, auckland, "Jan  1 00:30").orElseThrow().instant());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTC", "Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Tehran"})
  void everyTimeIsWhatJavaTimeSays(String zone) throws Exception {
    ZoneId id = ZoneId.of(zone);
    LocalTimes times = new LocalTimes(ListingTable.CLOCK, id);
    EntryBuilder draft = new EntryBuilder(times);
    Random random = new Random(42);
    for (int i = 0; i < 20_000; i++) {
      long minute = Math.floorDiv(Instant.parse("1975-01-01T00:00:00Z").getEpochSecond(), 60L)
          + random.nextInt(70 * 365 * 24 * 60);
      LocalDateTime local = LocalDateTime.ofEpochSecond(minute * 60, 0, ZoneOffset.UTC);
      draft.start(new byte[] {'n'});
      draft.name(0, 1);
      int second = local.toLocalTime().toSecondOfDay();
      times.local(
          draft.time, local.getYear(), local.getMonthValue(), local.getDayOfMonth(), second, 0, ModifiedTime.Precision.MINUTE);
      Instant read = LineDetails.entry(draft, new UnixParser(), ListingTable.UTF_8).modified().orElseThrow().instant();
      assertEquals(ZonedDateTime.of(local, id).toInstant(), read, local::toString);
    }
  }

  @Test
  void daysAreCountedAsJavaTimeCountsThem() {
    for (LocalDate day = LocalDate.of(1, 1, 1); day.getYear() < 2500; day = day.plusDays(1)) {
      assertEquals(day.toEpochDay(), LocalTimes.epochDay(day.getYear(), day.getMonthValue(), day.getDayOfMonth()));
    }
  }

  private static Optional<ModifiedTime> read(String now, ZoneId zone, String listed) throws Exception {
    Clock clock = Clock.fixed(Instant.parse(now), ZoneOffset.UTC);
    ListingFormat format =
        new ListingFormat(ListingTable.UTF_8, zone, clock, 1000, 1000, true, false, Optional.empty());
    byte[] line = ("-rw-r--r-- 1 alice users 120 " + listed + " name\r\n").getBytes(StandardCharsets.UTF_8);
    FtpEntry entry = ListingTable.entries(line, false, format, d -> {}).get(0);
    assertEquals("name", entry.name());
    return entry.modified();
  }
}
