package io.loomftp;

/**
 * Whether commands may be sent before the replies to those before them have come, to save round trips when whole files
 * follow each other.
 */
public enum Pipelining {
  /**
   * Where the server has shown that it can take it: when path-to-path transfers follow each other in a session, the EPSV (or
   * PASV) of the next is sent right behind the RETR or STOR of the present one. The first such transfer tries it out with a
   * harmless pair, TYPE and EPSV. At the first oddity, such as a reply that is missing or out of turn, the session goes on
   * with one command at a time.
   *
   * <p>Never in active mode, with {@link FtpConfig#keepAlive()}, or with a server that wants PRET.
   */
  AUTO,
  /** Each command waits for the reply to the one before. */
  OFF
}
