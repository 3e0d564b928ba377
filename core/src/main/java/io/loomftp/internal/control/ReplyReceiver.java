package io.loomftp.internal.control;

import io.loomftp.FtpConfig;
import io.loomftp.Reply;
import io.loomftp.internal.net.Dialer;
import io.loomftp.internal.net.KeyedSocket;
import io.loomftp.internal.net.StallGuard;
import io.loomftp.internal.text.NameCodec;
import io.loomftp.internal.wire.ReplyReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The receiving half of a control connection: waits in slices, so that an interrupt ends a wait and a cancellation shortens it.
 * Used by the session's thread; any thread may {@link #peek}.
 */
final class ReplyReceiver {
  private static final Logger LOG = LoggerFactory.getLogger(ReplyReceiver.class);
  private static final Duration SLICE = Duration.ofMillis(200);
  private static final Duration A_MOMENT = Duration.ofMillis(1);

  private final KeyedSocket raw;
  private final InputStream rawIn;
  private final NameCodec codec;
  private final FtpConfig config;
  private final OperationBounds bounds;
  private final StallGuard guard;
  /** Guards the reader against another thread's {@link #peek}. */
  private final ReentrantLock lock = new ReentrantLock();

  private InputStream in;
  private ReplyReader reader;
  private boolean secured;
  /** The end of the wait for the rest of a reply after a cancellation; null while no rest is awaited. */
  private @Nullable Duration restAfterCancellation;

  ReplyReceiver(KeyedSocket raw, NameCodec codec, FtpConfig config, OperationBounds bounds) throws IOException {
    this.raw = raw;
    this.rawIn = raw.getInputStream();
    this.codec = codec;
    this.config = config;
    this.bounds = bounds;
    this.guard = new StallGuard(raw);
    this.in = rawIn;
    this.reader = new ReplyReader(this::fill, codec, config.limits());
  }

  /** Switches to TLS; clear text that was read ahead is not carried over. */
  void secure(SSLSocket tls) throws IOException {
    in = tls.getInputStream();
    reader = new ReplyReader(this::fill, codec, config.limits());
    secured = true;
  }

  /**
   * Reads the next reply.
   *
   * @param afterCancellation the bound that applies once the operation is cancelled
   */
  Reply receive(Duration bound, Duration afterCancellation) throws IOException {
    long deadline = System.nanoTime() + bound.toNanos();
    boolean hurried = false;
    while (true) {
      if (poll(slice(deadline))) {
        return readRest(Duration.ofNanos(Math.max(A_MOMENT.toNanos(), deadline - System.nanoTime())), afterCancellation);
      }
      checkInterrupt();
      if (!hurried && bounds.isCancelled()) {
        hurried = true;
        deadline = Math.min(deadline, System.nanoTime() + afterCancellation.toNanos());
      }
      if (deadline - System.nanoTime() <= 0) {
        throw new SocketTimeoutException("no reply within " + bound.toMillis() + " ms");
      }
    }
  }

  private Reply readRest(Duration rest, Duration afterCancellation) throws IOException {
    restAfterCancellation = afterCancellation;
    try {
      return locked(() -> secured ? guard.within(rest, () -> reader.read(rest)) : reader.read(rest));
    } finally {
      restAfterCancellation = null;
    }
  }

  /** Whether the last reply ended with another code than its own, so that the rest of it may still arrive. */
  boolean hasUncertainEnd() throws IOException {
    return locked(reader::hasUncertainEnd);
  }

  /** Whether anything arrives within the bound; consumes nothing. */
  boolean await(Duration bound) throws IOException {
    long deadline = System.nanoTime() + bound.toNanos();
    while (true) {
      if (hasUnread()) {
        return true;
      }
      if (bound.isZero() && !mayHaveArrived()) {
        return false;
      }
      if (poll(slice(deadline))) {
        return true;
      }
      checkInterrupt();
      if (deadline - System.nanoTime() <= 0) {
        return false;
      }
    }
  }

  private static Duration slice(long deadline) {
    return Duration.ofNanos(Math.clamp(deadline - System.nanoTime(), A_MOMENT.toNanos(), SLICE.toNanos()));
  }

  private static void checkInterrupt() throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted");
    }
  }

  private boolean poll(Duration slice) throws IOException {
    if (!secured) {
      return locked(() -> reader.poll(slice));
    }
    // A record that drips in restarts the socket's own timeout with each byte.
    Duration most = bounds.cut(config.timeouts().reply()).plus(slice);
    return locked(() -> guard.within(most, () -> reader.poll(slice)));
  }

  private <T> T locked(StallGuard.Call<T> call) throws IOException {
    lock.lock();
    try {
      return call.run();
    } finally {
      lock.unlock();
    }
  }

  /** Whether bytes were read that are not part of a reply yet. */
  boolean hasUnread() throws IOException {
    return locked(() -> reader.hasBuffered());
  }

  /** Whether bytes have arrived in clear text, read or not. */
  boolean hasClearText() throws IOException {
    return hasUnread() || rawIn.available() > 0;
  }

  private boolean mayHaveArrived() throws IOException {
    return in.available() > 0 || rawIn.available() > 0;
  }

  /** The code of the next reply that has arrived, 0 when there is none; consumes nothing. */
  int peek() {
    if (!lock.tryLock()) {
      return 0; // the session's thread is reading
    }
    try {
      return reader.hasBuffered() || (mayHaveArrived() && reader.poll(A_MOMENT)) ? reader.peekCode() : 0;
    } catch (IOException e) {
      LOG.debug("looking at the control connection failed: {}", e.toString());
      return 0;
    } finally {
      lock.unlock();
    }
  }

  private int fill(byte[] buffer, Duration bound) throws IOException {
    long deadline = System.nanoTime() + bound.toNanos();
    boolean hurried = false;
    while (true) {
      raw.setSoTimeout(Dialer.millis(slice(deadline)));
      try {
        int n = in.read(buffer);
        // A server that waits for our acknowledgement before it sends the rest (Nagle) would wait 40 ms for it.
        raw.acknowledgeAtOnce();
        return n;
      } catch (SocketTimeoutException e) {
        Duration hurry = restAfterCancellation;
        if (hurry != null) {
          checkInterrupt();
          if (!hurried && bounds.isCancelled()) {
            hurried = true;
            deadline = Math.min(deadline, System.nanoTime() + hurry.toNanos());
          }
        }
        if (deadline - System.nanoTime() <= 0) {
          throw e;
        }
      }
    }
  }
}
