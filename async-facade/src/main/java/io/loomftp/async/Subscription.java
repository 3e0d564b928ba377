package io.loomftp.async;

/** The registration of a listener, returned by {@link EventSource#on(String, java.util.function.Consumer)} and its kin. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
  /** Removes the listener: no later event is delivered to it. May be called by any thread; a second call does nothing. */
  void cancel();

  /** Does the same. */
  @Override
  default void close() {
    cancel();
  }
}
