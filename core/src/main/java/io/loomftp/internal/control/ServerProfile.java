package io.loomftp.internal.control;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What was learnt of one server, as opposed to what a session has set there ({@link SessionState}). A fact that is not in it
 * has not been found out. Immutable; {@link SharedProfile} holds the present one of a server.
 *
 * @param facts what is known, as text: {@code yes} and {@code no} where the fact is one of those
 */
public record ServerProfile(Map<Fact, String> facts) {
  /** Nothing is known. */
  public static final ServerProfile UNKNOWN = new ServerProfile(Map.of());

  private static final String YES = "yes";
  private static final String NO = "no";

  /** What can be known of a server. To add one, add it here: it is kept, shared and printed then. */
  public enum Fact {
    /** EPSV leads to a data connection. */
    EPSV,
    /** EPRT is understood. */
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
    /** MLSD is understood where FEAT has MLST. */
    MLSD,
    /** MLST is understood where FEAT has it. */
    MLST,
    /** SIZE is understood. */
    SIZE,
    /** {@code LIST -a} lists the names that begin with a dot. */
    LIST_ALL,
    /** Listings are refused in TYPE I and given in TYPE A. */
    LIST_IN_ASCII,
    /** Listing commands take a path that has a blank in it. */
    LIST_TAKES_BLANKS,
    /** The offset of times in listings, when it was detected, and until when it may be relied on. */
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

  /** What is known of the fact; empty for nothing. */
  public Optional<String> value(Fact fact) {
    return Optional.ofNullable(facts.get(fact));
  }

  /** The profile with this fact as well. */
  public ServerProfile with(Fact fact, boolean holds) {
    return with(fact, holds ? YES : NO);
  }

  /** The profile with this fact as well. */
  public ServerProfile with(Fact fact, String value) {
    if (value.equals(facts.get(fact))) {
      return this;
    }
    Map<Fact, String> more = new EnumMap<>(Fact.class);
    more.putAll(facts);
    more.put(fact, value);
    return new ServerProfile(more);
  }

  /** The profile in which nothing is known of this fact. */
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
