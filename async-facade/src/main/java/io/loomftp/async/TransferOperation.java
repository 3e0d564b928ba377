package io.loomftp.async;

import io.loomftp.ErrorKind;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpException;
import io.loomftp.FtpOutputStream;
import io.loomftp.FtpTransferException;
import io.loomftp.Reply;
import io.loomftp.TransferResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** A command with a data connection: its events begin with {@code *_connected} and {@code *_server}, once each. */
abstract class TransferOperation<T> extends Operation<T> {
  private static final Set<String> VERBS = Set.of("RETR", "LIST", "NLST", "MLSD", "STOR", "APPE", "STOU");

  private final UserCode users = new UserCode();
  private final AtomicBoolean connected = new AtomicBoolean();
  private final AtomicBoolean started = new AtomicBoolean();

  TransferOperation(SessionLoop session, String name, String argument) {
    super(session, name, argument);
  }

  @Override
  final void replied(String verb, Reply reply) {
    super.replied(verb, reply);
    if (!name().isEmpty() && reply.isPreliminary() && VERBS.contains(verb) && started.compareAndSet(false, true)) {
      session()
          .events()
          .announce(
              new FtpEvent.Started(name() + "_server", session().alias(), reply.code(), reply.text(), argument()));
    }
  }

  @Override
  final void dataConnected() {
    if (!name().isEmpty() && connected.compareAndSet(false, true)) {
      session().events().announce(new FtpEvent.DataConnected(name() + "_connected", session().alias(), argument()));
    }
  }

  /** The code of the user that it runs. */
  final UserCode users() {
    return users;
  }

  @Override
  final void interruptUsers() {
    users.interrupt();
  }

  final FtpEvent done(Optional<TransferResult> result) {
    String ending = name().equals("put") ? "_closed" : "_done";
    return new FtpEvent.Done(name() + ending, session().alias(), argument(), result);
  }

  /** Aborts an upload that failed for this reason. */
  static void abort(FtpOutputStream out, Throwable reason) {
    try {
      out.abort();
    } catch (FtpException e) {
      reason.addSuppressed(e);
    }
  }

  /** The exception for an upload whose data does not come. */
  final FtpException idle(Duration bound, long bytes) {
    return new FtpTransferException(
        name() + " " + argument() + " was aborted after " + bytes + " bytes: no data was posted for " + bound.toSeconds() + " s",
        null, bytes, ErrorKind.TIMEOUT, true, List.of(), null);
  }

  /** The exception for an aborted transfer: its future was cancelled, or the session is being closed. */
  final FtpException abortedAfter(long bytes) {
    if (session().isClosing()) {
      return new FtpClosedException(
          name() + " " + argument() + " ended after " + bytes + " bytes: the session was closed",
          ErrorKind.CLOSED, List.of(), null);
    }
    return new FtpTransferException(
        name() + " " + argument() + " was aborted after " + bytes + " bytes",
        null, bytes, ErrorKind.ABORTED, true, List.of(), null);
  }
}
