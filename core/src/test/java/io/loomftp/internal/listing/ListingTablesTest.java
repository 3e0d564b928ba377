package io.loomftp.internal.listing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each listing of the tables gives exactly the entries and diagnostics that are written under its lines. */
class ListingTablesTest {
  @TestFactory
  Stream<DynamicTest> everyListingIsReadAsTheTableSays() throws IOException {
    return ListingTable.readAll().stream()
        .map(section -> DynamicTest.dynamicTest(section.file() + ": " + section.server(), () -> {
          List<String> got = ListingTable.outcome(section.bytes(), section.isMlsd(), ListingTable.FORMAT);
          assertEquals(String.join("\n", expected(section)), String.join("\n", got));
        }));
  }

  private static List<String> expected(ListingTable.Section section) {
    List<String> entries = new ArrayList<>();
    List<String> diagnostics = new ArrayList<>();
    int number = 0;
    for (ListingTable.Row row : section.rows()) {
      number++;
      switch (row.expected()) {
        case "nothing" -> {}
        case "diagnostic" -> diagnostics.add("diagnostic of line " + number);
        default -> entries.add(row.expected());
      }
    }
    entries.addAll(diagnostics);
    return entries;
  }

  @Test
  void theTablesHoldMoreThanFourHundredLines() throws IOException {
    int lines = ListingTable.readAll().stream().mapToInt(section -> section.rows().size()).sum();
    assertTrue(lines > 400, () -> lines + " lines");
  }

  @TestFactory
  Stream<DynamicTest> everyNameComesBackByteForByte() throws IOException {
    return ListingTable.readAll().stream()
        .map(section -> DynamicTest.dynamicTest(section.file() + ": " + section.server(), () -> {
          for (FtpEntry entry : ListingTable.entries(section.bytes(), section.isMlsd(), ListingTable.FORMAT, d -> {})) {
            assertArrayEquals(entry.rawName(), ListingTable.UTF_8.encode(entry.name()), entry::rawLine);
            assertEquals(entry, entry.toBuilder().build());
            assertEquals(entry.hashCode(), entry.toBuilder().build().hashCode());
          }
        }));
  }
}
