package io.loomftp.internal.listing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.EntryType;
import io.loomftp.FtpConfig;
import io.loomftp.FtpEntry;
import io.loomftp.Limits;
import io.loomftp.ListingDiagnostic;
import io.loomftp.internal.text.NameCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.io.input.BrokenInputStream;
import org.junit.jupiter.api.Test;

/** The bounds of listings, omitted entries, and custom parsers. */
class EntryReaderTest {
  private static final String UNIX = "-rw-r--r-- 1 alice users 120 Nov 21 10:00 ";

  @Test
  void aLineThatIsTooLongIsCutAndReportedAndTheRestIsRead() throws Exception {
    ListingFormat format = ListingFormat.of(config().limits(Limits.defaults().withListingLine(100)).build());
    for (int length : new int[] {101, 102, 20_000, 100_000}) {
      List<ListingDiagnostic> diagnostics = new ArrayList<>();
      String listing = UNIX + "a\r\n" + UNIX + "x".repeat(length - UNIX.length()) + "\r\n" + UNIX + "b\r\n";
      List<FtpEntry> entries = ListingTable.entries(bytes(listing), false, format, diagnostics::add);
      assertEquals(List.of("a", "b"), entries.stream().map(FtpEntry::name).toList());
      assertEquals(1, diagnostics.size());
      assertEquals(2, diagnostics.get(0).lineNumber());
      assertEquals(100, diagnostics.get(0).line().length());
      assertEquals("longer than 100 bytes", diagnostics.get(0).reason());
    }
  }

  @Test
  void aLineOfExactlyTheLimitIsRead() throws Exception {
    ListingFormat format = ListingFormat.of(config().limits(Limits.defaults().withListingLine(100)).build());
    String name = "x".repeat(100 - UNIX.length());
    assertEquals(name, ListingTable.entries(bytes(UNIX + name + "\r\n"), false, format, d -> {}).get(0).name());
    assertEquals(name, ListingTable.entries(bytes(UNIX + name), false, format, d -> {}).get(0).name());
  }

  @Test
  void linesLongerThanTheBufferAreReadIfAllowed() throws Exception {
    ListingFormat format = ListingFormat.of(config().limits(Limits.defaults().withListingLine(1 << 20)).build());
    String name = "n".repeat(200_000);
    List<FtpEntry> entries =
        ListingTable.entries(bytes(UNIX + name + "\r\n" + UNIX + "b\r\n"), false, format, d -> {});
    assertEquals(List.of(name, "b"), entries.stream().map(FtpEntry::name).toList());
  }

  @Test
  void anEndlessLineTakesNoMoreMemoryThanTheLimit() throws Exception {
    List<ListingDiagnostic> diagnostics = new ArrayList<>();
    InputStream endless = new Repeating("x", 200L << 20);
    EntryReader reader = EntryReader.list(endless, ListingTable.FORMAT, diagnostics::add);
    assertEquals(null, reader.next());
    assertEquals(8 << 10, diagnostics.get(0).line().length());
  }

  @Test
  void aListingWithMoreLinesThanAllowedIsGivenUp() throws Exception {
    ListingFormat format = ListingFormat.of(config().limits(Limits.defaults().withListingEntries(1000)).build());
    EntryReader reader = EntryReader.list(new Repeating(UNIX + "a\r\n", Long.MAX_VALUE), format, d -> {});
    for (int i = 0; i < 1000; i++) {
      assertEquals("a", Objects.requireNonNull(reader.next()).name());
    }
    assertThrows(ListingLimitException.class, reader::next);
  }

  @Test
  void linesThatAreNoEntriesCountTowardsTheLimitToo() {
    ListingFormat format = ListingFormat.of(config().limits(Limits.defaults().withListingEntries(1000)).build());
    List<ListingDiagnostic> diagnostics = new ArrayList<>();
    EntryReader reader = EntryReader.list(new Repeating("what is this\r\n", Long.MAX_VALUE), format, diagnostics::add);
    assertThrows(ListingLimitException.class, reader::next);
    assertEquals(1000, diagnostics.size());
  }

  @Test
  void linesHeldForTheVoteAreBounded() {
    ListingFormat format = ListingFormat.of(config().limits(Limits.defaults().withListingEntries(100_000)).build());
    List<Long> diagnostics = new ArrayList<>();
    EntryReader reader =
        EntryReader.list(new Repeating("MEMBER\r\n", Long.MAX_VALUE), format, d -> diagnostics.add(d.lineNumber()));
    assertThrows(ListingLimitException.class, reader::next);
    assertTrue(diagnostics.size() > 99_970, () -> diagnostics.size() + " of 100,000 lines were reported");
  }

