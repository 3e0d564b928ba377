package io.loomftp.async;

import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpLocalException;
import io.loomftp.Reply;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A command that was posted: waits for its turn, runs on the session's thread, and ends with one event and one future. */
abstract class Operation<T> {
  private final SessionLoop session;
  private final String name;
  private final String argument;
  private final FtpFuture<T> future;
  private volatile boolean cancelled;
  private volatile @Nullable Throwable userFailure;
  private volatile @Nullable Reply lastReply;

  /** The name is empty for a command that has no events. */
  Operation(SessionLoop session, String name, String argument) {
    this.session = session;
    this.name = name;
    this.argument = Objects.requireNonNull(argument);
    this.future = new FtpFuture<>(session::await, this::abort);
  }

  /** Runs the command, on the session's thread. */
  abstract Outcome<T> run() throws Exception;

  /** Whether it can run before the user is logged in; others are held until then. */
  boolean runsBeforeLogin() {
    return false;
  }

  final SessionLoop session() {
    return session;
  }

  final String name() {
    return name;
  }

  /** What it was called with. */
  String argument() {
    return argument;
  }

  final FtpFuture<T> future() {
    return future;
  }

  // --- while it runs ---

  /** A reply was read; may be called by the thread of a TLS handshake. */
  void replied(String verb, Reply reply) {
    lastReply = reply;
  }

  /** A data connection is established; may be called by the thread of a TLS handshake. */
  void dataConnected() {}

  // --- its end ---

  /** Whether the command was cancelled or the session is closing. */
  final boolean isCancelled() {
    return cancelled || session.isClosing();
  }

  /** Drops it if it has not started, and aborts it if it has; called by any thread. */
  final void abort() {
    cancelled = true;
    session.stop(this);
  }

  /** Lets it see, where it waits, that it was aborted; called by any thread. */
  void wake() {}

  /** Interrupts the code of the user that it is inside, where an abort does not end it; called by any thread. */
  void interruptUsers() {}

  /** Fails it with an exception of the user's code. */
  final void failByUserCode(Throwable reason) {
    if (userFailure == null) {
      userFailure = reason;
    }
    abort();
  }

  /** Runs it to its end: one event, then its future. Returns the failure; null if it succeeded. */
  final @Nullable Throwable execute() {
    Outcome<T> outcome = null;
    Throwable trouble = null;
    try {
      outcome = run();
    } catch (Exception | Error e) {
      trouble = e;
      userFailure = userFailure == null && !EventText.hasText(e) ? e : userFailure;
    }
    Throwable reason = userFailure == null ? trouble : causedByUser(trouble, userFailure);
    FtpEvent event = reason != null ? failure(reason) : outcome == null ? null : outcome.event();
    long told = event == null ? 0 : session.events().announce(event);
    ended(reason);
    T value = outcome == null ? null : outcome.value();
    session.completions().addAfter(() -> awaitDelivery(told), () -> complete(value, reason));
    return reason;
  }

  /** Called at its end, before its future completes. */
  void ended(@Nullable Throwable reason) {}

  /** Waits until the listeners of the event were called, unless they wait themselves. */
  private void awaitDelivery(long told) {
    try {
      session.events().awaitDelivery(told);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Completes the future; called by the thread for that. */
  void complete(@Nullable T value, @Nullable Throwable reason) {
    if (reason == null) {
      future.succeed(value);
    } else {
      future.fail(reason);
    }
  }

  private FtpException causedByUser(@Nullable Throwable trouble, Throwable users) {
    FtpException ofCore = trouble instanceof FtpException e ? e : null;
    return new FtpLocalException(
        name + " " + argument() + " was aborted: " + users.getClass().getName() + ": " + EventText.of(users),
        ErrorKind.OTHER,
        ofCore == null || ofCore.sessionUsable(),
        ofCore == null ? List.of() : ofCore.transcript(),
        users);
  }

  /** The event of its failure; null where it has none. */
  @Nullable
  FtpEvent failure(Throwable reason) {
    return name.isEmpty() ? null : failed(name, reason);
  }

  final FtpEvent.Failed failed(String verb, Throwable reason) {
    return ErrorEvents.event(verb + "_error", session.alias(), argument(), reason, lastReply);
  }

  /** Fails it before it started: it was cancelled, or the session has ended. */
  void dropped(Throwable reason) {
    session.completions().add(() -> complete(null, reason));
  }
}
