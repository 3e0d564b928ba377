package io.loomftp.internal.file;

import io.loomftp.Digest;
import io.loomftp.ErrorKind;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpException;
import io.loomftp.FtpLocalException;
import io.loomftp.FtpTransferException;
import io.loomftp.Reply;
import io.loomftp.Retry;
import io.loomftp.TransferOptions;
import io.loomftp.TransferResult;
import io.loomftp.TransferType;
import io.loomftp.Verify;
import io.loomftp.internal.observe.Observer;
import io.loomftp.internal.session.FileQueries;
import io.loomftp.internal.session.SessionCore;
import io.loomftp.internal.transfer.Transfer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call that transfers a file, with all its attempts: its options, its counts, and the exceptions for its failures.
 */
final class FileTransfer {
  final SessionCore session;
  final FileQueries queries;
  final TransferOptions options;
  final String path;
  final String what;
  private final long start = System.nanoTime();

  private long moved;
  private int attempts;
  private boolean repeatable = true;
  private Consumer<FtpException> givingUp = failure -> {};
  private Optional<Reply> reply = Optional.empty();
  private Optional<io.loomftp.DataConnection.Protection> protection = Optional.empty();
  private TransferResult.Outcome outcome = TransferResult.Outcome.TRANSFERRED;

  FileTransfer(SessionCore session, FileQueries queries, TransferOptions options, String path, String what) {
    this.session = session;
    this.queries = queries;
    this.options = options;
    this.path = path;
    this.what = what;
  }

  /** Forbids another attempt, since the caller's stream was read or written. */
  void cannotRepeat() {
    repeatable = false;
  }

  /** Sets the cleanup for when there is no further attempt. */
  void onGivingUp(Consumer<FtpException> clearing) {
    givingUp = clearing;
  }

  /** One attempt. */
  @FunctionalInterface
  interface Attempt {
    TransferResult run() throws FtpException, IOException;
  }

  /** Runs attempts as often as the options allow, all under one timeout for the operation. */
  TransferResult run(Attempt attempt) throws FtpException {
    return session.runOperation(
        () -> {
          session.check(path);
          session.takeSuspicion();
          FtpException before = null;
          while (true) {
            attempts++;
            try {
              if (before != null && !session.isOpen()) {
                session.reconnect();
              }
              return attempt.run();
            } catch (FtpException e) {
              if (before != null && before != e) {
                e.addSuppressed(before);
              }
              before = e;
              if (session.takeSuspicion() && repeatable && session.isOpen()) {
                session.transcript().add("* retried with one command at a time");
                retried(attempts + 1, Duration.ZERO, e);
                continue;
              }
              Duration pause = FileRetry.policy(options.retry()).backoff().pause(attempts);
              if (!Retry.isTransient(e) || !isTimeFor(pause)) {
                givingUp.accept(e);
                throw e;
              }
              session.transcript().add("* retried in " + pause.toMillis() + " ms");
              retried(attempts + 1, pause, e);
              if (!session.pause(pause)) {
                FtpException end = calledOff(e);
                givingUp.accept(end);
                throw end;
              }
            } catch (IOException e) {
              FtpException end = local(e);
              givingUp.accept(end);
              throw end;
            }
          }
        });
  }

  private boolean isTimeFor(Duration pause) {
    boolean late = elapsed().plus(pause).compareTo(options.retry().total()) > 0;
    boolean wanted = !session.isLate() && !Thread.currentThread().isInterrupted();
    return repeatable && wanted && !late && attempts < options.retry().attempts();
  }

  /** Waits; throws when the wait was aborted. */
  void pause(Duration time) throws FtpException {
    if (!session.pause(time)) {
      throw calledOff(null);
    }
  }

  private FtpException calledOff(@Nullable FtpException last) {
    String message = what + " was aborted during a wait";
    return session.isOpen()
        ? new FtpTransferException(message, null, moved, ErrorKind.ABORTED, true, session.transcript().lines(), last)
        : new FtpClosedException(message, ErrorKind.ABORTED, session.transcript().lines(), last);
  }

  /**
   * Reconnects after the connection was lost at a critical moment, to find out the outcome.
   *
   * @param doubt the exception to throw when that fails
   */
  <E extends FtpException> void reconnect(E doubt) throws E {
    for (int attempt = 1;; attempt++) {
      try {
        session.reconnect();
        return;
      } catch (FtpException e) {
        if (doubt != e) {
          doubt.addSuppressed(e);
        }
        Duration pause = FileRetry.policy(options.retry()).backoff().pause(attempt);
        boolean last = attempt >= options.retry().attempts() || !Retry.isTransient(e) || !isTimeLeft(pause);
        if (!last) {
          retried(attempt + 1, pause, e);
        }
        if (last || !session.pause(pause)) {
          throw doubt;
        }
      }
    }
  }

