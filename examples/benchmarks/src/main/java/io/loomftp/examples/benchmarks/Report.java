package io.loomftp.examples.benchmarks;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Writes results as Markdown. */
final class Report {
  private static final double MEBIBYTE = 1 << 20;

  private final StringBuilder text = new StringBuilder();

  private Report() {}

  /** The whole page. */
  static String of(Settings settings, List<String> machine, List<RowResult> results, List<String> notes) {
    Report report = new Report();
    report.head(settings, machine, notes);
    report.goals(results);
    Map<Row.Group, List<RowResult>> groups = new EnumMap<>(Row.Group.class);
    results.forEach(result -> groups.computeIfAbsent(result.row().group(), group -> new ArrayList<>()).add(result));
    groups.forEach(report::group);
    return report.text.toString();
  }

  /** The results of one row, as the program prints them while it runs. */
  static String of(RowResult result) {
    Report report = new Report();
    report.row(result);
    return report.text.toString();
  }

  private void head(Settings settings, List<String> machine, List<String> notes) {
    line("# Results");
    line("");
    line("Written by `SideBySide` (see [README](README.md)); do not edit.");
    line("");
    machine.forEach(words -> line("- " + words));
    line("");
    line(String.format(Locale.ROOT,
        "%d rounds after one that warms up; in each round the clients take turns, and each time another one begins. Medians,"
            + " with the lowest and the highest in brackets. Every byte of every result is compared with the original, outside the"
            + " measured time; of what goes to a sink, every byte in the round that warms up and the length in the others.",
        settings
            .rounds()));
    line("");
    line("CPU is the processor time of the client's process. *Peak* is the heap in use at its peak beyond what was in use before,"
        + " for other programs (marked ¹) the most memory seen resident. *Allocated* is all heap that was allocated. The ratios"
        + " say what the first client of a table takes of this one's time: below 1 the first is faster.");
    line("");
    line(String.format(Locale.ROOT,
        "The large file has %,d bytes, each small one %,d. The link with latency is a TUN device whose program holds each packet"
            + " for half the round trip before it hands it back to the kernel, so connecting and closing take their time too; its"
            + " bandwidth is not limited.", settings.largeBytes(), Data.SMALL_BYTES));
    notes.forEach(note -> {
      line("");
      line(note.replace('\n', ' '));
    });
  }

  private void goals(List<RowResult> results) {
    if (results.stream().allMatch(result -> result.row().goals().isEmpty())) {
      return;
    }
    line("");
    line("## Goals");
    line("");
    line("| Work | Beside | Wall | CPU | Goal | Reached |");
    line("| --- | --- | ---: | ---: | --- | --- |");
    for (RowResult result : results) {
      result.row().goals().forEach(goal -> goal(result, goal));
    }
  }

  private void goal(RowResult result, Goal goal) {
    Optional<ClientResult> client = result.client(goal.client());
    Optional<ClientResult> peer = result.client(goal.peer());
    String title = result.row().title() + (goal.client().equals(result.ours().client()) ? "" : ", " + goal.client());
    if (client.isEmpty() || peer.isEmpty()) {
      line(String.format(Locale.ROOT, "| %s | %s | | | %s | not measured |", title, goal.peer(), goal.words()));
      return;
    }
    double wall = client.get().wall().median() / peer.get().wall().median();
    double cpu = client.get().cpu().median() / peer.get().cpu().median();
    line(String.format(Locale.ROOT, "| %s | %s | %.2f | %.2f | %s | %s |", title, goal.peer(), wall, cpu, goal.words(),
        goal.isReached(wall, cpu) ? "yes" : "no"));
  }

  private void group(Row.Group group, List<RowResult> results) {
    line("");
    line("## " + group.title());
    if (Charts.isDrawn(results)) {
      line("");
      line("![" + group.title() + "](charts/" + Charts.file(group) + ")");
    }
    for (RowResult result : results) {
      line("");
      row(result);
    }
  }

  private void row(RowResult result) {
    line(String.format(Locale.ROOT, "**`%s`: %s**", result.row().key(), result.row().title()));
    line("");
    line("| Client | Wall, s | CPU, s | Peak, MiB | Allocated, MiB | Ratio of wall | Ratio of CPU |");
    line("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    Spread wall = result.ours().wall();
    Spread cpu = result.ours().cpu();
    for (ClientResult client : result.clients()) {
      line(String.format(Locale.ROOT, "| %s%s | %s | %s | %.1f | %s | %s | %s |",
          client.client(), client.external() ? " ¹" : "",
          seconds(client.wall()), seconds(client.cpu()),
          Spread.of(client.samples(), Sample::peak).median() / MEBIBYTE,
          client.external()
              ? ""
              : String.format(Locale.ROOT, "%.1f", Spread.of(client.samples(), Sample::allocated).median() / MEBIBYTE),
          ratio(wall.median(), client.wall().median()), ratio(cpu.median(), client.cpu().median())));
    }
    figures(result);
  }

  private void figures(RowResult result) {
    for (ClientResult client : result.clients()) {
      TreeSet<String> names = new TreeSet<>();
      client.samples().forEach(sample -> names.addAll(sample.figures().keySet()));
      if (!names.isEmpty()) {
        List<String> words =
            names.stream().map(name -> String.format(Locale.ROOT, "%,.0f %s", client.figure(name).median(), name)).toList();
        line("");
        line(client.client() + ": " + String.join(", ", words) + ".");
      }
    }
  }

  private static String seconds(Spread spread) {
    return String.format(Locale.ROOT, "%.3f (%.3f–%.3f)", spread.median(), spread.lowest(), spread.highest());
  }

  private static String ratio(double ours, double theirs) {
    return theirs == 0 ? "" : String.format(Locale.ROOT, "%.2f", ours / theirs);
  }

  private void line(String words) {
    text.append(words).append('\n');
  }
}
