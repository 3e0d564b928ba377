package io.loomftp.internal.listing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpEntry;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** The dialect is detected from the lines alone, with any other lines around them. */
@Timeout(60)
class SniffingTest {
  private static final String JUNK =
      """
      Welcome to the archive, please read the rules
      === listing follows ===
      ls: warning: something odd
      Volume in drive C has no label.
      """;

  @TestFactory
  Stream<DynamicTest> unparseableFirstAndLastLinesChangeNothing() throws IOException {
    return ListingTable.readAll().stream()
        .filter(section -> !section.isMlsd())
        .map(section -> DynamicTest.dynamicTest(section.file() + ": " + section.server(), () -> {
          List<String> plain = entries(section.bytes());
          String listing = new String(section.bytes(), StandardCharsets.ISO_8859_1);
          byte[] around = (JUNK + listing + JUNK).getBytes(StandardCharsets.ISO_8859_1);
          List<String> all = ListingTable.outcome(around, false, ListingTable.FORMAT);
          assertEquals(String.join("\n", plain), String.join("\n", onlyEntries(all)));
          for (int junk = 1; junk <= 4; junk++) {
            assertTrue(all.contains("diagnostic of line " + junk), "line " + junk + " is lost: " + all);
          }
        }));
  }

  @TestFactory
  Stream<DynamicTest> lineFeedsAloneAndDoubledCarriageReturnsAreLineEnds() throws IOException {
    return ListingTable.readAll().stream()
        .map(section -> DynamicTest.dynamicTest(section.file() + ": " + section.server(), () -> {
          String expected = String.join("\n", ListingTable.outcome(section.bytes(), section.isMlsd(), ListingTable.FORMAT));
          String listing = new String(section.bytes(), StandardCharsets.ISO_8859_1);
          for (String end : List.of("\n", "\r\r\n")) {
            byte[] other = listing.replace("\r\n", end).getBytes(StandardCharsets.ISO_8859_1);
            assertEquals(expected, String.join("\n", ListingTable.outcome(other, section.isMlsd(), ListingTable.FORMAT)));
          }
        }));
  }

  @Test
  void aListingThatChangesItsDialectIsReadOn() throws Exception {
    List<String> all = list(
        """
        -rw-r--r-- 1 alice users 120 Nov 21 10:00 unix
        11-22-25  07:56PM                 1024 dos
        11-22-25  07:57PM                 1024 dos too
        -rw-r--r-- 1 alice users 120 Nov 21 10:00 unix again
        +r,s1,\teplf
        type=file;size=1; mlsd
        - [R----F--] rhesus             214059       Oct 20 15:27    netware
        CORE.DIR;1               1/9           8-SEP-1996 06:09:00  [ALICE]     (RWE,RWE,RE,RE)
        """);
    assertEquals(
        List.of("unix", "dos", "dos too", "unix again", "eplf", "mlsd", "netware", "CORE"), names(all));
  }

  @Test
  void aBareNameIsNoEntryOutsideALibraryOfMembers() throws Exception {
    List<String> all = list("-rw-r--r-- 1 alice users 120 Nov 21 10:00 unix\nREADME\n");
    assertEquals(List.of("unix"), names(all));
    assertTrue(all.contains("diagnostic of line 2"));
  }

  @Test
  void linesThatOnlyAHeadingExplainsAreReportedWithoutIt() throws Exception {
    assertEquals(List.of("diagnostic of line 1", "diagnostic of line 2"), list("ONE\nTWO\n"));
  }

  @Test
  void twentyLikelyLinesDecide() throws Exception {
    StringBuilder listing = new StringBuilder();
    for (int i = 1; i <= 30; i++) {
      listing.append("-rw-rw-rw-           0      120      120 Nov 21 10:00 file").append(i).append('\n');
    }
    List<String> all = list(listing.toString());
    assertEquals(30, all.size());
    assertTrue(all.get(29).contains("resource-size=0"), all.get(29));
  }

  @Test
  void countsThatHappenToAddUpDoNotMakeAUnixListingAMacintosh() throws Exception {
    List<String> all = list(
        """
        -rw-r--r--   1 0   1 Nov 21 10:00 a
        -rw-r--r--   1 0   77 Nov 21 10:00 b
        """);
    assertTrue(all.get(0).startsWith("FILE 1 ") && all.get(0).contains("owner=\"0\""), all.get(0));
  }

  @Test
  void entriesArriveWhileTheListingIsStillGoingOn() throws Exception {
    for (String line : List.of(
        "-rw-r--r-- 1 alice users 120 Nov 21 10:00 a\r\n",
        "11-22-25  07:56PM                 1024 a\r\n",
        "+r,s1,\ta\r\n",
        "- [R----F--] rhesus             214059       Oct 20 15:27    a\r\n",
        "PEP              3702 04/03/31 14:06:34 *STMF      a\r\n")) {
      try (PipedInputStream in = new PipedInputStream()) {
        EntryReader reader = EntryReader.list(in, ListingTable.FORMAT, d -> {});
        try (PipedOutputStream out = new PipedOutputStream(in)) {
          out.write(line.getBytes(StandardCharsets.UTF_8));
          out.flush();
          FtpEntry entry = Objects.requireNonNull(reader.next()); // would wait for ever if the line were held
          assertEquals("a", entry.name());
        }
        assertNull(reader.next());
      }
    }
  }

  @Test
  void anEmptyListingHasNoEntries() throws Exception {
    assertEquals(List.of(), list(""));
    assertEquals(List.of(), list("\r\n\r\n   \r\n"));
    assertEquals(List.of(), list("total 0\r\n"));
  }

  @Test
  void aLastLineWithoutItsEndIsALine() throws Exception {
    assertEquals(List.of("a", "b"), names(list("11-22-25  07:56PM    1 a\r\n11-22-25  07:56PM    1 b")));
  }

  private static List<String> list(String listing) throws IOException {
    return ListingTable.outcome(listing.getBytes(StandardCharsets.UTF_8), false, ListingTable.FORMAT);
  }

  private static List<String> entries(byte[] listing) throws IOException {
    return onlyEntries(ListingTable.outcome(listing, false, ListingTable.FORMAT));
  }

  private static List<String> onlyEntries(List<String> outcome) {
    return outcome.stream().filter(line -> !line.startsWith("diagnostic")).collect(Collectors.toCollection(ArrayList::new));
  }

  private static List<String> names(List<String> outcome) {
    return onlyEntries(outcome).stream().map(line -> line.split("\"", -1)[1]).toList();
  }
}
