package io.loomftp.internal.net;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocket;
import org.apache.commons.io.IOUtils;
import org.jspecify.annotations.Nullable;

/** Moves the bytes of one transfer over one connection, plain or TLS, and detects whether it ended cleanly. */
public final class DataChannel implements Closeable {
  /** Bytes per write to a slow peer, which is so distinguished from one that stopped reading. */
  private static final int SMALL_STEP = 32 << 10;

  /** Bytes per write to a peer that takes them at once: the most that a socket of the JDK writes at a time. */
  private static final int LARGE_STEP = 128 << 10;

  /** The time in which a fast peer takes a write. */
  private static final long AT_ONCE_NANOS = Duration.ofMillis(20).toNanos();

  private static final Duration A_MOMENT = Duration.ofMillis(1);

  /** The bound for the peer to complete a handshake that is complete locally, before the connection is reset. */
  private static final Duration HANDSHAKE_LAG = Duration.ofMillis(500);

  private static final Duration LOOK = Duration.ofMillis(250);

  /**
   * The wait for the peer to end after a close_notify without FIN, with what is still on its way to it. Many proxies close
   * both directions when they see FIN, with a reset towards the server if it has sent something meanwhile, such as tickets,
   * and that destroys the end of the data.
   */
  private static final Duration CLOSE_NOTIFY_ALONE = Duration.ofSeconds(10);

  private static final int DRAIN_BUFFER = 1 << 10;

  /** The longest TLS record with its header (RFC 8446 section 5.2, RFC 5246 section 6.2.3). */
  private static final int LONGEST_RECORD = 5 + (1 << 14) + (2 << 10);

  private final KeyedSocket raw;
  private final @Nullable SSLSocket tls;
  private final StallGuard guard;
  private final InputStream rawIn;
  private final InputStream in;
  private final OutputStream out;
  private final boolean tls13;
  private final long receivedInHandshake;
  private int writeStep = SMALL_STEP;

  /**
   * A channel over a connected socket; a TLS handshake is complete.
   *
   * @param tls the layer over {@code raw}, or null
   */
  public DataChannel(KeyedSocket raw, @Nullable SSLSocket tls) throws IOException {
    this.raw = raw;
    this.tls = tls;
    this.guard = new StallGuard(raw);
    this.rawIn = raw.getInputStream();
    this.in = tls == null ? rawIn : tls.getInputStream();
    this.out = tls == null ? raw.getOutputStream() : tls.getOutputStream();
    this.tls13 = tls != null && tls.getSession().getProtocol().equals("TLSv1.3");
    this.receivedInHandshake = raw.received();
  }

  /**
   * Reads what has arrived, at least one byte; -1 at the end.
   *
   * @param slice how long to wait for anything
   * @param bound how long a TLS record may take to arrive completely, which may be many slices on a slow network
   * @throws SocketTimeoutException when nothing arrived within the slice; may be called again
   * @throws StallException when a TLS record did not arrive within the bound
   */
  public int read(byte[] buffer, int offset, int length, Duration slice, Duration bound) throws IOException {
    raw.setSoTimeout(Dialer.millis(slice));
    if (tls == null) {
      return in.read(buffer, offset, length);
    }
    // A TLS record that drips in restarts the socket's own timeout with each byte.
    return guard.within(bound, () -> in.read(buffer, offset, length));
  }

  /** At least how many bytes a read returns at once; with TLS 1 where a whole record has arrived. 0 when it may wait. */
  public int available() throws IOException {
    int ready = in.available();
    return ready == 0 && tls != null && rawIn.available() >= LONGEST_RECORD ? 1 : ready;
  }

  /**
   * Writes all; {@link StallException} when the peer takes nothing within the bound.
   *
   * @param look runs at intervals on another thread while a write is blocked
   */
  public void write(byte[] bytes, int offset, int length, Duration bound, Runnable look) throws IOException {
    guard.watch(LOOK, look);
    int at = offset;
    while (at < offset + length) {
      int from = at;
      int step = Math.min(writeStep, offset + length - at);
      long start = System.nanoTime();
      guard.run(bound, () -> out.write(bytes, from, step));
      writeStep = System.nanoTime() - start < AT_ONCE_NANOS ? LARGE_STEP : SMALL_STEP;
      at += step;
    }
  }

