package io.loomftp.examples.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every row of the benchmarks runs, with little data against the embedded server, and every client's bytes are right. */
@Timeout(120)
class SideBySideTest {
  private static final Settings TINY =
      Settings.parse("rounds=1 large=300000 small=12 sessions=2 many=12 noops=20 lines=200 latency.files=12 latencies=0"
          + " servers=embedded latency.servers=embedded");

  private static Fixture fixture;

  @BeforeAll
  static void open() throws IOException {
    fixture = Fixture.create(TINY);
  }

  @AfterAll
  static void close() throws Exception {
    fixture.close();
  }

  static Stream<Row> rows() {
    return SideBySide.rows(TINY).stream();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void rowRuns(Row row) throws Exception {
    RowResult result = new RowRun(row, fixture).run();
    for (ClientResult client : result.clients()) {
      assertEquals(1, client.samples().size(), client.client());
      assertTrue(client.wall().median() > 0, client.client());
    }
    for (Goal goal : row.goals()) {
      assertTrue(result.client(goal.client()).isPresent(), goal.client());
      assertTrue(result.client(goal.peer()).isPresent() || fixture.isMissing(goal.peer()), goal.peer());
    }
    assertTrue(Report.of(result).contains(row.key()));
  }

  @Test
  void rowsHaveKeysOfTheirOwn() {
    Set<String> keys = new HashSet<>();
    rows().forEach(row -> assertTrue(keys.add(row.key()), row.key()));
  }

  @Test
  void resultsAndChartsAreWritten(@TempDir Path folder) throws Exception {
    Settings settings = Settings.parse("rows=listing rounds=2 lines=100 large=1 small=1 latency.files=1 servers=embedded"
        + " latency.servers=embedded out=" + folder);
    PrintStream nothing = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    assertEquals(2, new SideBySide(settings, nothing).run().size());
    String text = Files.readString(folder.resolve("RESULTS.md"));
    assertTrue(text.contains("listing-unix") && text.contains("Commons Net"), text);
    assertEquals("PNG", new String(Files.readAllBytes(folder.resolve("charts/listing.png")), 1, 3, StandardCharsets.US_ASCII));
  }

  @Test
  void wrongByteIsFound(@TempDir Path folder) throws IOException {
    Path original = Files.write(folder.resolve("original"), new byte[] {1, 2, 3});
    CheckedSink sink = new CheckedSink(original);
    sink.begin(true);
    assertThrows(IOException.class, () -> sink.write(new byte[] {1, 2, 4}));
    sink.begin(false);
    sink.write(new byte[] {1, 2});
    assertThrows(IOException.class, sink::verify);
    Path copy = Files.write(folder.resolve("copy"), new byte[] {1, 9, 3});
    assertThrows(IOException.class, () -> LocalCopies.verify(copy, original));
  }

  @Test
  void unknownSettingIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Settings.parse("round=3"));
    assertThrows(IllegalArgumentException.class, () -> Settings.parse("rounds"));
    assertEquals(64L << 20, Settings.parse("large=64m").largeBytes());
  }

  @Test
  void goalIsReachedByTheRatioThatIsShown() {
    Goal goal = Goal.both("one", "other", 0.9, 0.8);
    assertTrue(goal.isReached(0.904, 0.8));
    assertEquals(false, goal.isReached(0.906, 0.8));
    assertEquals(false, goal.isReached(0.9, 0.81));
  }

  @Test
  void spreadHasMedianLowestAndHighest() {
    assertEquals(new Spread(3, 1, 9), Spread.of(List.of(9.0, 1.0, 3.0), Double::doubleValue));
  }
}
