package io.loomftp;

/** The representation of file data on the wire (the TYPE command, RFC 959 section 3.1.1). */
public enum TransferType {
  /** {@code TYPE I}: bytes as they are. The default. */
  BINARY,
  /**
   * {@code TYPE A}: text with CRLF line ends on the wire; {@code \n} on this side, both ways. Sizes and restart offsets
   * have no meaning in this type, so neither is used.
   */
  ASCII,
  /** No TYPE command is sent: the type that the caller set last, or the server's default, is in force. Bytes as they are. */
  MANUAL
}
