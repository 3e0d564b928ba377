package io.loomftp.testkit;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link CuttingProxy} does to connections, once, and when.
 *
 * @param how what is done
 * @param line whose bytes are counted, both ways together
 * @param after when this many of them were passed on; 0 for before the first
 * @param all whether it happens to every connection, or only to the one on which the count was reached
 * @param forGood whether nobody can connect any more afterwards
 * @param meanwhile what is run at that moment, before anything is cut; while it runs no byte is passed on, if {@code still}
 * @param still whether everything stands still while {@code meanwhile} runs
 */
public record Cut(
    How how, Line line, long after, boolean all, boolean forGood, @Nullable Runnable meanwhile, boolean still) {
  /** What is done to a connection. */
  public enum How {
    /** Both ends are told that there is no more to come; what they still send is thrown away. */
    FIN,
    /** Both ends are told that the connection is broken. */
    RST,
    /** Nothing is passed on any more, and nobody is told. */
    STALL,
    /** Nothing. */
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

  /** The connections are cut in this way, and new ones are good. */
  public static Cut of(How how, Line line, long after, boolean all) {
    return new Cut(how, line, after, all, false, null, false);
  }

  /** Something is done to the peer itself; afterwards the connections are left alone or broken. */
  public static Cut with(Runnable meanwhile, boolean still, boolean broken, Line line, long after) {
    return new Cut(broken ? How.RST : How.NONE, line, after, true, false, meanwhile, still);
  }

  /** The same, and nobody can connect any more afterwards. */
  public Cut andForGood() {
    return new Cut(how, line, after, all, true, meanwhile, still);
  }

  @Override
  public String toString() {
    return (meanwhile == null ? "" : still ? "killed at rest, then " : "killed, then ")
        + how + (all ? " of all" : "") + (forGood ? " for good" : "") + " after " + after + " bytes of " + line;
  }
}
