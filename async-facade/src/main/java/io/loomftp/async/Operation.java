package io.loomftp.async;

import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpLocalException;
import io.loomftp.Reply;
import java.util.List;
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
  private volatile @Nullable Outcome<T> outcome;
  private volatile @Nullable Throwable trouble;

  /** The name is empty for a command that has no events. */
  Operation(SessionLoop session, String name, String argument) {
    this.session = session;
    this.name = name;
    this.argument = argument;
    this.future = new FtpFuture<>(session.events(), this::abort);
  }

  /** Runs the command, on the session's thread. */
  abstract Outcome<T> run() throws Exception;

  final SessionLoop session() {
    return session;
  }

  final String name() {
    return name;
  }

  final String argument() {
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

  /** Fails it with an exception of the user's code. */
  final void failByUserCode(Throwable reason) {
    if (userFailure == null) {
      userFailure = reason;
    }
    abort();
  }

  final void ended(Outcome<T> how) {
    outcome = how;
  }

  final void ended(Throwable why) {
    trouble = why;
  }

  /** The failure; null if it succeeded. */
  final @Nullable Throwable trouble() {
    Throwable users = userFailure;
    Throwable known = trouble;
    if (users == null) {
      return known;
    }
    FtpException ofCore = known instanceof FtpException e ? e : null;
    return new FtpLocalException(
        name + " " + argument + " was aborted: " + users,
        ErrorKind.OTHER,
        ofCore == null || ofCore.sessionUsable(),
        ofCore == null ? List.of() : ofCore.transcript(),
        users);
  }

  /** Builds the event of its end, on the events thread. */
  @Nullable
  FtpEvent endEvent() {
    Throwable reason = trouble();
    if (reason != null) {
      return name.isEmpty() ? null : failed(name, reason);
    }
    Outcome<T> how = outcome;
    return how == null ? null : how.event();
  }

  final FtpEvent.Failed failed(String verb, Throwable reason) {
    return ErrorEvents.event(verb + "_error", session.alias(), argument, reason, lastReply);
  }

  /** Completes the future, on the events thread, after the listeners. */
  void finish() {
    Throwable reason = trouble();
    Outcome<T> how = outcome;
    if (reason != null || how == null) {
      future.fail(reason == null ? new IllegalStateException(name + " has no result") : reason);
    } else {
      future.succeed(how.value());
    }
  }

  /** Fails it before it started: it was cancelled, or the session has ended. */
  void dropped(Throwable reason) {
    future.fail(reason);
  }
}
