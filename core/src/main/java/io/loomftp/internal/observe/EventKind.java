package io.loomftp.internal.observe;

/** What has a duration and an event. */
enum EventKind {
  CONNECT,
  TLS_HANDSHAKE,
  COMMAND,
  TRANSFER,
  POOL_WAIT,
  RETRY
}
