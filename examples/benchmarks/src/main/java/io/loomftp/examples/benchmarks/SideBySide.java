package io.loomftp.examples.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures LoomFTP beside other clients in one run. Starts the servers by itself, runs all rows or those that were chosen,
 * prints what each took, and writes {@code RESULTS.md} and the charts where a folder is given.
 *
 * <p>The arguments are words such as {@code rows=get-,put- rounds=3 large=64m out=folder}: see {@link Settings}.
 */
public final class SideBySide {
  private final Settings settings;
  private final PrintStream out;
  private boolean failed;

  SideBySide(Settings settings, PrintStream out) {
    this.settings = settings;
    this.out = out;
  }

  /** Measures, prints and writes. */
  public static void main(String[] args) throws Exception {
    SideBySide program = new SideBySide(Settings.parse(args), new PrintStream(System.out, true, StandardCharsets.UTF_8));
    program.run();
    System.exit(program.failed ? 1 : 0); // servers in this JVM leave threads behind
  }

  /** All rows that the settings choose. */
  static List<Row> rows(Settings settings) {
    List<Row> rows = new ArrayList<>();
    for (ServerKind server : available(settings.servers())) {
      rows.addAll(BulkRows.of(server));
      rows.addAll(SmallRows.of(server));
      rows.addAll(ParallelRows.of(server, settings.sessions()));
      rows.addAll(FacadeRows.of(server, settings.noops()));
    }
    rows.addAll(ListingRows.all(settings.lines()));
    rows.addAll(SessionRows.all(settings.manySessions()));
    for (ServerKind server : available(settings.latencyServers())) {
      rows.addAll(LatencyRows.of(server, settings));
    }
    return rows.stream().filter(row -> settings.wants(row.key())).toList();
  }

  private static List<ServerKind> available(List<ServerKind> wanted) {
    return wanted.stream().map(ServerKind::available).distinct().toList();
  }

  /** The results, in the order of the rows; those of rows that failed are left out. */
  List<RowResult> run() throws Exception {
    List<String> machine = Machine.words(settings);
    machine.forEach(out::println);
    List<RowResult> results = new ArrayList<>();
    try (Fixture fixture = Fixture.create(settings)) {
      noteMissingServers(fixture);
      for (Row row : rows(settings)) {
        measure(row, fixture, results);
        write(machine, results, fixture.notes());
      }
    }
    return results;
  }

  private void measure(Row row, Fixture fixture, List<RowResult> results) throws Exception {
    try {
      RowResult result = new RowRun(row, fixture).run();
      results.add(result);
      out.println();
      out.print(Report.of(result));
    } catch (IllegalStateException e) { // the other rows are worth having
      failed = true;
      fixture.note("`" + row.key() + "` failed: " + e.getMessage() + ".");
      e.printStackTrace(out);
    } catch (Unavailable e) {
      fixture.note("`" + row.key() + "` was left out: " + e.getMessage() + ".");
      out.println(row.key() + " was left out: " + e.getMessage());
    }
  }

  private void noteMissingServers(Fixture fixture) {
    List<ServerKind> all = new ArrayList<>(settings.servers());
    all.addAll(settings.latencyServers());
    for (ServerKind wanted : all) {
      if (wanted.available() != wanted) {
        fixture.note(wanted.label() + " is not here (see `.ci/fetch-servers`); " + ServerKind.EMBEDDED.label()
            + " takes its place, and its processor time is counted with the clients'.");
      }
    }
  }

  /** After each row, so that a run that is stopped leaves what it has. */
  private void write(List<String> machine, List<RowResult> results, List<String> notes) throws IOException {
    if (settings.out().isPresent()) {
      Path folder = settings.out().get();
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("RESULTS.md"), Report.of(settings, machine, results, notes));
      Charts.write(results, folder.resolve("charts"));
    }
  }
}
