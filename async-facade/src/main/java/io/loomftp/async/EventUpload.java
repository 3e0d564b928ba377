package io.loomftp.async;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** {@code put} whose data is posted by {@code put_data} until {@code put_close}. */
final class EventUpload extends StreamUpload {
  private final OpenUploads uploads;
  private final ArrayDeque<FtpFuture<Void>> unflushed = new ArrayDeque<>();
  private boolean running;
  private boolean over;

  EventUpload(SessionLoop session, OpenUploads uploads, String path, Opener opener) {
    super(session, path, opener);
    this.uploads = uploads;
  }

  @Override
  void begin() {
    session().monitor().change(() -> running = true);
    session().events().add(new EventLoop.Announce(() -> null, () -> uploads.begun(this)));
  }

  @Override
  void opened() {
    // The data is posted.
  }

  // --- posting data; any thread ---

  /** Adds data, and waits while more is held than the send window allows. */
  FtpFuture<Void> offer(byte[] bytes) {
    EventLoop events = session().events();
    FtpFuture<Void> flushed = new FtpFuture<>(events, () -> {});
    boolean large = bytes.length > window().size();
    AtomicBoolean written = new AtomicBoolean();
    Throwable refused;
    session().monitor().lock();
    try {
      refused = refusal(bytes.length, events.isEventsThread());
      if (refused == null) {
        unflushed.add(flushed);
        // A large array is not copied: this call returns when it was written.
        ByteBuffer data = ByteBuffer.wrap(large ? bytes : bytes.clone());
        window().add(new SendBuffer.Piece(data, () -> flushed(bytes.length, flushed, written)));
      }
    } finally {
      session().monitor().unlock();
    }
    if (refused != null) {
      flushed.fail(refused);
      return flushed;
    }
    events.deliverUntil(() -> over || isCancelled() || (large ? written.get() : !window().isFullWith(0)));
    return flushed;
  }

  private @Nullable Throwable refusal(int bytes, boolean onEventsThread) {
    if (isOver()) {
      return new IllegalStateException("the upload of " + argument() + " has ended: no more data can be put");
    }
    if (onEventsThread && !running && window().isFullWith(bytes)) {
      return new IllegalStateException(
          "the upload of " + argument() + " has not begun and the send window is full: post the rest from put_connected");
    }
    return null;
  }

  private void flushed(int bytes, FtpFuture<Void> flushed, AtomicBoolean written) {
    session()
        .monitor()
        .change(
            () -> {
              unflushed.remove();
              written.set(true);
            });
    session()
        .events()
        .add(
            new EventLoop.Announce(
                () -> new FtpEvent.Flushed(session().alias(), bytes, argument()), () -> flushed.succeed(null)));
  }

  // --- its end ---

  @Override
  void over() {
    session().monitor().change(() -> over = true);
  }

  /** Whether it takes no more data; called under the lock. */
  boolean isOver() {
    return over || isCancelled();
  }

  @Override
  void finish() {
    Throwable reason = trouble();
    if (reason != null) {
      failUnflushed(reason);
    }
    super.finish();
  }

  @Override
  void dropped(Throwable reason) {
    over();
    uploads.forget(this);
    failUnflushed(reason);
    super.dropped(reason);
  }

  private void failUnflushed(Throwable reason) {
    List<FtpFuture<Void>> left = new ArrayList<>();
    session()
        .monitor()
        .change(
            () -> {
              left.addAll(unflushed);
              unflushed.clear();
            });
    left.forEach(future -> future.fail(reason));
  }
}