  @Test
  void theFolderItselfAndTheOneAboveAreLeftOutUnlessAskedFor() throws Exception {
    String list = "drwxr-xr-x 1 a b 0 Nov 21 10:00 .\r\ndrwxr-xr-x 1 a b 0 Nov 21 10:00 ..\r\n" + UNIX + "a\r\n";
    String mlsd = "type=cdir; /pub\r\ntype=pdir; /\r\ntype=file; a\r\n";
    ListingFormat without = ListingFormat.of(config().build());
    ListingFormat with = ListingFormat.of(config().listDots(true).build());
    assertEquals(1, ListingTable.entries(bytes(list), false, without, d -> {}).size());
    assertEquals(1, ListingTable.entries(bytes(mlsd), true, without, d -> {}).size());
    assertEquals(3, ListingTable.entries(bytes(list), false, with, d -> {}).size());
    assertEquals(
        List.of(EntryType.CURRENT_DIRECTORY, EntryType.PARENT_DIRECTORY, EntryType.FILE),
        ListingTable.entries(bytes(mlsd), true, with, d -> {}).stream().map(FtpEntry::type).toList());
  }

  @Test
  void onlyTheNewestVersionIsDeliveredIfAskedFor() throws Exception {
    String listing =
        """
        Directory DKA0:[ALICE]

        A.TXT;3      1/3  22-NOV-2025 12:00
        A.TXT;12     1/3  22-NOV-2025 12:00
        A.TXT;1      1/3  22-NOV-2025 12:00
        AA.TXT;7     1/3  22-NOV-2025 12:00
        SUB.DIR;1    1/3  22-NOV-2025 12:00
        Z.TXT;1      1/3  22-NOV-2025 12:00
        Z.TXT;2      1/3  22-NOV-2025 12:00

        Total of 7 files.
        """;
    ListingFormat newest = ListingFormat.of(config().newestVersions(true).build());
    assertEquals(List.of("A.TXT;12", "AA.TXT;7", "SUB", "Z.TXT;2"), names(listing, newest));
    assertEquals(7, names(listing, ListingFormat.of(config().build())).size());
    String unix = UNIX + "a;1\r\n" + UNIX + "a;2\r\n";
    assertEquals(List.of("a;1", "a;2"), names(unix, newest));
  }

  @Test
  void aFactThatIsCalledVersionIsNotAlwaysANumber() throws Exception {
    String mlsd = "type=file;version=abc; a;abc\r\ntype=file;version=; a;\r\ntype=file;version=x; a;99999999999\r\n";
    ListingFormat newest = ListingFormat.of(config().newestVersions(true).build());
    assertEquals(3, ListingTable.entries(bytes(mlsd), true, newest, d -> {}).size());
  }

  @Test
  void aLineOfCarriageReturnsOnlyIsNotLostInSilence() throws Exception {
    List<ListingDiagnostic> diagnostics = new ArrayList<>();
    String listing = "\r".repeat(40_000) + UNIX + "a\r\n" + UNIX + "b\r\n";
    List<FtpEntry> entries = ListingTable.entries(bytes(listing), false, ListingTable.FORMAT, diagnostics::add);
    assertEquals(List.of("b"), entries.stream().map(FtpEntry::name).toList());
    assertEquals(1, diagnostics.size());
  }

  @Test
  void theCallersParserIsAskedFirstAndTheOthersAfterIt() throws Exception {
    ListingFormat format = ListingFormat.of(config()
        .entryParser(line -> line.startsWith("#")
            ? Optional.of(FtpEntry.builder(line.substring(1)).type(EntryType.FILE).size(7).build())
            : Optional.empty())
        .build());
    byte[] listing = concat(bytes("#own \r\n" + UNIX + "unix\r\n#"), new byte[] {(byte) 0xE4}, bytes("\r\n"));
    List<FtpEntry> entries = ListingTable.entries(listing, false, format, d -> {});
    assertEquals(List.of("own ", "unix", "\uDCE4"), entries.stream().map(FtpEntry::name).toList());
    assertEquals("#own ", entries.get(0).rawLine());
    assertEquals(1, entries.get(2).rawName().length);
    assertEquals((byte) 0xE4, entries.get(2).rawName()[0]);
    assertEquals("ä", entries.get(2).displayName(StandardCharsets.ISO_8859_1));
  }

  @Test
  void aCallersParserThatFailsDoesNotLoseTheRest() throws Exception {
    ListingFormat format = ListingFormat.of(config()
        .entryParser(line -> {
          throw new IllegalStateException("no such luck");
        })
        .build());
    List<ListingDiagnostic> diagnostics = new ArrayList<>();
    List<FtpEntry> entries = ListingTable.entries(bytes(UNIX + "a\r\nother\r\n"), false, format, diagnostics::add);
    assertEquals("a", entries.get(0).name());
    assertTrue(diagnostics.get(0).reason().contains("no such luck"), diagnostics::toString);
    assertEquals("other", diagnostics.get(diagnostics.size() - 1).line());
  }

  @Test
  void namesAreSplitAsBytesAndDecodedAfter() throws Exception {
    Charset shiftJis = Charset.forName("Shift_JIS");
    ListingFormat format = ListingTable.FORMAT.withNames(new NameCodec(shiftJis));
    String name = "表示…ソ能 -> 十"; // has bytes 0x5C, 0x85 and others that mean something elsewhere
    byte[] listing = concat(bytes(UNIX), name.getBytes(shiftJis), bytes("\r\n" + UNIX + "b\r\n"));
    List<FtpEntry> entries = ListingTable.entries(listing, false, format, d -> {});
    assertEquals(List.of(name, "b"), entries.stream().map(FtpEntry::name).toList());
  }

