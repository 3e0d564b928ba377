package io.loomftp.async;

import io.loomftp.mirror.MirrorProgress;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Turns the progress of a mirror into {@code mirror_progress} events, with the latest state only where listeners are slow. */
final class MirrorRelay implements MirrorProgress {
  private final String alias;
  private final EventLoop events;
  private final AtomicReference<@Nullable State> latest = new AtomicReference<>();

  MirrorRelay(String alias, EventLoop events) {
    this.alias = alias;
    this.events = events;
  }

  @Override
  public void moved(State state) {
    if (latest.getAndSet(state) == null) {
      events.announceLater(
          () -> {
            State last = latest.getAndSet(null);
            return new FtpEvent.MirrorProgressed(alias, last == null ? state : last);
          });
    }
  }
}
