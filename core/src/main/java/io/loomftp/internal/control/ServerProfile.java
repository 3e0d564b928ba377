package io.loomftp.internal.control;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The facts learnt of one server, as opposed to what a session has set ({@link SessionState}). A fact that it does not contain
 * is unknown. Immutable; {@link SharedProfile} holds the present one of a server.
 *
 * @param facts the known facts and their values: {@code yes} or {@code no} for most
 */
public record ServerProfile(Map<Fact, String> facts) {
  /** The empty profile. */
  public static final ServerProfile UNKNOWN = new ServerProfile(Map.of());

  private static final String YES = "yes";
  private static final String NO = "no";

  /** The facts that can be learnt of a server. One that is added here is kept, shared and printed. */
  public enum Fact {
    /** EPSV yields a data connection. */
    EPSV,
    /** EPRT is supported. */
    EPRT,
    /** The TLS handshake of a data connection comes before the server's 150. */
    HANDSHAKE_FIRST,
    /** A data connection must resume the TLS session of the control connection. */
    TLS_REUSE_DEMANDED,
    /** A session of TLS 1.2 is accepted, and can be resumed. */
    TLS12_RESUMES,
    /** Two commands that arrive at once are answered one after the other. */
    TWO_AT_ONCE,
    /** Commands that arrive behind RETR are answered after its final reply. */
    BEHIND_RETR,
    /** Commands that arrive behind STOR or APPE are answered after its final reply. */
    BEHIND_STOR,
    /** The replies to a transfer that was aborted and to its ABOR, as codes in their order. */
    ABORT_REPLIES,
    /** MLSD works where FEAT has MLST. */
    MLSD,
    /** MLST works where FEAT has it. */
    MLST,
    /** SIZE is supported. */
    SIZE,
    /** The reply to RETR gives the size that SIZE gives. */
    SIZE_WITH_RETR,
    /** {@code LIST -a} lists the names that begin with a dot. */
    LIST_ALL,
    /** Listings are refused in TYPE I and work in TYPE A. */
    LIST_IN_ASCII,
    /** Listing commands accept a path with a blank in it. */
    LIST_TAKES_BLANKS,
    /** The UTC offset of times in listings, when it was detected, and until when it is valid. */
    ZONE
  }

  /** Copies the facts. */
  public ServerProfile {
    facts = facts.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(facts));
  }

  /** Whether the fact is known to hold. */
  public boolean holds(Fact fact) {
    return YES.equals(facts.get(fact));
  }

  /** Whether the fact is known not to hold. */
  public boolean fails(Fact fact) {
    return NO.equals(facts.get(fact));
  }

  /** The value of the fact; empty when it is unknown. */
  public Optional<String> value(Fact fact) {
    return Optional.ofNullable(facts.get(fact));
  }

  /** A copy with this fact. */
  public ServerProfile with(Fact fact, boolean holds) {
    return with(fact, holds ? YES : NO);
  }

  /** A copy with this fact. */
  public ServerProfile with(Fact fact, String value) {
    if (value.equals(facts.get(fact))) {
      return this;
    }
    Map<Fact, String> more = new EnumMap<>(Fact.class);
    more.putAll(facts);
    more.put(fact, value);
    return new ServerProfile(more);
  }

  /** A copy without this fact. */
  public ServerProfile without(Fact fact) {
    Map<Fact, String> less = new EnumMap<>(Fact.class);
    less.putAll(facts);
    less.remove(fact);
    return new ServerProfile(less);
  }

  /** As in {@code EPSV=no, TWO_AT_ONCE=yes}. */
  @Override
  public String toString() {
    return new TreeMap<>(facts)
        .entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).collect(Collectors.joining(", "));
  }
}
