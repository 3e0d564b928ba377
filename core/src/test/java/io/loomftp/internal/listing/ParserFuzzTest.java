package io.loomftp.internal.listing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpEntry;
import io.loomftp.internal.text.NameCodec;
import java.io.ByteArrayOutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * No line can make a parser throw or think for long: lines of the tables, mutated. {@code -Dloomftp.fuzz=1000000} sets how
 * many for each parser.
 */
@Timeout(3600)
class ParserFuzzTest {
  private static final int LINES = Integer.getInteger("loomftp.fuzz", 40_000);
  private static final long MEAN_AT_MOST = 1_000_000; // ns
  private static final long WORST_AT_MOST = 10_000_000;
  private static final String[] CHUNKS = {
      " ", "  ", "\t", "-", ";", "=", "/", ",", ":", ".", "..", "0", "9", "99999999999999999999", " -> ",
      "<DIR>", "drwxrwxrwx", "Nov 22 19:56", "2025-11-22", "*DIR", "[", "]", "(", ")", "%", "+", "'", "\u0000",
      "\r", "\u00e4", "\u6708", "type=dir;", "Jan"
  };

  @TestFactory
  Stream<DynamicTest> noMutatedLineBreaksAParser() throws Exception {
    List<byte[]> seeds = seeds();
    return ParserChooser.ALL.stream()
        .map(parser -> DynamicTest.dynamicTest(parser.getClass().getSimpleName(), () -> fuzz(parser, seeds)));
  }

  private static List<byte[]> seeds() throws Exception {
    List<byte[]> seeds = new ArrayList<>();
    for (ListingTable.Section section : ListingTable.readAll()) {
      section.rows().forEach(row -> seeds.add(row.line()));
    }
    return seeds;
  }

  private static void fuzz(LineParser parser, List<byte[]> seeds) {
    Random random = new Random(parser.getClass().getSimpleName().hashCode());
    EntryBuilder draft = new EntryBuilder(new LocalTimes(ListingTable.CLOCK, ZoneId.of("Europe/Berlin")));
    List<byte[]> own = seeds.stream().filter(line -> verdict(parser, draft, line) != LineMatch.FOREIGN).toList();
    NameCodec[] codecs = {ListingTable.UTF_8, new NameCodec(Charset.forName("Shift_JIS"))};
    long total = 0;
    long worst = 0;
    int entries = 0;
    for (int i = 0; i < LINES; i++) {
      List<byte[]> from = random.nextInt(10) < 8 ? own : seeds;
      byte[] line = mutate(from.get(random.nextInt(from.size())), seeds, random);
      NameCodec names = codecs[i & 1];
      long took = Long.MAX_VALUE;
      for (int run = 0; run < 5 && took > MEAN_AT_MOST; run++) { // a pause of the machine is not the parser's
        long start = CpuTime.now();
        boolean entry = readAll(parser, draft, line, names);
        took = Math.min(took, CpuTime.now() - start);
        entries += entry && run == 0 ? 1 : 0;
      }
      total += took;
      if (took > worst) {
        worst = took;
        byte[] slow = line;
        assertTrue(took < WORST_AT_MOST, () -> "too slow: " + show(slow));
      }
    }
    System.out.printf(Locale.ROOT, "%s: %,d lines, %,d entries, mean %.2f us, worst %.2f ms%n",
        parser.getClass().getSimpleName(), LINES, entries, total / 1e3 / LINES, worst / 1e6);
    assertTrue(total / LINES < MEAN_AT_MOST);
    assertTrue(entries > LINES / 20, "too few entries for a fair trial: " + entries);
  }

  private static LineMatch verdict(LineParser parser, EntryBuilder draft, byte[] line) {
    draft.start(line);
    return parser.read(draft);
  }

