package io.loomftp.async;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The registered listeners, in the order of their registration. */
final class Listeners {
  private final List<Listener> all = new CopyOnWriteArrayList<>();

  /** A registered listener. */
  static final class Listener implements Subscription {
    private final Listeners home;
    private final String name;
    private final Consumer<FtpEvent> consumer;
    private volatile boolean cancelled;

    Listener(Listeners home, String name, Consumer<FtpEvent> consumer) {
      this.home = home;
      this.name = name;
      this.consumer = consumer;
    }

    private boolean wants(FtpEvent event) {
      return name.equals(Vocabulary.ALL) || name.equals(event.name());
    }

    void deliver(FtpEvent event) {
      if (!cancelled) {
        consumer.accept(event);
      }
    }

    @Override
    public void cancel() {
      cancelled = true;
      home.all.remove(this);
    }
  }

  /** Adds a listener behind the others. */
  <E extends FtpEvent> Subscription add(String name, Class<E> type, Consumer<? super E> consumer) {
    Class<? extends FtpEvent> comes = Vocabulary.type(Vocabulary.event(name));
    if (!type.isAssignableFrom(comes) && !comes.isAssignableFrom(type)) {
      throw new IllegalArgumentException("'" + name + "' comes as " + comes.getSimpleName() + ", not " + type.getSimpleName());
    }
    Listener listener =
        new Listener(
            this,
            name,
            event -> {
              if (type.isInstance(event)) {
                consumer.accept(type.cast(event));
              }
            });
    all.add(listener);
    return listener;
  }

  void addMatching(FtpEvent event, List<Listener> into) {
    for (Listener listener : all) {
      if (listener.wants(event)) {
        into.add(listener);
      }
    }
  }
}
