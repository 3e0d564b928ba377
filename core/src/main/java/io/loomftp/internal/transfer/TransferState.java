package io.loomftp.internal.transfer;

/** The states of a transfer, in their order; any may be followed by {@link #OVER}. */
enum TransferState {
  /** The data connection is negotiated; the command has not been sent. */
  PREPARING,
  /** The command was sent; the first reply and the data connection are pending. */
  STARTING,
  /** The TLS handshake of the data connection is running; some servers end the session when it is interrupted. */
  SECURING,
  /** Data flows. */
  MOVING,
  /** All data was moved; the final reply is pending. */
  ENDING,
  /** The transfer has ended. */
  OVER
}
