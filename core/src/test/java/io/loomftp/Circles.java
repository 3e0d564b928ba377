package io.loomftp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the files of one package that need each other in a circle, from their imports and the type names in them. */
final class Circles {
  /** Comments, and what is between quotes. */
  private static final Pattern NO_CODE =
      Pattern.compile("/\\*.*?\\*/|//[^\\n]*|\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"", Pattern.DOTALL);

  private static final Pattern WORD = Pattern.compile("\\b[A-Z]\\w*");

  private Circles() {}

  /** The files of each package, each with the other files of that package that it needs. */
  private static Map<String, Map<String, Set<String>>> packages(Path sources) throws IOException {
    Map<String, Map<String, Set<String>>> packages = new TreeMap<>();
    try (Stream<Path> files = Files.walk(sources)) {
      Map<Path, List<Path>> byFolder =
          files
              .filter(f -> f.toString().endsWith(".java") && !f.getFileName().toString().contains("-info"))
              .collect(Collectors.groupingBy(Path::getParent));
      for (Map.Entry<Path, List<Path>> folder : byFolder.entrySet()) {
        String name = sources.relativize(folder.getKey()).toString().replace('/', '.').replace('\\', '.');
        Set<String> types = folder.getValue().stream().map(Circles::type).collect(Collectors.toSet());
        Map<String, Set<String>> needs = new TreeMap<>();
        for (Path file : folder.getValue()) {
          needs.put(type(file), needs(file, types));
        }
        packages.put(name, needs);
      }
    }
    return packages;
  }

  private static String type(Path file) {
    return file.getFileName().toString().replace(".java", "");
  }

  private static Set<String> needs(Path file, Set<String> types) throws IOException {
    Set<String> needs = new TreeSet<>();
    String code = NO_CODE.matcher(Files.readString(file)).replaceAll(" ").replaceAll("(?m)^import .*$", "").replaceAll(
        "permits [^{]*", "");
    Matcher words = WORD.matcher(code);
    while (words.find()) {
      if (types.contains(words.group()) && !words.group().equals(type(file)) && !isQualified(code, words.start())) {
        needs.add(words.group());
      }
    }
    return needs;
  }

  /** Whether the word is a member of something else, such as a nested type that is called like a file. */
  private static boolean isQualified(String code, int at) {
    return at > 0 && code.charAt(at - 1) == '.';
  }

  /** The files from which a way leads back to themselves. */
  private static Set<String> circle(Map<String, Set<String>> needs) {
    Set<String> members = new TreeSet<>();
    for (String start : needs.keySet()) {
      Set<String> reached = new HashSet<>();
      reach(start, needs, reached);
      if (reached.contains(start)) {
        members.add(start);
      }
    }
    return members;
  }

  private static void reach(String from, Map<String, Set<String>> needs, Set<String> reached) {
    for (String next : needs.getOrDefault(from, Set.of())) {
      if (reached.add(next)) {
        reach(next, needs, reached);
      }
    }
  }

  /** The packages with circles, each with the files that are part of one. */
  static Map<String, Set<String>> find(Path sources) throws IOException {
    Map<String, Set<String>> circles = new TreeMap<>();
    packages(sources)
        .forEach(
            (name, needs) -> {
              Set<String> members = circle(needs);
              if (!members.isEmpty()) {
                circles.put(name, members);
              }
            });
    return circles;
  }
}
