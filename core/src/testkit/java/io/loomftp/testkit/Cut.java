package io.loomftp.testkit;

import org.jspecify.annotations.Nullable;

/**
 * A fault that a {@link CuttingProxy} injects once, and the moment of it.
 *
 * @param how the fault
 * @param line the kind of connection whose bytes are counted, in both directions
 * @param after the number of relayed bytes after which it happens; 0 for before the first
 * @param all whether it happens to every connection, or only to the one on which the count was reached
 * @param forGood whether later connections are refused
 * @param meanwhile an action to run at that moment, before the fault; no byte is relayed meanwhile, if {@code still}
 * @param still whether nothing is relayed while {@code meanwhile} runs
 */
public record Cut(
    How how, Line line, long after, boolean all, boolean forGood, @Nullable Runnable meanwhile, boolean still) {
  /** The faults of a connection. */
  public enum How {
    /** Both ends get FIN; what they still send is dropped. */
    FIN,
    /** Both ends get RST. */
    RST,
    /** Nothing is relayed any more, and both connections stay open. */
    STALL,
    /** No fault. */
    NONE
  }

  /** A kind of connection. */
  public enum Line {
    /** Commands and replies. */
    CONTROL,
    /** Files and listings. */
    DATA
  }

  /** Checks the count. */
  public Cut {
    if (after < 0) {
      throw new IllegalArgumentException("not a count of bytes: " + after);
    }
  }

  /** A fault of present connections; new ones work. */
  public static Cut of(How how, Line line, long after, boolean all) {
    return new Cut(how, line, after, all, false, null, false);
  }

  /** An action on the server itself, after which the connections are left alone or reset. */
  public static Cut with(Runnable meanwhile, boolean still, boolean broken, Line line, long after) {
    return new Cut(broken ? How.RST : How.NONE, line, after, true, false, meanwhile, still);
  }

  /** A copy after which connections are refused. */
  public Cut andForGood() {
    return new Cut(how, line, after, all, true, meanwhile, still);
  }

  @Override
  public String toString() {
    return (meanwhile == null ? "" : still ? "killed at rest, then " : "killed, then ")
        + how + (all ? " of all" : "") + (forGood ? " for good" : "") + " after " + after + " bytes of " + line;
  }
}