  private static boolean readAll(LineParser parser, EntryBuilder draft, byte[] line, NameCodec names) {
    try {
      LineMatch verdict = verdict(parser, draft, line);
      if (verdict != LineMatch.WITHIN && !verdict.isEntry()) {
        return false;
      }
      FtpEntry entry = LineDetails.entry(draft, parser, names);
      assertTrue(!entry.name().isEmpty());
      assertArrayEquals(entry.rawName(), names.encode(entry.name()));
      assertTrue(entry.equals(entry.toBuilder().build()) && !entry.toString().isEmpty());
      entry.mode();
      return true;
    } catch (RuntimeException | CharacterCodingException e) {
      throw new AssertionError(show(line), e);
    }
  }

  private static String show(byte[] line) {
    return new String(line, StandardCharsets.ISO_8859_1);
  }

  /** A line with one to four changes. */
  static byte[] mutate(byte[] seed, List<byte[]> seeds, Random random) {
    byte[] line = seed;
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      int at = line.length == 0 ? 0 : random.nextInt(line.length + 1);
      int end = Math.min(line.length, at + random.nextInt(12));
      line = switch (random.nextInt(9)) {
        case 0 -> join(line, at, new byte[] {(byte) random.nextInt(256)}, Math.min(line.length, at + 1));
        case 1 -> join(line, at, new byte[] {(byte) random.nextInt(256)}, at);
        case 2 -> join(line, at, new byte[0], end);
        case 3 -> join(line, at, Arrays.copyOfRange(line, at, end), at);
        case 4 -> Arrays.copyOf(line, at);
        case 5 -> Arrays.copyOfRange(line, at, line.length);
        case 6 -> join(line, at, CHUNKS[random.nextInt(CHUNKS.length)].getBytes(StandardCharsets.UTF_8), end);
        case 7 -> {
          byte[] other = seeds.get(random.nextInt(seeds.size()));
          int start = random.nextInt(other.length + 1);
          yield join(line, at, Arrays.copyOfRange(other, start, other.length), line.length);
        }
        default -> {
          byte[] chunk = CHUNKS[random.nextInt(CHUNKS.length)].getBytes(StandardCharsets.UTF_8);
          ByteArrayOutputStream many = new ByteArrayOutputStream();
          for (int i = random.nextInt(200) == 0 ? 2000 : random.nextInt(20); i > 0; i--) {
            many.writeBytes(chunk);
          }
          yield join(line, at, many.toByteArray(), at);
        }
      };
    }
    return line;
  }

  private static byte[] join(byte[] line, int to, byte[] middle, int from) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream(line.length + middle.length);
    joined.write(line, 0, to);
    joined.writeBytes(middle);
    joined.write(line, from, line.length - from);
    return joined.toByteArray();
  }

  @TestFactory
  Stream<DynamicTest> noMutatedListingBreaksTheReader() throws Exception {
    List<byte[]> seeds = seeds();
    return Stream.of(false, true).map(mlsd -> DynamicTest.dynamicTest(mlsd ? "mlsd" : "list", () -> {
      Random random = new Random(mlsd ? 1 : 2);
      ListingFormat format =
          new ListingFormat(ListingTable.UTF_8, ZoneId.of("Europe/Berlin"), ListingTable.CLOCK, 2000, 1 << 20, false, true,
              Optional.empty());
      for (int listings = LINES / 100; listings > 0; listings--) {
        ByteArrayOutputStream listing = new ByteArrayOutputStream();
        int lines = 1 + random.nextInt(60);
        int near = random.nextInt(seeds.size());
        for (int i = 0; i < lines; i++) {
          byte[] seed = seeds.get((near + random.nextInt(8)) % seeds.size());
          listing.writeBytes(random.nextInt(3) == 0 ? mutate(seed, seeds, random) : seed);
          listing.write('\n');
        }
        byte[] bytes = listing.toByteArray();
        List<Long> diagnostics = new ArrayList<>();
        int entries = ListingTable.entries(bytes, mlsd, format, d -> diagnostics.add(d.lineNumber())).size();
        assertTrue(entries + diagnostics.size() <= lines + 200); // a mutation may bring line ends of its own
      }
    }));
  }
}
