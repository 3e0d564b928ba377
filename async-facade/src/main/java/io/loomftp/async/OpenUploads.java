package io.loomftp.async;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The uploads that were posted and not closed, in order: {@code put_data} and {@code put_close} apply to the first.
 *
 * <p>A failed one stays until it is closed or the next one begins, so that data posted for it before its failure was delivered
 * does not get into the next file.
 */
final class OpenUploads {
  private final SessionMonitor monitor;
  private final ArrayDeque<EventUpload> open = new ArrayDeque<>();

  OpenUploads(SessionMonitor monitor) {
    this.monitor = monitor;
  }

  void posted(EventUpload upload) {
    monitor.change(() -> open.add(upload));
  }

  /** Its events begin, so earlier uploads are over. */
  void begun(EventUpload upload) {
    monitor.change(
        () -> {
          while (open.contains(upload) && open.peek() != upload) {
            open.remove();
          }
        });
  }

  void forget(EventUpload upload) {
    monitor.change(() -> open.remove(upload));
  }

  /** Adds data to the first. */
  CompletableFuture<Void> data(byte[] bytes) {
    EventUpload first = first();
    return first == null ? CompletableFuture.failedFuture(noUpload("put_data")) : first.offer(bytes);
  }

  /** Closes the first. */
  CompletableFuture<?> close() {
    EventUpload first;
    boolean dead;
    monitor.lock();
    try {
      first = open.poll();
      dead = first != null && first.isOver();
    } finally {
      monitor.unlock();
    }
    if (first == null || dead) {
      return CompletableFuture.failedFuture(noUpload("put_close"));
    }
    first.window().close();
    return first.future();
  }

  private @Nullable EventUpload first() {
    monitor.lock();
    try {
      return open.peek();
    } finally {
      monitor.unlock();
    }
  }

  private static IllegalStateException noUpload(String command) {
    return new IllegalStateException(command + " with no upload open: post put first");
  }
}
