package io.loomftp.examples.benchmarks;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler;

/**
 * Draws a bar chart for each group of rows: the wall time of clients in multiples of the first one's. Of clients whose names
 * begin alike, such as one with two sizes of its buffer, the first is drawn; the tables have all.
 */
final class Charts {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 420;
  private static final int TILT = 20;

  private Charts() {}

  /** Writes the charts into a folder. */
  static void write(List<RowResult> results, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Row.Group group : Row.Group.values()) {
      List<RowResult> rows = results.stream().filter(result -> result.row().group() == group).toList();
      if (isDrawn(rows)) {
        ImageIO.write(BitmapEncoder.getBufferedImage(chart(group, rows)), "png", folder.resolve(file(group)).toFile());
      }
    }
  }

  /** The name of a group's chart. */
  static String file(Row.Group group) {
    return group.name().toLowerCase(Locale.ROOT) + ".png";
  }

  /** Whether these rows of a group make a chart: only where there is something to compare. */
  static boolean isDrawn(List<RowResult> rows) {
    return rows.stream().anyMatch(row -> row.clients().size() > 1);
  }

  private static CategoryChart chart(Row.Group group, List<RowResult> rows) {
    CategoryChart chart = new CategoryChartBuilder()
        .width(WIDTH)
        .height(HEIGHT)
        .title(group.title() + ": wall time, in multiples of the first client's")
        .build();
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setXAxisLabelRotation(TILT);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
    chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
    chart.getStyler().setLabelsVisible(true);
    chart.getStyler().setChartTitleBoxVisible(false);
    chart.getStyler().setPlotGridVerticalLinesVisible(false);
    chart.getStyler().setYAxisMin(0.0);
    List<String> keys = rows.stream().map(result -> label(result, rows)).toList();
    for (String family : families(rows)) {
      List<@Nullable Double> ratios = new ArrayList<>();
      for (RowResult row : rows) {
        double ours = row.ours().wall().median();
        ratios.add(
            row.clients().stream()
                .filter(client -> family(client).equals(family))
                .findFirst()
                .map(client -> rounded(client.wall().median() / ours))
                .orElse(null)); // no bar
      }
      chart.addSeries(family, keys, ratios);
    }
    return chart;
  }

  /** The key without that of the group, and the server where several rows have the same key. */
  private static String label(RowResult result, List<RowResult> rows) {
    String key = result.row().key();
    String shortKey = key.substring(key.indexOf('-') + 1);
    boolean unique = rows.stream().filter(row -> row.row().key().equals(key)).count() == 1;
    String title = result.row().title();
    return unique ? shortKey : shortKey + title.substring(title.lastIndexOf(" ("));
  }

  private static Set<String> families(List<RowResult> rows) {
    Set<String> names = new LinkedHashSet<>();
    rows.forEach(row -> row.clients().forEach(client -> names.add(family(client))));
    return names;
  }

  /** The name up to the first comma. */
  private static String family(ClientResult client) {
    return client.client().split(",", 2)[0];
  }

  private static double rounded(double ratio) {
    return Math.round(ratio * 100) / 100.0;
  }
}
