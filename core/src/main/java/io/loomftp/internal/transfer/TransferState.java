package io.loomftp.internal.transfer;

/** How far a transfer has come; the states follow each other in this order, and any may be followed by {@link #OVER}. */
enum TransferState {
  /** A data connection is agreed on; the command has not been sent. */
  PREPARING,
  /** The command was sent; the server's first reply and the data connection are waited for. */
  STARTING,
  /** The TLS handshake of the data connection is under way: breaking it off would upset some servers. */
  SECURING,
  /** Data flows. */
  MOVING,
  /** All data is through; the final reply is waited for. */
  ENDING,
  /** Nothing more happens. */
  OVER
}
