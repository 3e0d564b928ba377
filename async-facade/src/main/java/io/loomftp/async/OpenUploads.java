package io.loomftp.async;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The uploads that were posted and not closed, in order: {@code put_data} and {@code put_close} apply to the first.
 *
 * <p>A failed one stays until it is closed or the next one begins, so that data posted for it before its failure was delivered
 * does not get into the next file.
 */
final class OpenUploads {
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<EventUpload> open = new ArrayDeque<>(); // guarded by lock
  private @Nullable EventUpload present; // the last one that began

  void posted(EventUpload upload) {
    lock.lock();
    try {
      open.add(upload);
    } finally {
      lock.unlock();
    }
  }

  /** Its events begin, so earlier uploads are over. */
  void begun(EventUpload upload) {
    lock.lock();
    try {
      present = upload;
      while (open.contains(upload) && open.peek() != upload) {
        open.remove();
      }
    } finally {
      lock.unlock();
    }
  }

  void forget(EventUpload upload) {
    lock.lock();
    try {
      open.remove(upload);
    } finally {
      lock.unlock();
    }
  }

  /** Calls off the upload whose events are being delivered: the listener that had to feed it threw. */
  void callOff(Throwable thrown) {
    EventUpload starved;
    lock.lock();
    try {
      starved = present;
    } finally {
      lock.unlock();
    }
    if (starved != null && !starved.isOver()) {
      starved.failByUserCode(thrown);
    }
  }

  /** Adds data to the first. */
  CompletableFuture<Void> data(byte[] bytes) {
    EventUpload first;
    lock.lock();
    try {
      first = open.peek();
    } finally {
      lock.unlock();
    }
    return first == null ? CompletableFuture.failedFuture(noUpload("put_data")) : first.offer(bytes);
  }

  /** Closes the first. */
  CompletableFuture<?> close() {
    EventUpload first;
    lock.lock();
    try {
      first = open.poll();
    } finally {
      lock.unlock();
    }
    if (first == null || first.isOver()) {
      return CompletableFuture.failedFuture(noUpload("put_close"));
    }
    first.window().close();
    return first.future();
  }

  private static IllegalStateException noUpload(String command) {
    return new IllegalStateException(command + " with no upload open: post put first");
  }
}
