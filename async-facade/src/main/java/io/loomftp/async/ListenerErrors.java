package io.loomftp.async;

import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Receives what listeners throw: hands it to the handler of the user, or logs it at ERROR. Never throws. */
final class ListenerErrors {
  private static final Logger LOG = LoggerFactory.getLogger(ListenerErrors.class);

  /** The events from whose listeners an upload is fed. */
  private static final Set<String> FEEDING = Set.of("put_connected", "put_flushed");

  private final @Nullable ListenerErrors outer;
  private final Consumer<? super Throwable> callOffUpload;
  private volatile @Nullable BiConsumer<? super FtpEvent, ? super Throwable> handler;

  /**
   * Creates it without a handler.
   *
   * @param outer receives what it has no handler for; null for the log
   * @param callOffUpload called when the listener that had to feed an upload threw
   */
  ListenerErrors(@Nullable ListenerErrors outer, Consumer<? super Throwable> callOffUpload) {
    this.outer = outer;
    this.callOffUpload = callOffUpload;
  }

  void handler(BiConsumer<? super FtpEvent, ? super Throwable> users) {
    handler = users;
  }

  /**
   * Reports what a listener threw.
   *
   * @param byName whether it was registered for this very event, and not for all of them
   */
  void report(FtpEvent event, Throwable thrown, boolean byName) {
    tell(event, thrown);
    if (byName && FEEDING.contains(event.name())) {
      callOffUpload.accept(thrown);
    }
  }

  private void tell(FtpEvent event, Throwable thrown) {
    BiConsumer<? super FtpEvent, ? super Throwable> users = handler;
    if (users == null && outer != null) {
      outer.tell(event, thrown);
    } else if (users == null) {
      log("[" + event.session() + "] a listener of " + event.name() + " threw; the others are called", thrown);
    } else {
      try {
        users.accept(event, thrown);
      } catch (Throwable e) {
        log("[" + event.session() + "] the handler of listener errors threw", e);
      }
    }
  }

  /** Logs the exception, or its class where its own methods throw. */
  static void log(String what, Throwable thrown) {
    try {
      LOG.error(what, thrown);
    } catch (RuntimeException | Error e) {
      LOG.error("{}: {}, whose text cannot be had", what, thrown.getClass().getName());
    }
  }
}
