package io.loomftp.internal.control;

import io.loomftp.ErrorKind;
import io.loomftp.Reply;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Classifies error replies. RFC 959 has one code, 550, for a dozen causes, and servers do not agree on the others, so the text
 * is evaluated too; a kind that was derived from the text is not certain.
 *
 * @param kind the class of the failure
 * @param certain whether the code alone decided
 */
public record ReplyClassifier(ErrorKind kind, boolean certain) {
  private static final Set<String> WRITING =
      Set.of("STOR", "STOU", "APPE", "MKD", "XMKD", "RMD", "XRMD", "RNTO", "SITE", "MFMT", "ALLO");

  private static final Set<String> LISTING = Set.of("LIST", "NLST", "MLSD");

  private static final Pattern MISSING =
      words(
          "no such|not found|(does not|doesn't|do not|not) exist|can ?not find|can't find|could ?n.t find|unable to find"
              + "|non-?exist|unknown file|no (files?|members?|data sets?|director(y|ies)|folders?) (found|match)"
              + "|requested data set .*not|not catalog(u)?ed|invalid (path|directory|folder)|\\benoent\\b|not on volume");
  private static final Pattern OR_DENIED =
      words("\\bor (?!director|folder|path)[^:/]*\\b(permission|permitted|denied|accessed|access|allowed|privileges?|rights|busy"
          + "|in use|locked|authori[sz]ed)\\b");
  private static final Pattern OF_ANOTHER_TYPE =
      words("not a (plain|regular|normal) file|is a (directory|folder)|is not a file|not a (directory|folder)");
  private static final Pattern DENIED =
      words(
          "denied|permission|permitted|forbidden|not allowed|isn't allowed|read-?only|privileges?|unauthori[sz]ed|not authori[sz]ed"
              + "|\\brights\\b|\\bracf\\b|prohibited|disallowed|insufficient access|\\beacces\\b|\\beperm\\b|not empowered"
              + "|rejected by|restricted|overwrite .*not|without login");
  private static final Pattern EXISTS = words("exists?\\b|already (there|present|in use|existing)|\\beexist\\b|duplicate");
  private static final Pattern FULL =
      words(
          "(no|not enough|insufficient|out of|lack of|low on|exceed\\w*) .*\\b(space|storage)|quota|disk (is )?full|no space"
              + "|(file|volume|file ?system) (is )?(too large|full)|space (left|exhausted|exceeded)|\\benospc\\b|\\bedquot\\b"
              + "|storage (full|exceeded|allocation)|\\b[bdes]37\\b");
  private static final Pattern BUSY =
      words(
          "in use|being used|\\bbusy\\b|locked|try (again|later)|temporar|sharing violation|used by another|too many"
              + "|not available now|currently unavailable|resource .*unavailable|\\bebusy\\b");
  private static final Pattern UNKNOWN =
      words("not understood|unknown command|not implemented|unrecogni[sz]ed|not supported|unsupported|command not|not support");
  private static final Pattern NOT_EMPTY = words("not empty|isn't empty|\\benotempty\\b");
  private static final Pattern TLS_NEEDED =
      words("\\b(tls|ssl|encryption|encrypted|secure|prot p|auth)\\b.*(requir|needed|must|only|reuse|resum)"
          + "|(requir|need|must|only|use).*\\b(tls|ssl|encryption|encrypted|secure|prot p)\\b|no tls");
  private static final Pattern LOGIN_NEEDED =
      words("log ?in|log ?on|logged|authenticat|not.*connected as|user and pass|please login|must login");

  private static final Pattern EMPTY =
      words("no (files?|members?|data sets?|entries|matching files)( were| was)? (found|in|match)|no files\\b"
          + "|(directory|folder) (is )?empty|empty (directory|folder)|no members|no data sets");
  private static final Pattern NOT_OPENED =
      words("failed to open (the )?(directory|folder)|(cannot|could not|can't|unable to) (open|read) (the )?(directory|folder)");
  private static final Pattern NOT_WHOLE =
      words("^(output|listing|results?|directory listing)\\b[^/\"']*\\b(truncated|incomplete|not complete|cut)\\b");

  private static Pattern words(String expression) {
    return Pattern.compile(expression);
  }

  /** Classifies a reply of 4yz or 5yz. */
  public static ReplyClassifier of(String verb, Reply reply) {
    String text = text(reply);
    return switch (reply.code()) {
      case 500, 502 -> sure(ErrorKind.UNSUPPORTED);
      case 501, 504 -> ofArgument(verb, text);
      case 452, 552 -> ofStorage(text);
      case 425 -> sayTls(text) ? guess(ErrorKind.TLS) : sure(ErrorKind.CONNECT);
      case 430, 532 -> sure(ErrorKind.DENIED);
      case 530 -> sayTls(text) ? guess(ErrorKind.TLS) : sure(ErrorKind.DENIED);
      case 421 -> sure(ErrorKind.BUSY);
      case 533, 534, 535, 536, 537 -> sure(ErrorKind.TLS);
      case 521, 522 -> ofExtension(verb, text);
      default -> ofText(verb, reply, text);
    };
  }

