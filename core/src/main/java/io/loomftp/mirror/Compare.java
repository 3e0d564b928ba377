package io.loomftp.mirror;

/** By what two files of the same name are told apart. */
public enum Compare {
  /** The number of bytes, where both sides know it; not in ASCII transfers, which change it. */
  SIZE,
  /**
   * The time of the last change, within {@link Mirror#tolerance} or the precision of the listing, whichever is larger. Where
   * the mirror keeps times they must agree; where it cannot, a source that is newer than its copy is a changed one.
   */
  TIME,
  /**
   * The digest, where sizes and, if asked for, times do not differ already: each such file is read on both sides, by the
   * server with {@link io.loomftp.FtpSession#hash}. A server without such a command is an error.
   */
  HASH
}
