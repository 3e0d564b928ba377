package io.loomftp.internal.observe;

import io.loomftp.FtpConfig;
import io.loomftp.FtpMeasurement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Observes the commands of one control connection. Servers answer in order, so a reply belongs to the oldest command that has
 * none yet. {@link #replied} and {@link #inStep} are for the session's thread, the rest for any.
 */
public final class CommandObserver {
  private final FtpConfig config;
  private final Observer observer;
  private final Queue<Sent> pending = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  /** A command without its final reply. */
  private static final class Sent {
    final String verb;
    final Span<FtpMeasurement.Command> span;
    @Nullable Duration latency;

    Sent(String verb, Span<FtpMeasurement.Command> span) {
      this.verb = verb;
      this.span = span;
    }

    void end(int code) {
      Duration duration = span.elapsed();
      span.end(new FtpMeasurement.Command(verb, code, latency == null ? duration : latency, duration));
    }
  }

  /** The observer of a connection that is established. */
  public CommandObserver(FtpConfig config, Observer observer) {
    this.config = config;
    this.observer = observer;
  }

  /** A command is about to be sent, behind those before. */
  public void sent(String verb) {
    Span<FtpMeasurement.Command> span = observer.command();
    if (span.isOn()) {
      pending.add(new Sent(verb, span));
    }
  }

  /** A reply was read. */
  public void replied(int code) {
    if (observer.hasMetrics()) {
      observer.deliver(new FtpMeasurement.ReplyRead(code));
    }
    Sent oldest = code < 200 ? pending.peek() : pending.poll();
    if (oldest == null) {
      return;
    }
    if (code < 200) {
      oldest.latency = oldest.latency == null ? oldest.span.elapsed() : oldest.latency;
    } else {
      oldest.end(code);
    }
  }

  /** No reply is pending: the server has dropped commands that have none yet. */
  public void inStep() {
    for (Sent dropped = pending.poll(); dropped != null; dropped = pending.poll()) {
      dropped.end(0);
    }
  }

  /** The connection has ended. Locks may be held. */
  public void closed() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    List<Sent> unanswered = new ArrayList<>();
    for (Sent sent = pending.poll(); sent != null; sent = pending.poll()) {
      unanswered.add(sent);
    }
    if (observer.hasMetrics() || !unanswered.isEmpty()) {
      observer.deliverOutside(
          () -> {
            unanswered.forEach(sent -> sent.end(0));
            observer.deliver(new FtpMeasurement.Disconnect(config.host(), config.port()));
          });
    }
  }
}