  /**
   * Ends an upload: sends close_notify and FIN, then reads to the end of the peer's stream within the bound, so that a reset
   * discards no data and the TLS tickets that arrive are kept for the next data connection. Through a proxy FIN comes after
   * the peer's end, or when that does not come soon.
   *
   * @param slice the interval at which it is checked whether waiting is useless
   */
  public void finishOutput(Duration bound, Duration slice, Useless useless) throws IOException {
    if (tls == null) {
      guard.run(bound, raw::shutdownOutput);
      return;
    }
    long deadline = System.nanoTime() + bound.toNanos();
    raw.holdEnd(raw.isTunnelled());
    guard.run(bound, tls::shutdownOutput);
    try {
      if (raw.isTunnelled()) {
        long first = Math.min(deadline, System.nanoTime() + CLOSE_NOTIFY_ALONE.toNanos());
        boolean ended = drainUntil(first, slice, useless);
        raw.holdEnd(false);
        if (ended) {
          return;
        }
        raw.shutdownOutput();
      }
      drainUntil(deadline, slice, useless);
    } catch (IOException e) {
      // All was sent: whether it arrived is decided by the final reply.
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
    }
  }

  /** Reads to the end of the peer's stream; false when the time is over before. */
  private boolean drainUntil(long deadline, Duration slice, Useless useless) throws IOException {
    byte[] scrap = new byte[DRAIN_BUFFER];
    int read = 0;
    while (read >= 0 && !useless.now()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      read = drain(scrap, Duration.ofNanos(Math.min(left, slice.toNanos())), Duration.ofNanos(left));
    }
    return true;
  }

  /** Decides whether waiting is useless. */
  @FunctionalInterface
  public interface Useless {
    /** Whether waiting is useless. */
    boolean now() throws IOException;
  }

  private int drain(byte[] scrap, Duration slice, Duration bound) throws IOException {
    try {
      return read(scrap, 0, scrap.length, slice, bound);
    } catch (SocketTimeoutException e) {
      return 0;
    }
  }

  /**
   * Whether the peer may still be in a TLS 1.3 handshake that is complete locally (RFC 8446 section 4.4.4): nothing has arrived
   * since. A server whose handshake is reset in its last step may end the whole session.
   */
  public boolean isPeerInHandshake() {
    return tls13 && raw.received() == receivedInHandshake;
  }

  /**
   * Waits before a reset until the peer has completed its handshake, at most half a second, and reads the TLS 1.3 tickets that
   * it then sends (RFC 8446 section 4.6.1), which later data connections need. For the reading thread.
   */
  public void awaitPeerHandshake() {
    if (tls == null) {
      return;
    }
    long deadline = System.nanoTime() + HANDSHAKE_LAG.toNanos();
    byte[] scrap = new byte[1];
    try {
      raw.setSoTimeout((int) A_MOMENT.toMillis());
      boolean mayArrive = guard.within(HANDSHAKE_LAG, () -> arrivedNothing(scrap));
      while (mayArrive && isPeerInHandshake() && deadline - System.nanoTime() > 0) {
        mayArrive = guard.within(HANDSHAKE_LAG, () -> arrivedNothing(scrap));
      }
    } catch (IOException e) {
      // The connection is broken already, and is not used any more.
      return;
    }
  }

  private boolean arrivedNothing(byte[] scrap) throws IOException {
    try {
      return in.read(scrap) == 0;
    } catch (SocketTimeoutException e) {
      return true;
    }
  }

  /** The same for other threads: waits until the reading thread has received something, at most half a second. */
  public void awaitPeerHandshakeElsewhere() {
    long deadline = System.nanoTime() + HANDSHAKE_LAG.toNanos();
    while (isPeerInHandshake() && !raw.isClosed() && deadline - System.nanoTime() > 0) {
      LockSupport.parkNanos(A_MOMENT.toNanos());
    }
  }

  /** Whether, after the end was read, the peer closed the connection without a close_notify. */
  public boolean truncated() {
    return tls != null && raw.ended();
  }

  /** Closes at once with a reset (RST), so that the peer sees that the stream is incomplete. May be called by any thread. */
  public void closeAbruptly() {
    try {
      raw.closeAbruptly();
    } catch (IOException e) {
      IOUtils.closeQuietly(raw);
    }
  }

  /** Closes in the ordinary way; with TLS a close_notify is sent, within the bound. */
  public void close(Duration bound) {
    if (tls != null) {
      try {
        guard.run(bound, tls::close);
      } catch (IOException e) {
        IOUtils.closeQuietly(raw);
      }
    }
    IOUtils.closeQuietly(raw);
  }

  /** Closes the connection without waiting. */
  @Override
  public void close() {
    IOUtils.closeQuietly(raw);
  }
}
