package io.loomftp.async;

/** What {@link AsyncFtpSession#on} and {@link AsyncFtp#on} give back: ends the listening. */
@FunctionalInterface
public interface Subscription {
  /** No event that comes from now on is delivered to the listener. Any thread may; a second call does nothing. */
  void cancel();
}
