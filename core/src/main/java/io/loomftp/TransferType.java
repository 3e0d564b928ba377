package io.loomftp;

/** How file data is represented on the way (the TYPE command, RFC 959 section 3.1.1). */
public enum TransferType {
  /** {@code TYPE I}: bytes as they are. The default. */
  BINARY,
  /**
   * {@code TYPE A}: text with CRLF line ends on the wire; {@code \n} on this side, both ways. Sizes and restart offsets
   * have no meaning in this type, so neither is used.
   */
  ASCII,
  /** No TYPE command is sent: whatever the caller set last, or the server's own default, is in force. Bytes as they are. */
  MANUAL
}
