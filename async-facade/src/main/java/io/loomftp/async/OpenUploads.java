package io.loomftp.async;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The uploads that were posted and not closed, in order: {@code put_data} and {@code put_close} mean the first.
 *
 * <p>One that has failed stays here until it is closed or the next one begins, so that data meant for it, by somebody who has
 * not heard yet, does not get into the next file.
 */
final class OpenUploads {
  private final SessionMonitor meeting;
  private final ArrayDeque<EventUpload> open = new ArrayDeque<>();

  OpenUploads(SessionMonitor meeting) {
    this.meeting = meeting;
  }

  void posted(EventUpload upload) {
    meeting.change(() -> open.add(upload));
  }

  /** Its events begin, so what was before it is over. */
  void begun(EventUpload upload) {
    meeting.change(
        () -> {
          while (open.contains(upload) && open.peek() != upload) {
            open.remove();
          }
        });
  }

  void forget(EventUpload upload) {
    meeting.change(() -> open.remove(upload));
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
    meeting.lock();
    try {
      first = open.poll();
      dead = first != null && first.isOver();
    } finally {
      meeting.unlock();
    }
    if (first == null || dead) {
      return CompletableFuture.failedFuture(noUpload("put_close"));
    }
    first.window().close();
    return first.future();
  }

  private @Nullable EventUpload first() {
    meeting.lock();
    try {
      return open.peek();
    } finally {
      meeting.unlock();
    }
  }

  private static IllegalStateException noUpload(String command) {
    return new IllegalStateException(command + " with no upload open: put comes first");
  }
}
