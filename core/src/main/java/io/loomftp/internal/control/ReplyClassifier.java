package io.loomftp.internal.control;

import io.loomftp.ErrorKind;
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
public record ReplyClassifier(ErrorKind kind, boolean certain) {
  private static final Set<String> WRITING = Set.of("STOR", "STOU", "APPE", "MKD", "XMKD", "RNTO", "SITE", "MFMT");
  private static final List<String> MISSING =
      List.of("no such", "not found", "not exist", "doesn't exist", "cannot find", "can't find", "nonexist", "unknown file");
  private static final List<String> DENIED =
      List.of("denied", "permission", "not permitted", "forbidden", "not allowed", "read-only", "privilege", "unauthori");
  private static final List<String> THERE = List.of("exists", "already");
  private static final List<String> FULL = List.of("space", "quota", "disk full", "storage", "too large");

  public static ReplyClassifier of(String verb, Reply reply) {
    return switch (reply.code()) {
      case 500, 501, 502, 504 -> new ReplyClassifier(ErrorKind.UNSUPPORTED, true);
      case 452, 552 -> new ReplyClassifier(ErrorKind.QUOTA, true);
      case 425 -> new ReplyClassifier(ErrorKind.CONNECT, true);
      case 521, 522, 533, 534, 535, 536, 537 -> new ReplyClassifier(ErrorKind.TLS, false);
      case 530, 532 -> new ReplyClassifier(ErrorKind.DENIED, true);
      default -> ofText(verb, reply);
    };
  }

  private static ReplyClassifier ofText(String verb, Reply reply) {
    String text = reply.text().toLowerCase(Locale.ROOT);
    if (says(text, MISSING)) {
      return new ReplyClassifier(ErrorKind.NOT_FOUND, false);
    }
    if (says(text, DENIED)) {
      return new ReplyClassifier(ErrorKind.DENIED, false);
    }
    if (says(text, THERE)) {
      return new ReplyClassifier(ErrorKind.EXISTS, false);
    }
    if (says(text, FULL)) {
      return new ReplyClassifier(ErrorKind.QUOTA, false);
    }
    if (reply.isTransientError()) {
      return new ReplyClassifier(ErrorKind.BUSY, true);
    }
    if (reply.code() == 550) {
      return new ReplyClassifier(WRITING.contains(verb) ? ErrorKind.DENIED : ErrorKind.NOT_FOUND, false);
    }
    return new ReplyClassifier(reply.code() == 553 ? ErrorKind.DENIED : ErrorKind.OTHER, reply.code() == 553);
  }

  private static boolean says(String text, List<String> words) {
    return words.stream().anyMatch(text::contains);
  }
}
