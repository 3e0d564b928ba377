package io.loomftp.async;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** The registered listeners, in the order of their registration. */
final class Listeners {
  private final List<Listener> all = new CopyOnWriteArrayList<>();

  /** A registered listener. */
  private static final class Listener implements Subscription {
    private final Listeners home;
    private final String name;
    private final Class<? extends FtpEvent> type;
    private final Consumer<FtpEvent> consumer;
    private final boolean once;
    private final AtomicBoolean cancelled = new AtomicBoolean();

    Listener(Listeners home, String name, Class<? extends FtpEvent> type, Consumer<FtpEvent> consumer, boolean once) {
      this.home = home;
      this.name = name;
      this.type = type;
      this.consumer = consumer;
      this.once = once;
    }

    private boolean wants(FtpEvent event) {
      return (name.equals(Vocabulary.ALL) || name.equals(event.name())) && type.isInstance(event);
    }

    void deliver(FtpEvent event, ListenerErrors errors) {
      if (once ? !cancelled.compareAndSet(false, true) : cancelled.get()) {
        return;
      }
      if (once) {
        home.all.remove(this);
      }
      try {
        consumer.accept(event);
      } catch (Throwable e) { // code of other languages throws checked exceptions too
        errors.report(event, e, name.equals(event.name()));
      }
    }

    @Override
    public void cancel() {
      cancelled.set(true);
      home.all.remove(this);
    }
  }

  /** Adds a listener behind the others. */
  <E extends FtpEvent> Subscription add(String name, Class<E> type, boolean once, Consumer<? super E> consumer) {
    Objects.requireNonNull(consumer, "a listener");
    Class<? extends FtpEvent> comes = Vocabulary.type(Vocabulary.event(name));
    if (!type.isAssignableFrom(comes) && !comes.isAssignableFrom(type)) {
      throw new IllegalArgumentException("'" + name + "' comes as " + comes.getSimpleName() + ", not " + type.getSimpleName());
    }
    Listener listener = new Listener(this, name, type, event -> consumer.accept(type.cast(event)), once);
    all.add(listener);
    return listener;
  }

  /** Whether there is a listener for the event. */
  boolean wants(FtpEvent event) {
    for (Listener listener : all) {
      if (listener.wants(event)) {
        return true;
      }
    }
    return false;
  }

  /** Whether there is a listener for events of that name. */
  boolean hear(String event) {
    return all.stream().anyMatch(listener -> listener.name.equals(Vocabulary.ALL) || listener.name.equals(event));
  }

  /** Calls the listeners of the event, each of them whatever the others throw. */
  void deliver(FtpEvent event, ListenerErrors errors) {
    for (Listener listener : all) {
      if (listener.wants(event)) {
        listener.deliver(event, errors);
      }
    }
  }
}
