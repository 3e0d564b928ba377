package io.loomftp.internal.observe;

import io.loomftp.ErrorKind;
import io.loomftp.FtpConfig;
import io.loomftp.FtpMeasurement;
import io.loomftp.FtpMeasurement.Channel;
import io.loomftp.FtpMetrics;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Observes what is done with one configuration: begins events for JDK Flight Recorder, and delivers measurements to the
 * configured metrics, whose failures it logs. Safe for use by any thread.
 */
public final class Observer {
  private static final Logger LOG = LoggerFactory.getLogger(Observer.class);
  private static final EventSource EVENTS = eventSource();
  private static final Set<Thread> DELIVERING = ConcurrentHashMap.newKeySet();

  private final @Nullable Consumer<? super FtpMeasurement> metrics;
  private final Consumer<FtpMeasurement> delivery = this::deliver;

  private Observer(@Nullable Consumer<? super FtpMeasurement> metrics) {
    this.metrics = metrics;
  }

  /**
   * JDK Flight Recorder, or nothing where the run-time image has no module {@code jdk.jfr}. The core requires that module
   * statically: an image that was trimmed to leave it out stays small and works. Nothing is lost by that, since where a recording
   * can be started the module is there. No class but {@link FlightRecorder} names its types.
   */
  private static EventSource eventSource() {
    try {
      Class.forName("jdk.jfr.Event");
      return new FlightRecorder();
    } catch (ClassNotFoundException | LinkageError e) {
      LOG.debug("no events are recorded: {}", e.toString());
      return kind -> null;
    }
  }

  /** The observer of what is done with this configuration. */
  public static Observer of(FtpConfig config) {
    return new Observer(config.metrics().orElse(null));
  }

  /** Whether the present thread runs the user's metrics. */
  public static boolean isDelivering() {
    return !DELIVERING.isEmpty() && DELIVERING.contains(Thread.currentThread());
  }

  /** A control connection is about to be established. */
  public Span<FtpMeasurement.Connect> connect() {
    return begin(EventKind.CONNECT);
  }

  /** A command is about to be sent. */
  Span<FtpMeasurement.Command> command() {
    return begin(EventKind.COMMAND);
  }

  /** A transfer begins. */
  public Span<FtpMeasurement.Transfer> transfer() {
    return begin(EventKind.TRANSFER);
  }

  /** A thread asks for a session of a pool. */
  public Span<FtpMeasurement.PoolWait> poolWait() {
    return begin(EventKind.POOL_WAIT);
  }

  private <M extends FtpMeasurement> Span<M> begin(EventKind kind) {
    EventSource.Begun event = EVENTS.begin(kind);
    return event == null && metrics == null ? Span.off() : Span.begun(delivery, event);
  }

  /** Something will be tried again: see {@link FtpMeasurement.Retried}. */
  public void retried(String what, int attempt, Duration pause, ErrorKind reason) {
    Span<FtpMeasurement.Retried> retry = begin(EventKind.RETRY);
    if (retry.isOn()) {
      retry.end(new FtpMeasurement.Retried(what, attempt, pause, reason));
    }
  }

  /** A TLS handshake. */
  @FunctionalInterface
  public interface Handshake {
    /** Returns when it is complete. */
    SSLSocket run() throws IOException;
  }

  /**
   * Runs a TLS handshake.
   *
   * @param resumed whether it resumed the session of the control connection
   */
  public SSLSocket handshake(Channel channel, Handshake handshake, Predicate<SSLSocket> resumed) throws IOException {
    Span<FtpMeasurement.TlsHandshake> span = begin(EventKind.TLS_HANDSHAKE);
    if (!span.isOn()) {
      return handshake.run();
    }
    try {
      SSLSocket socket = handshake.run();
      span.end(
          new FtpMeasurement.TlsHandshake(
              channel, socket.getSession().getProtocol(), socket.getSession().getCipherSuite(), resumed.test(socket), span
                  .elapsed(), Optional.empty()));
      return socket;
    } catch (IOException e) {
      span.end(new FtpMeasurement.TlsHandshake(channel, "", "", false, span.elapsed(), Optional.of(kind(e))));
      throw e;
    }
  }

  private static ErrorKind kind(IOException trouble) {
    if (trouble instanceof InterruptedIOException) {
      return Thread.currentThread().isInterrupted() ? ErrorKind.ABORTED : ErrorKind.TIMEOUT;
    }
    return trouble instanceof SSLException ? ErrorKind.TLS : ErrorKind.CLOSED;
  }

  /** Delivers a measurement that has no event. */
  void deliver(FtpMeasurement measurement) {
    Consumer<? super FtpMeasurement> mine = metrics;
    if (mine == null) {
      return;
    }
    if (mine instanceof FtpMetrics ours) {
      ours.accept(measurement);
      return;
    }
    Thread me = Thread.currentThread();
    boolean outermost = DELIVERING.add(me);
    try {
      mine.accept(measurement);
    } catch (Throwable e) {
      LOG.warn("the metrics failed at {}", measurement, e);
    } finally {
      if (outermost) {
        DELIVERING.remove(me);
      }
    }
  }

  /** Whether there are metrics. */
  boolean hasMetrics() {
    return metrics != null;
  }

  /** Delivers where locks may be held: code that is not ours runs on a thread of its own. */
  void deliverOutside(Runnable delivery) {
    if (metrics == null || metrics instanceof FtpMetrics) {
      delivery.run();
    } else {
      Thread.ofVirtual().name("ftp-metrics").start(delivery);
    }
  }
}
