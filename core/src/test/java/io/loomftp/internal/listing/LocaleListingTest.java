package io.loomftp.internal.listing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpEntry;
import io.loomftp.ModifiedTime.Precision;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What {@code ls -l} prints under each locale of glibc is read: name, size and time of every file. */
class LocaleListingTest {
  private static final int FILES = 18;

  /** Its June is the English Jan, which is not held back until more lines tell. */
  private static final String SESOTHO = "st_ZA";

  @TestFactory
  Stream<DynamicTest> everyFileOfEveryLocaleIsReadWithItsTime() throws IOException {
    return captured().entrySet().stream()
        .map(locale -> DynamicTest.dynamicTest(locale.getKey(), () -> {
          List<String> expected = locale.getValue().stream().skip(1).map(LocaleListingTest::expected).toList();
          assertEquals(FILES, expected.size());
          List<String> got = read(locale.getValue());
          if (locale.getKey().equals(SESOTHO)) {
            assertTrue(got.get(0).startsWith("new-06.txt 206 "), got::toString);
            assertEquals(String.join("\n", expected.subList(1, FILES)), String.join("\n", got.subList(1, FILES)));
          } else {
            assertEquals(String.join("\n", expected), String.join("\n", got));
          }
        }));
  }

  /** What tells about a line may stand before it or behind it. */
  @TestFactory
  Stream<DynamicTest> theOrderOfTheLinesDoesNotMatter() throws IOException {
    return captured().entrySet().stream()
        .filter(locale -> !locale.getKey().equals(SESOTHO))
        .map(locale -> DynamicTest.dynamicTest(locale.getKey(), () -> {
          List<String> lines = new ArrayList<>(locale.getValue().subList(1, FILES + 1));
          for (int seed = 0; seed < 5; seed++) {
            Collections.shuffle(lines, new Random(seed));
            List<String> expected = lines.stream().map(LocaleListingTest::expected).toList();
            assertEquals(String.join("\n", expected), String.join("\n", read(lines)));
          }
        }));
  }

  /** One line alone may not tell its month: then it has no time, but never a wrong one. */
  @TestFactory
  Stream<DynamicTest> oneLineAloneIsReadRightOrWithoutItsTime() throws IOException {
    return captured().entrySet().stream()
        .map(locale -> DynamicTest.dynamicTest(locale.getKey(), () -> {
          for (String line : locale.getValue().subList(1, FILES + 1)) {
            String expected = expected(line);
            String got = String.join("\n", read(List.of(line)));
            String timeless = expected.substring(0, expected.lastIndexOf(' ')) + " -";
            assertTrue(got.equals(expected) || got.equals(timeless) || isRareMeaning(locale.getKey()), () -> line + " gave "
                + got);
          }
        }));
  }

  /** Languages one of whose months is the word for another month in a language that servers are likelier to speak. */
  private static boolean isRareMeaning(String locales) {
    return Stream.of("agr_PE", "bi_VU", "csb_PL", "ht_HT", "lg_UG", "mfe_MU", "sgs_LT", "st_ZA", "ts_ZA", "xh_ZA")
        .anyMatch(locales::startsWith);
  }

  @Test
  void theWordForTheTotalIsNeverReportedAndNeverAName() throws IOException {
    for (Map.Entry<String, List<String>> locale : captured().entrySet()) {
      assertEquals(List.of(), read(List.of(locale.getValue().get(0))), locale::getKey);
    }
  }

  private static Map<String, List<String>> captured() throws IOException {
    Map<String, List<String>> listings = new LinkedHashMap<>();
    try (InputStream in = LocaleListingTest.class.getResourceAsStream("/listing/locales.txt")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      for (String listing : text.split("\n## ", -1)) {
        List<String> lines = Arrays.asList(listing.stripTrailing().split("\n", -1));
        if (!listing.startsWith("#")) {
          listings.put(lines.get(0), lines.subList(1, lines.size()));
        }
      }
    }
    assertTrue(listings.size() > 190, () -> listings.size() + " listings");
    return listings;
  }

  private static String expected(String line) {
    String name = line.substring(line.length() - "new-06.txt".length());
    int month = Integer.parseInt(name.substring(4, 6));
    if (name.startsWith("old")) {
      return name + " " + (100 + month) + " " + LocalDate.of(2024, month, month % 2 == 0 ? 10 + month : 2);
    }
    return name + " " + (200 + month) + " " + LocalDateTime.of(2026, month, month % 2 == 0 ? 16 : 5, 7, 8);
  }

  private static List<String> read(List<String> lines) throws IOException {
    byte[] listing = (String.join("\r\n", lines) + "\r\n").getBytes(StandardCharsets.UTF_8);
    List<String> read = new ArrayList<>();
    for (FtpEntry entry : ListingTable.entries(listing, false, ListingTable.FORMAT, d -> read.add(d.toString()))) {
      String time = entry.modified()
          .map(modified -> LocalDateTime.ofInstant(modified.instant(), ZoneOffset.UTC))
          .map(at -> (entry.modified().orElseThrow().precision() == Precision.DAY ? at.toLocalDate() : at).toString())
          .orElse("-");
      read.add(entry.name() + " " + entry.size().orElse(-1) + " " + time);
    }
    return read;
  }
}
