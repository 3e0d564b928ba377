package io.loomftp.examples.benchmarks;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a run of {@link SideBySide} does.
 *
 * @param rows prefixes of the keys of the rows to run; empty for all
 * @param rounds the rounds that count, after one that warms up
 * @param largeBytes the size of the large file
 * @param smallFiles the number of small files
 * @param sessions the sessions of pool and mirror
 * @param manySessions the sessions that are open at once in the last rows
 * @param noops the commands of the facade's row
 * @param lines the lines of a listing
 * @param latencyFiles the small files that are fetched over a link with latency
 * @param latencies round trips of the link, in milliseconds; 0 means the loopback interface as it is
 * @param servers the servers of the rows that do not name one
 * @param latencyServers the servers behind the link
 * @param out the folder of RESULTS.md and the charts; empty writes nothing
 */
record Settings(
    List<String> rows,
    int rounds,
    long largeBytes,
    int smallFiles,
    int sessions,
    int manySessions,
    int noops,
    int lines,
    int latencyFiles,
    List<Integer> latencies,
    List<ServerKind> servers,
    List<ServerKind> latencyServers,
    Optional<Path> out) {

  private static final Map<String, String> USUAL = Map.ofEntries(
      Map.entry("rows", ""),
      Map.entry("rounds", "5"),
      Map.entry("large", "1g"),
      Map.entry("small", "2000"),
      Map.entry("sessions", "8"),
      Map.entry("many", "10000"),
      Map.entry("noops", "5000"),
      Map.entry("lines", "300000"),
      Map.entry("latency.files", "400"),
      Map.entry("latencies", "20,100"),
      Map.entry("servers", "vsftpd"),
      Map.entry("latency.servers", "vsftpd,proftpd"),
      Map.entry("out", ""));

  /**
   * The usual settings, changed by words such as {@code rounds=3} or {@code large=64m}.
   *
   * @throws IllegalArgumentException for a word that means nothing
   */
  static Settings parse(String... arguments) {
    Map<String, String> words = new HashMap<>(USUAL);
    for (String word : String.join(" ", arguments).strip().split("\\s+", -1)) {
      int equals = word.indexOf('=');
      if (!word.isEmpty() && (equals < 0 || words.put(word.substring(0, equals), word.substring(equals + 1)) == null)) {
        throw new IllegalArgumentException("not a setting: '" + word + "'; the settings are " + USUAL.keySet());
      }
    }
    return new Settings(
        list(words, "rows"),
        number(words, "rounds"),
        bytes(words.getOrDefault("large", "")),
        number(words, "small"),
        number(words, "sessions"),
        number(words, "many"),
        number(words, "noops"),
        number(words, "lines"),
        number(words, "latency.files"),
        list(words, "latencies").stream().map(Integer::valueOf).toList(),
        kinds(words, "servers"),
        kinds(words, "latency.servers"),
        list(words, "out").stream().findFirst().map(Path::of));
  }

  /** Whether a row is to be run. */
  boolean wants(String key) {
    return rows.isEmpty() || rows.stream().anyMatch(key::startsWith);
  }

  private static int number(Map<String, String> words, String name) {
    return Integer.parseInt(words.getOrDefault(name, ""));
  }

  private static List<String> list(Map<String, String> words, String name) {
    return Arrays.stream(words.getOrDefault(name, "").split(",", -1)).filter(word -> !word.isEmpty()).toList();
  }

  private static List<ServerKind> kinds(Map<String, String> words, String name) {
    return list(words, name).stream().map(word -> ServerKind.valueOf(word.toUpperCase(Locale.ROOT))).toList();
  }

  /** {@code 300000}, {@code 64m} or {@code 1g}. */
  private static long bytes(String value) {
    String size = value.toLowerCase(Locale.ROOT);
    int shift = size.endsWith("k") ? 10 : size.endsWith("m") ? 20 : size.endsWith("g") ? 30 : 0;
    return Long.parseLong(shift == 0 ? size : size.substring(0, size.length() - 1)) << shift;
  }
}
