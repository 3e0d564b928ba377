package io.loomftp.async;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * Where listeners subscribe to events: a session or a pool for its own, {@link AsyncFtp} for those of all its sessions and
 * pools, including later ones.
 *
 * <p>The events of one session, or of one pool, are delivered one at a time and in order; those of different ones concurrently,
 * unless an executor of one thread runs the listeners. All methods may be called by any thread, also by a listener.
 *
 * @since 0.1.0
 */
public abstract sealed class EventSource implements AutoCloseable permits AsyncFtp, AsyncFtpPool, AsyncFtpSession {
  final Listeners listeners = new Listeners();

  EventSource() {}

  /**
   * Registers a listener.
   *
   * @param name the name of the events, or {@code all}
   * @throws IllegalArgumentException for an unknown name
   */
  public final Subscription on(String name, Consumer<? super FtpEvent> listener) {
    return listeners.add(name, FtpEvent.class, false, listener);
  }

  /**
   * Registers a listener for events of one name and type.
   *
   * @param name the name of the events, or {@code all} for all events of the type
   * @throws IllegalArgumentException for an unknown name, and for a type that events of this name never have
   */
  public final <E extends FtpEvent> Subscription on(String name, Class<E> type, Consumer<? super E> listener) {
    return listeners.add(name, type, false, listener);
  }

  /** Registers a listener for all events of one type, such as {@link FtpEvent.Failed}. */
  public final <E extends FtpEvent> Subscription on(Class<E> type, Consumer<? super E> listener) {
    return listeners.add(Vocabulary.ALL, type, false, listener);
  }

  /** Registers a listener for the next event of that name only: see {@link #on(String, Consumer)}. */
  public final Subscription once(String name, Consumer<? super FtpEvent> listener) {
    return listeners.add(name, FtpEvent.class, true, listener);
  }

  /** Registers a listener for the next event of that type only: see {@link #on(Class, Consumer)}. */
  public final <E extends FtpEvent> Subscription once(Class<E> type, Consumer<? super E> listener) {
    return listeners.add(Vocabulary.ALL, type, true, listener);
  }

  /**
   * Registers a listener for the items of data events, such as the {@link io.loomftp.FtpEntry} of {@link DataFilter#entries()}.
   *
   * @param name {@code get_data}, {@code ls_data} or {@code dir_data}
   * @param type of the items; others are not delivered
   */
  public final <I> Subscription onItem(String name, Class<I> type, Consumer<? super I> listener) {
    Objects.requireNonNull(listener, "a listener");
    return listeners.add(
        name, FtpEvent.Data.class, false,
        data -> {
          Object item = data.item();
          if (type.isInstance(item)) {
            listener.accept(type.cast(item));
          }
        });
  }

  /** Ends the source in order: see the classes. */
  @Override
  public abstract void close();
}
