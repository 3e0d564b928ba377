package io.loomftp.async;

import io.loomftp.FtpConfig;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The posted commands in order. Until the user is logged in, only those that lead there run; the others are held, also when
 * connecting or logging in failed, so that a listener of that failure may try again. They fail when nobody listens to the
 * failure, and when nobody tried again in the time for connecting. {@code quit} ends the session then. Guarded by its owner.
 */
final class CommandQueue {
  private static final Duration CHECK_INTERVAL = Duration.ofMillis(10);
  private static final Duration LONG_PAUSE = Duration.ofHours(1);

  /** The time after which a listener or dependent that waits for a future is taken to wait for a held command. */
  private static final Duration LONGEST_POST = Duration.ofMillis(100);

  private final EventLoop events;
  private final Completions completions;
  private final Audience audience;
  private final ArrayDeque<Operation<?>> queue = new ArrayDeque<>();
  private boolean hasConnect;
  private boolean isLoggedIn;
  private @Nullable Throwable failure;
  private long failedAt;
  private long failureEvent;

  CommandQueue(EventLoop events, Completions completions, Audience audience) {
    this.events = events;
    this.completions = completions;
    this.audience = audience;
  }

  /** Those who listen to the session. */
  @FunctionalInterface
  interface Audience {
    /** Whether anybody listens to events of that name. */
    boolean hears(String event);
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  boolean isLoggedIn() {
    return isLoggedIn;
  }

  /** Adds a command; returns the reason where it can never run. */
  @Nullable
  Throwable add(Operation<?> operation) {
    hasConnect |= operation instanceof LoginOperation;
    if (!hasConnect && !operation.runsBeforeLogin()) {
      return new IllegalStateException("the session is not connected: call connect first");
    }
    queue.add(operation);
    return null;
  }

  List<Operation<?>> removeAll() {
    List<Operation<?>> all = List.copyOf(queue);
    queue.clear();
    return all;
  }

  /** Whether a {@code quit} waits. */
  boolean hasQuit() {
    return queue.stream().anyMatch(CommandQueue::isQuit);
  }

  /** Takes those out that were cancelled. */
  List<Operation<?>> removeCancelled() {
    List<Operation<?>> cancelled = new ArrayList<>();
    for (Iterator<Operation<?>> all = queue.iterator(); all.hasNext();) {
      Operation<?> next = all.next();
      if (next.isCancelled()) {
        all.remove();
        cancelled.add(next);
      }
    }
    return cancelled;
  }

  /** Records how connecting or logging in ended, after its event was added. */
  void loggedIn(@Nullable Throwable trouble) {
    isLoggedIn = trouble == null;
    failure = trouble;
    failedAt = System.nanoTime();
    failureEvent = events.added();
  }

  /** Records that a command was cancelled before it began; without an event, so that no listener will try again. */
  void skipped(Operation<?> operation, Throwable reason) {
    if (operation instanceof LoginOperation && !isLoggedIn && failure == null) {
      failure = reason;
      failedAt = System.nanoTime();
    }
  }

  /** The connection was lost and is established again. */
  void loggedOut() {
    isLoggedIn = false;
    failure = null;
  }

  /** Takes the next command that can run now; fails those that never will. */
  @Nullable
  Operation<?> poll(FtpConfig config) {
    if (isLoggedIn) {
      return queue.poll();
    }
    for (Iterator<Operation<?>> all = queue.iterator(); all.hasNext();) {
      Operation<?> next = all.next();
      if (next.isCancelled() || (next.runsBeforeLogin() && !isQuit(next))) {
        all.remove();
        return next;
      }
    }
    return queue.isEmpty() ? null : afterFailure(config);
  }

  private static boolean isQuit(Operation<?> operation) {
    return operation.name().equals("quit");
  }

  private @Nullable Operation<?> afterFailure(FtpConfig config) {
    long since = System.nanoTime() - failedAt;
    boolean late = failure != null && since > config.timeouts().connect().toNanos();
    if (!late && !isSettled(since)) {
      return null;
    }
    if (!hasQuit() && isHeard() && !late) {
      return null;
    }
    Throwable reason = failure == null ? new IllegalStateException("the session is not connected") : failure;
    List<Operation<?>> held = new ArrayList<>();
    while (!queue.isEmpty() && !isQuit(queue.element())) {
      held.add(queue.remove());
    }
    held.forEach(operation -> operation.dropped(reason));
    return queue.poll();
  }

  /** Whether no listener and no dependent of the failure is left that may try again; one that waits for a future will not. */
  private boolean isSettled(long since) {
    if (failure == null) {
      return !hasConnect;
    }
    boolean waits = since > LONGEST_POST.toNanos();
    return (events.isDelivered(failureEvent) || (waits && events.isWaiting()))
        && (completions.isIdle() || (waits && completions.isWaiting()));
  }

  private boolean isHeard() {
    return failureEvent > 0 && (audience.hears("connected") || audience.hears("connect_error") || audience.hears("login_error"));
  }

  /** The time after which to look again: long without commands, short while some are held. */
  long nanosToNextLook() {
    return queue.isEmpty() ? LONG_PAUSE.toNanos() : CHECK_INTERVAL.toNanos();
  }
}
