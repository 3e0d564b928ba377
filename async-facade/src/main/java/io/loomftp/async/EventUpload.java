package io.loomftp.async;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** {@code put} whose data is posted by {@code put_data} until {@code put_close}. */
final class EventUpload extends StreamUpload {
  private final OpenUploads uploads;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<FtpFuture<Void>> unflushed = new ArrayDeque<>(); // guarded by lock, as is what follows
  private @Nullable Throwable failure;

  EventUpload(SessionLoop session, OpenUploads uploads, String path, Opener opener) {
    super(session, path, opener);
    this.uploads = uploads;
  }

  @Override
  void begin() {
    session().events().run(() -> uploads.begun(this));
  }

  @Override
  void opened() {
    // The data is posted.
  }

  // --- posting data; any thread ---

  /** Adds data, and waits while more is held than the send window allows. */
  FtpFuture<Void> offer(byte[] bytes) {
    FtpFuture<Void> flushed = new FtpFuture<>(session()::await, () -> {});
    boolean large = bytes.length > window().size();
    AtomicBoolean written = new AtomicBoolean();
    Throwable refused = refusal(bytes.length);
    if (refused == null) {
      // A large array is not copied: this call returns when it was written.
      ByteBuffer data = ByteBuffer.wrap(large ? bytes : bytes.clone());
      refused = add(new SendBuffer.Piece(data, () -> flushed(bytes.length, flushed, written)), flushed);
    }
    if (refused != null) {
      Throwable reason = refused;
      session().completions().add(() -> flushed.fail(reason));
      return flushed;
    }
    try {
      window().awaitRoom(() -> isCancelled() || (large ? written.get() : !window().isFullWith(0)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      if (large) {
        failByUserCode(e); // the caller may change the array from now on
      }
    }
    return flushed;
  }

  private @Nullable Throwable add(SendBuffer.Piece piece, FtpFuture<Void> flushed) {
    lock.lock();
    try {
      if (failure != null) {
        return failure;
      }
      unflushed.add(flushed);
      if (!window().add(piece)) {
        unflushed.remove(flushed);
        return ended();
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Throwable refusal(int bytes) {
    if (isOver()) {
      return ended();
    }
    if (session().events().isDelivering() && !window().hasBegun() && window().isFullWith(bytes)) {
      return new IllegalStateException(
          "the upload of " + argument() + " has not begun and the send window is full: post the rest from put_connected");
    }
    return null;
  }

  private IllegalStateException ended() {
    return new IllegalStateException("the upload of " + argument() + " has ended: no more data can be put");
  }

  private void flushed(int bytes, FtpFuture<Void> flushed, AtomicBoolean written) {
    lock.lock();
    try {
      unflushed.remove();
    } finally {
      lock.unlock();
    }
    written.set(true);
    session().events().flushed(argument(), bytes);
    session().completions().add(() -> flushed.succeed(null));
    window().wake();
  }

  // --- its end ---

  @Override
  void over() {
    // The window takes no more data.
  }

  /** Whether it takes no more data. */
  boolean isOver() {
    return window().isOver() || isCancelled();
  }

  @Override
  void ended(@Nullable Throwable reason) {
    failUnflushed(reason == null ? ended() : reason);
  }

  @Override
  void dropped(Throwable reason) {
    window().end();
    uploads.forget(this);
    failUnflushed(reason);
    super.dropped(reason);
  }

  private void failUnflushed(Throwable reason) {
    List<FtpFuture<Void>> left;
    lock.lock();
    try {
      failure = reason;
      left = List.copyOf(unflushed);
      unflushed.clear();
    } finally {
      lock.unlock();
    }
    session().completions().add(() -> left.forEach(future -> future.fail(reason)));
  }
}