  private void retried(int attempt, Duration pause, FtpException reason) {
    Observer.of(session.config()).retried(session.control().masked(what), attempt, pause, reason.kind());
  }

  private boolean isTimeLeft(Duration pause) {
    return elapsed().plus(pause).compareTo(options.retry().total()) <= 0 && !session.isLate();
  }

  /** Counts the bytes of a transfer that ended in any way. */
  void ended(Transfer transfer) {
    moved += transfer.bytes();
    protection = transfer.protection();
    transfer.succeeded().ifPresent(result -> reply = result.reply());
  }

  /** Records that the final reply was lost and comparing proved success. */
  void settled() {
    outcome = TransferResult.Outcome.SETTLED;
    reply = Optional.empty();
  }

  TransferResult result(long resumedFrom, Optional<Digest> digest, TransferResult.Verified verified) {
    return new TransferResult(
        path, moved, elapsed(), reply, protection, outcome, resumedFrom, digest, verified, Math.max(1, attempts));
  }

  TransferResult skipped() {
    return TransferResult.skipped(path, elapsed());
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Whether local and remote bytes are the same, so that sizes and digests can be compared. */
  boolean isBinary() {
    return session.config().transferType() == TransferType.BINARY;
  }

  boolean isText() {
    return session.config().transferType() == TransferType.ASCII;
  }

  boolean resumes() {
    return options.resumes() && isBinary();
  }

  /**
   * The hash to compare, if any.
   *
   * @throws FtpTransferException when one is demanded and the server has none
   */
  Optional<ServerHash> hash() throws FtpException {
    if (!isBinary() || options.verify().compareTo(Verify.HASH_IF_OFFERED) < 0) {
      return Optional.empty();
    }
    Optional<ServerHash> hash = ServerHash.strongest(session.features());
    if (hash.isEmpty() && options.verify() == Verify.HASH) {
      throw failure("the server offers no hash command; nothing was moved", 0, ErrorKind.UNSUPPORTED);
    }
    return hash;
  }

  /** The digests to compute during the transfer. */
  DigestSet digests(Optional<ServerHash> hash) {
    List<String> algorithms = new ArrayList<>();
    options.digest().ifPresent(algorithms::add);
    hash.ifPresent(h -> algorithms.add(h.algorithm()));
    return new DigestSet(algorithms);
  }

  Optional<Digest> digest(DigestSet digests, Optional<ServerHash> hash) {
    return options.digest().flatMap(digests::of).or(() -> hash.flatMap(h -> digests.of(h.algorithm())));
  }

  /** The exception for sizes that differ. */
  FtpTransferException wrongSize(long localSize, long remoteSize) {
    boolean grew = what.startsWith("RETR") == localSize > remoteSize; // the side that is only read
    return failure(
        String.format(Locale.ROOT, "%d bytes were moved, but the server's file has %d", localSize, remoteSize), localSize,
        grew ? ErrorKind.CHANGED : ErrorKind.TRUNCATED);
  }

  FtpTransferException failure(String message, long bytes, ErrorKind kind) {
    return failure(message, bytes, kind, null);
  }

  FtpTransferException failure(String message, long bytes, ErrorKind kind, @Nullable Throwable cause) {
    return new FtpTransferException(
        what + ": " + message, reply.orElse(null), bytes, kind, true, session.transcript().lines(), cause);
  }

  /** The exception for a local failure. */
  FtpLocalException local(IOException cause) {
    return new FtpLocalException(what + ": " + cause, LocalFailure.kind(cause), session.isOpen(), session.transcript().lines(),
        cause);
  }

  /** The exception for a failure of the source or sink, after the transfer was ended. */
  FtpException local(LocalFailure trouble, String side) {
    if (trouble.stalled) {
      String message =
          what + ": the " + side + " stalled for longer than " + options.localStall().orElseThrow();
      return new FtpLocalException(message, ErrorKind.TIMEOUT, session.isOpen(), session.transcript().lines(), trouble.reason);
    }
    return trouble.reason instanceof FtpException ftp ? ftp : local(trouble.reason);
  }
}
