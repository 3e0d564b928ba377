package io.loomftp.internal.file;

import io.loomftp.Digest;
import io.loomftp.Features;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A command that returns the digest of a remote file. No RFC specifies them; servers implement:
 *
 * <pre>
 *   FEAT: HASH SHA-256*;SHA-1;MD5     OPTS HASH SHA-256 chooses; HASH a.bin -> 213 SHA-256 0-49 6ae...  a.bin
 *   FEAT: XSHA256, XMD5, XCRC ...     XCRC a.bin -> 250 3610A686 (or 213, with the path in quotes before it)
 *   FEAT: MD5                         MD5 a.bin -> 251 "a.bin" 5d4...
 * </pre>
 *
 * @param verb the command
 * @param algorithm its name in Java
 * @param option the argument of the {@code OPTS HASH} to send first; empty for none
 */
record ServerHash(String verb, String algorithm, String option) {
  private static final List<String> STRONGEST_FIRST = List.of("SHA-512", "SHA-256", "SHA-1", "MD5", "CRC32");
  private static final Map<String, Integer> HEX_DIGITS =
      Map.of("SHA-512", 128, "SHA-256", 64, "SHA-1", 40, "MD5", 32, "CRC32", 8);
  private static final Map<String, List<String>> VERBS =
      Map.of(
          "SHA-512", List.of("XSHA512"),
          "SHA-256", List.of("XSHA256"),
          "SHA-1", List.of("XSHA1", "XSHA"),
          "MD5", List.of("XMD5", "MD5"),
          "CRC32", List.of("XCRC"));

  /** The strongest that the server offers. */
  static Optional<ServerHash> strongest(Features features) {
    List<ServerHash> offered = offered(features);
    return offered.isEmpty() ? Optional.empty() : Optional.of(offered.getFirst());
  }

  /** All that the server offers, the strongest first. */
  static List<ServerHash> offered(Features features) {
    List<ServerHash> found = new ArrayList<>();
    List<String> hashes = List.of(features.parameters("HASH").orElse("").split("[;, ]+"));
    for (String algorithm : STRONGEST_FIRST) {
      for (String name : hashes) {
        String plain = name.endsWith("*") ? name.substring(0, name.length() - 1) : name;
        if (inJava(plain).equals(algorithm)) {
          found.add(new ServerHash("HASH", algorithm, name.endsWith("*") ? "" : plain));
        }
      }
      VERBS.getOrDefault(algorithm, List.of()).stream()
          .filter(features::has)
          .forEach(verb -> found.add(new ServerHash(verb, algorithm, "")));
    }
    return found;
  }

  private static String inJava(String name) {
    return switch (name.toUpperCase(Locale.ROOT)) {
      case "SHA-512", "SHA512" -> "SHA-512";
      case "SHA-256", "SHA256" -> "SHA-256";
      case "SHA-1", "SHA1", "SHA" -> "SHA-1";
      case "MD5" -> "MD5";
      case "CRC32", "CRC-32", "CRC" -> "CRC32";
      default -> "";
    };
  }

  /**
   * The digest in a reply; empty where it has none. A path in the reply may look like a digest: it is behind the digest for
   * HASH, before it for all others.
   */
  Optional<Digest> in(String reply, String path) {
    int digits = HEX_DIGITS.getOrDefault(algorithm, 0);
    boolean crc = algorithm.equals("CRC32");
    List<String> words = new ArrayList<>();
    for (String word : reply.strip().split("[ \\t\\r\\n]+", -1)) {
      String bare = word.replace("\"", "").replaceFirst("^0[xX]", "");
      boolean fits = crc ? bare.length() <= digits : bare.length() == digits;
      if (fits && bare.matches("[0-9a-fA-F]+")) {
        words.add(bare);
      }
    }
    if (words.isEmpty()) {
      return Optional.empty();
    }
    if (crc && words.stream().anyMatch(word -> word.length() == digits)) {
      words.removeIf(word -> word.length() != digits);
    }
    String hex = verb.equals("HASH") ? first(words, path) : words.getLast();
    return Optional.of(new Digest(algorithm, "0".repeat(Math.max(0, digits - hex.length())) + hex));
  }

  /** Of {@code CRC32 0-49 3610a686 path} the range has a dash and is no candidate; a path that is one stands behind. */
  private static String first(List<String> words, String path) {
    boolean pathIsCandidate = words.size() > 1 && path.endsWith(words.getLast());
    return pathIsCandidate ? words.get(words.size() - 2) : words.getLast();
  }
}
