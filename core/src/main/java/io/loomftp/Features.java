package io.loomftp;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The extensions that a server lists in reply to FEAT (RFC 2389). Names are compared without regard to case. Empty for a
 * server that does not support FEAT.
 */
public final class Features {
  /** No features. */
  public static final Features NONE = of(List.of());

  private final Map<String, List<String>> byName;

  private Features(Map<String, List<String>> byName) {
    this.byName = byName;
  }

  /**
   * Reads feature lines.
   *
   * @param lines a name and perhaps parameters each, such as {@code REST STREAM}; leading and trailing blanks are ignored
   */
  public static Features of(List<String> lines) {
    Map<String, List<String>> map = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line : lines) {
      String text = line.strip();
      if (text.isEmpty()) {
        continue;
      }
      int blank = text.indexOf(' ');
      String name = (blank < 0 ? text : text.substring(0, blank)).toUpperCase(Locale.ROOT);
      String parameters = blank < 0 ? "" : text.substring(blank + 1).strip();
      map.merge(name, List.of(parameters), Features::both);
    }
    return new Features(Collections.unmodifiableMap(map));
  }

  /** Whether the server lists the feature. */
  public boolean has(String name) {
    return byName.containsKey(name);
  }

  /** Whether the server lists the feature with exactly this parameter, such as {@code has("AUTH", "TLS")}. */
  public boolean has(String name, String parameter) {
    return byName.getOrDefault(name, List.of()).stream()
        .flatMap(p -> List.of(p.split("[ ;,]")).stream())
        .anyMatch(parameter::equalsIgnoreCase);
  }

  /** The parameters behind the feature's name, the empty string if none; several lines of one name are joined by a blank. */
  public Optional<String> parameters(String name) {
    return Optional.ofNullable(byName.get(name)).map(all -> String.join(" ", all));
  }

  /** The names, in upper case and in order. */
  public Set<String> names() {
    return byName.keySet();
  }

  @Override
  public String toString() {
    return byName.toString();
  }

  private static List<String> both(List<String> a, List<String> b) {
    return List.of(String.join(" ", a), String.join(" ", b));
  }
}
