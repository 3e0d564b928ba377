package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The permitted imports between packages, read from the sources. */
class LayeringTest {
  private static final Path SOURCES = Path.of("src", "main", "java");

  /** The classes of the public package that users hold; all others there are words, which import nothing of ours. */
  private static final Set<String> DOORS =
      Set.of("Ftp", "FtpSession", "Listing", "FtpInputStream", "FtpOutputStream", "BodyUpload", "Listings",
          "ZoneFinder", "Walk", "Existence", "TreeDeleter", "Streams");

  private static final String WORDS = "io.loomftp";
  private static final String POOL = "io.loomftp.pool";
  private static final String MIRROR = "io.loomftp.mirror";
  private static final String WATCH = "io.loomftp.watch";
  private static final String FILE = "io.loomftp.internal.file";
  private static final String SESSION = "io.loomftp.internal.session";
  private static final String TRANSFER = "io.loomftp.internal.transfer";
  private static final String CONTROL = "io.loomftp.internal.control";
  private static final String LISTING = "io.loomftp.internal.listing";
  private static final String WIRE = "io.loomftp.internal.wire";
  private static final String PROXY = "io.loomftp.internal.proxy";
  private static final String NET = "io.loomftp.internal.net";
  private static final String OBSERVE = "io.loomftp.internal.observe";
  private static final String RETRY = "io.loomftp.internal.retry";
  private static final String TEXT = "io.loomftp.internal.text";

  private static final Map<String, Set<String>> ALLOWED =
      Map.ofEntries(
          Map.entry("words", Set.of(WORDS, RETRY, TEXT)),
          Map.entry(MIRROR, Set.of(WORDS, POOL, FILE, OBSERVE, RETRY)),
          Map.entry(WATCH, Set.of(WORDS, POOL, OBSERVE, RETRY)),
          Map.entry(POOL, Set.of(WORDS, FILE, CONTROL, OBSERVE, RETRY)),
          Map.entry("doors", Set.of(WORDS, FILE, SESSION, TRANSFER, CONTROL, LISTING, WIRE, RETRY, TEXT)),
          Map.entry(FILE, Set.of(WORDS, SESSION, TRANSFER, CONTROL, NET, WIRE, OBSERVE, RETRY)),
          Map.entry(SESSION, Set.of(WORDS, TRANSFER, CONTROL, NET, WIRE, LISTING, OBSERVE, RETRY, TEXT)),
          Map.entry(TRANSFER, Set.of(WORDS, CONTROL, PROXY, NET, WIRE, OBSERVE, RETRY, TEXT)),
          Map.entry(CONTROL, Set.of(WORDS, PROXY, NET, WIRE, OBSERVE, RETRY, TEXT)),
          Map.entry(PROXY, Set.of(WORDS, NET)),
          Map.entry(LISTING, Set.of(WORDS, TEXT)),
          Map.entry(WIRE, Set.of(WORDS, TEXT)),
          Map.entry(OBSERVE, Set.of(WORDS)),
          Map.entry(RETRY, Set.of()),
          Map.entry(TEXT, Set.of()),
          Map.entry(NET, Set.of()));

  private static final Set<String> MAY_USE_DOORS = Set.of("doors", POOL, MIRROR, WATCH);

  private record Source(String layer, Path file, List<String> imports) {
    static Source read(Path file) {
      try {
        String parent = SOURCES.relativize(file).getParent().toString().replace('/', '.').replace('\\', '.');
        String name = file.getFileName().toString().replace(".java", "");
        String layer = parent.equals(WORDS) ? (DOORS.contains(name) ? "doors" : "words") : parent;
        List<String> imports =
            Files.readAllLines(file).stream()
                .filter(line -> line.startsWith("import "))
                .map(line -> line.replace("import static ", "").replace("import ", "").replace(";", ""))
                .toList();
        return new Source(layer, file, imports);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  private static List<Source> sources() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files
          .filter(f -> f.toString().endsWith(".java") && !f.endsWith("package-info.java") && !f.endsWith("module-info.java"))
          .map(Source::read)
          .toList();
    }
  }

  /** The package of an imported class or of a static member of one. */
  private static String packageOf(String imported) {
    StringBuilder name = new StringBuilder();
    for (String part : imported.split("\\.")) {
      if (Character.isUpperCase(part.charAt(0)) || part.equals("*")) {
        break;
      }
      name.append(name.isEmpty() ? "" : ".").append(part);
    }
    return name.toString();
  }

  @Test
  void noPackageImportsFromAbove() throws Exception {
    List<Source> all = sources();
    assertTrue(all.size() > 50, "the sources were not found: " + all.size());
    List<String> breaches = new ArrayList<>();
    for (Source source : all) {
      Set<String> allowed = ALLOWED.get(source.layer());
      assertNotNull(allowed, source.layer());
      for (String imported : source.imports()) {
        String from = packageOf(imported);
        if (from.startsWith("io.loomftp") && !allowed.contains(from) && !from.equals(source.layer())) {
          breaches.add(source.file() + " imports " + imported);
        }
        if (from.equals(WORDS) && !MAY_USE_DOORS.contains(source.layer()) && isDoor(imported)) {
          breaches.add(source.file() + " imports a door: " + imported);
        }
      }
    }
    assertEquals(List.of(), breaches);
  }

  private static boolean isDoor(String imported) {
    String[] parts = imported.substring(WORDS.length() + 1).split("\\.");
    return DOORS.contains(parts[0]);
  }

  @Test
  void noFilesOfAPackageNeedEachOtherInACircle() throws Exception {
    Map<String, Set<String>> circles = Circles.find(SOURCES);
    circles.forEach((name, members) -> System.out.println("circle in " + name + ": " + members));
    assertEquals(Map.of(), circles);
  }

  @Test
  void coreNeedsTheJdkSlf4jAndCommonsIoOnly() throws Exception {
    List<String> strangers = new ArrayList<>();
    for (Source source : sources()) {
      for (String imported : source.imports()) {
        boolean known =
            Stream.of("java.", "javax.net.", "jdk.net.", "org.slf4j.", "org.apache.commons.io.",
                "org.jspecify.annotations.", "io.loomftp.")
                .anyMatch(imported::startsWith)
                || (imported.startsWith("jdk.jfr.") && source.file().endsWith("FlightRecorder.java"));
        if (!known) {
          strangers.add(source.file() + " imports " + imported);
        }
      }
    }
    assertEquals(List.of(), strangers);
  }

  @Test
  void nothingBlocksUnderAMonitor() throws Exception {
    List<String> monitors = new ArrayList<>();
    for (Source source : sources()) {
      for (String line : Files.readAllLines(source.file())) {
        String code = line.strip();
        if (!code.startsWith("*") && !code.startsWith("//") && code.matches(".*\\bsynchronized\\b.*")) {
          monitors.add(source.file() + ": " + code);
        }
      }
    }
    assertEquals(List.of(), monitors);
  }

  @Test
  void everyPackageSaysWhatLivesThere() throws Exception {
    List<Path> silent = new ArrayList<>();
    for (Path folder : sources().stream().map(s -> s.file().getParent()).distinct().toList()) {
      Path info = folder.resolve("package-info.java");
      if (!Files.exists(info) || !Files.readString(info).contains("@NullMarked")) {
        silent.add(folder);
      }
    }
    assertEquals(List.of(), silent);
  }
}