  @Test
  void aNameInAnotherCharsetIsShownInTheFallback() throws Exception {
    byte[] listing = concat(bytes(UNIX), "Gr\u00fc\u00dfe".getBytes(StandardCharsets.ISO_8859_1), bytes("\r\n"));
    FtpEntry entry = ListingTable.entries(listing, false, ListingTable.FORMAT, d -> {}).get(0);
    assertEquals("Gr\uDCFC\uDCDFe", entry.name());
    assertEquals("Grüße", entry.displayName(StandardCharsets.ISO_8859_1));
    assertFalse(entry.toString().contains("\uDCFC"));
    assertTrue(entry.toString().contains("Gr\\uDCFC\\uDCDFe"), entry::toString);
  }

  @Test
  void theTextOfAnEntryIsSafeForLogs() throws Exception {
    byte[] listing = bytes(UNIX + "a\rb\u001b[2J\u202egpj\r\n");
    FtpEntry entry = ListingTable.entries(listing, false, ListingTable.FORMAT, d -> {}).get(0);
    assertEquals("a\rb\u001b[2J\u202egpj", entry.name());
    assertTrue(entry.toString().chars().noneMatch(c -> c < ' ' || c == 0x202e), entry::toString);
    assertTrue(new ListingDiagnostic(3, "a\u001b\n", "odd").toString().equals("line 3: odd: a\\u001B\\u000A"));
  }

  @Test
  void entriesBuiltByHandAreEqualToListedOnes() throws Exception {
    FtpEntry listed = ListingTable.entries(bytes("type=file;size=7; a\r\n"), true, ListingTable.FORMAT, d -> {}).get(0);
    FtpEntry built = FtpEntry.builder("a").type(EntryType.FILE).size(7).fact("Type", "file").fact("SIZE", "7").build();
    assertEquals(built, listed);
    assertEquals(built.hashCode(), listed.hashCode());
    assertNotEquals(built, FtpEntry.builder("a").type(EntryType.FILE).size(7).build());
    assertEquals(Map.of("type", "file", "size", "7"), listed.facts());
    assertEquals(Optional.of("7"), listed.fact("Size"));
    assertEquals("type=file;size=7; a", listed.rawLine());
    assertThrows(IllegalArgumentException.class, () -> FtpEntry.builder("a").size(-1));
  }

  @Test
  void anErrorOfTheConnectionIsNotTheEndOfTheListing() {
    InputStream reset = new SequenceInputStream(
        new ByteArrayInputStream(bytes(UNIX)), new BrokenInputStream(() -> new IOException("reset")));
    EntryReader reader = EntryReader.list(reset, ListingTable.FORMAT, d -> {});
    assertThrows(IOException.class, reader::next);
  }

  @Test
  void theLineOfAnMlstReplyIsAnEntry() {
    FtpEntry entry = MlsdParser.mlst(" type=file;size=7;modify=20251122195614; /pub/a b", ListingTable.UTF_8).orElseThrow();
    assertEquals("/pub/a b", entry.name());
    assertEquals(7, entry.size().orElseThrow());
    assertEquals(" b", MlsdParser.mlst("type=file;  b", ListingTable.UTF_8).orElseThrow().name());
    assertEquals("\uDCE4", MlsdParser.mlst(" type=file; \uDCE4", ListingTable.UTF_8).orElseThrow().name());
    assertTrue(MlsdParser.mlst("End", ListingTable.UTF_8).isEmpty());
    assertTrue(MlsdParser.mlst("", ListingTable.UTF_8).isEmpty());
    assertTrue(MlsdParser.mlst(" ", ListingTable.UTF_8).isEmpty());
  }

  private static FtpConfig.Builder config() {
    return FtpConfig.builder("ftp.example.org").clock(ListingTable.CLOCK);
  }

  private static List<String> names(String listing, ListingFormat format) throws IOException {
    return ListingTable.entries(bytes(listing), false, format, d -> {}).stream().map(FtpEntry::name).toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** A text again and again, so many bytes of it. */
  private static final class Repeating extends InputStream {
    private final byte[] text;
    private long left;
    private int at;

    Repeating(String text, long bytes) {
      this.text = bytes(text);
      left = bytes;
    }

    @Override
    public int read() {
      if (left-- <= 0) {
        return -1;
      }
      int b = text[at] & 0xFF;
      at = (at + 1) % text.length;
      return b;
    }

    @Override
    public int read(byte[] b, int off, int len) {
      if (left <= 0) {
        return -1;
      }
      int count = (int) Math.min(left, len);
      for (int i = 0; i < count; i++) {
        b[off + i] = text[at];
        at = at + 1 == text.length ? 0 : at + 1;
      }
      left -= count;
      return count;
    }
  }
}