  /** Classifies the final reply of a transfer: an error, or the 2yz of a listing whose text reports a failure or truncation. */
  public static Optional<ReplyClassifier> ofEnd(String verb, Reply reply) {
    if (reply.isError()) {
      return Optional.of(of(verb, reply));
    }
    if (!LISTING.contains(verb)) {
      return Optional.empty();
    }
    if (reply.lines().stream().anyMatch(line -> says(NOT_OPENED, lower(line)))) {
      return Optional.of(guess(ErrorKind.DENIED));
    }
    return isTruncatedListing(reply) ? Optional.of(guess(ErrorKind.TRUNCATED)) : Optional.empty();
  }

  /** Whether the final reply of a listing reports success and that only some entries were listed. */
  public static boolean isTruncatedListing(Reply reply) {
    return reply.isCompletion() && reply.lines().stream().anyMatch(line -> says(NOT_WHOLE, lower(line).strip()));
  }

  /** Whether the refusal of a listing means that the folder is empty. */
  public static boolean isEmptyListing(Reply refusal) {
    return (refusal.code() == 450 || refusal.code() == 550) && says(EMPTY, text(refusal));
  }

  /**
   * Whether the reply reports that the file or folder does not exist, as opposed to a 550 without a reason, an unknown command
   * ({@code 500 Command not found}), and a text that gives another possible reason, too.
   */
  public static boolean saysMissing(Reply reply) {
    return switch (reply.code()) {
      case 450, 501, 504, 550, 551, 553 -> says(MISSING, text(reply)) && !says(OR_DENIED, text(reply)) && !mayBeLater(reply);
      default -> false;
    };
  }

  private static boolean mayBeLater(Reply reply) {
    return reply.isTransientError() && says(BUSY, text(reply));
  }

  /** 501 and 504 concern the argument (RFC 959 section 4.2.2, RFC 3659 section 7.2.1); some servers give the reason. */
  private static ReplyClassifier ofArgument(String verb, String text) {
    if (says(UNKNOWN, text) || verb.equals("SITE") || verb.equals("OPTS")) {
      return sure(ErrorKind.UNSUPPORTED);
    }
    return says(MISSING, text) ? guess(ErrorKind.NOT_FOUND) : sure(ErrorKind.UNSUPPORTED);
  }

  private static ReplyClassifier ofStorage(String text) {
    if (says(FULL, text)) {
      return sure(ErrorKind.QUOTA);
    }
    if (says(NOT_EMPTY, text)) {
      return guess(ErrorKind.OTHER);
    }
    return says(EXISTS, text) ? guess(ErrorKind.EXISTS) : sure(ErrorKind.QUOTA);
  }

  /** RFC 2428 and 4217 both use 522, FTP servers of the BSDs 521 for a folder that exists (RFC 1123 section 4.1.2.13). */
  private static ReplyClassifier ofExtension(String verb, String text) {
    if (verb.equals("MKD") || verb.equals("XMKD") || says(EXISTS, text)) {
      return guess(ErrorKind.EXISTS);
    }
    boolean address = verb.equals("EPSV") || verb.equals("EPRT") || verb.equals("PASV") || verb.equals("PORT");
    return address && !sayTls(text) ? sure(ErrorKind.UNSUPPORTED) : guess(ErrorKind.TLS);
  }

  private static boolean sayTls(String text) {
    return says(TLS_NEEDED, text);
  }

  private static ReplyClassifier ofText(String verb, Reply reply, String text) {
    if (says(NOT_EMPTY, text) || says(OF_ANOTHER_TYPE, text)) {
      return guess(ErrorKind.OTHER);
    }
    if (says(FULL, text)) {
      return guess(ErrorKind.QUOTA);
    }
    if (says(MISSING, text)) {
      return guess(ErrorKind.NOT_FOUND);
    }
    if (says(BUSY, text)) {
      return reply.isTransientError() ? sure(ErrorKind.BUSY) : guess(ErrorKind.BUSY);
    }
    if (says(DENIED, text)) {
      return guess(ErrorKind.DENIED);
    }
    if (says(EXISTS, text)) {
      return guess(ErrorKind.EXISTS);
    }
    if (sayTls(text)) {
      return guess(ErrorKind.TLS);
    }
    if (says(UNKNOWN, text)) {
      return guess(ErrorKind.UNSUPPORTED);
    }
    if (reply.code() == 503 && says(LOGIN_NEEDED, text)) {
      return guess(ErrorKind.DENIED);
    }
    if (reply.isTransientError()) {
      return sure(ErrorKind.BUSY);
    }
    return switch (reply.code()) {
      case 550 -> guess(WRITING.contains(verb) ? ErrorKind.DENIED : ErrorKind.NOT_FOUND);
      case 553 -> sure(ErrorKind.DENIED);
      case 551 -> guess(ErrorKind.UNSUPPORTED);
      default -> guess(ErrorKind.OTHER);
    };
  }

  private static boolean says(Pattern words, String text) {
    return words.matcher(text).find();
  }

  private static String text(Reply reply) {
    return lower(reply.text());
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static ReplyClassifier sure(ErrorKind kind) {
    return new ReplyClassifier(kind, true);
  }

  private static ReplyClassifier guess(ErrorKind kind) {
    return new ReplyClassifier(kind, false);
  }
}
