package io.loomftp;

/**
 * Whether commands may be sent before the replies to earlier ones have arrived, which saves round trips when files are
 * transferred one after the other.
 */
public enum Pipelining {
  /**
   * Used where the server has shown that it supports it: when path-to-path transfers follow each other in a session, the EPSV (or
   * PASV) of the next is sent right behind the RETR or STOR of the present one. The first such transfer tries it out with a
   * harmless pair, TYPE and EPSV. At the first oddity, such as a reply that is missing or out of turn, the session goes on
   * with one command at a time.
   *
   * <p>Never in active mode, with {@link FtpConfig#keepAlive()}, or with a server that wants PRET.
   */
  AUTO,
  /** Never: each command waits for the reply to the one before. */
  OFF
}
