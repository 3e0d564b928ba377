package io.loomftp.internal.session;

import io.loomftp.Kind;
import io.loomftp.Reply;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What an error reply means. RFC 959 has one code, 550, for a dozen causes, so the text is looked at too; that is a guess.
 *
 * @param kind what went wrong
 * @param certain whether the code alone told
 */
record Refusal(Kind kind, boolean certain) {
  private static final Set<String> WRITING = Set.of("STOR", "STOU", "APPE", "MKD", "XMKD", "RNTO", "SITE", "MFMT");
  private static final List<String> MISSING =
      List.of("no such", "not found", "not exist", "doesn't exist", "cannot find", "can't find", "nonexist", "unknown file");
  private static final List<String> DENIED =
      List.of("denied", "permission", "not permitted", "forbidden", "not allowed", "read-only", "privilege", "unauthori");
  private static final List<String> THERE = List.of("exists", "already");
  private static final List<String> FULL = List.of("space", "quota", "disk full", "storage", "too large");

  static Refusal of(String verb, Reply reply) {
    return switch (reply.code()) {
      case 500, 501, 502, 504 -> new Refusal(Kind.UNSUPPORTED, true);
      case 452, 552 -> new Refusal(Kind.QUOTA, true);
      case 425 -> new Refusal(Kind.CONNECT, true);
      case 521, 522, 533, 534, 535, 536, 537 -> new Refusal(Kind.TLS, false);
      case 530, 532 -> new Refusal(Kind.DENIED, true);
      default -> ofText(verb, reply);
    };
  }

  private static Refusal ofText(String verb, Reply reply) {
    String text = reply.text().toLowerCase(Locale.ROOT);
    if (says(text, MISSING)) {
      return new Refusal(Kind.NOT_FOUND, false);
    }
    if (says(text, DENIED)) {
      return new Refusal(Kind.DENIED, false);
    }
    if (says(text, THERE)) {
      return new Refusal(Kind.EXISTS, false);
    }
    if (says(text, FULL)) {
      return new Refusal(Kind.QUOTA, false);
    }
    if (reply.isTransientError()) {
      return new Refusal(Kind.BUSY, true);
    }
    if (reply.code() == 550) {
      return new Refusal(WRITING.contains(verb) ? Kind.DENIED : Kind.NOT_FOUND, false);
    }
    return new Refusal(reply.code() == 553 ? Kind.DENIED : Kind.OTHER, reply.code() == 553);
  }

  private static boolean says(String text, List<String> words) {
    return words.stream().anyMatch(text::contains);
  }
}
