package io.loomftp.async;

import io.loomftp.FtpException;
import io.loomftp.FtpSession;
import io.loomftp.Progress;
import io.loomftp.TransferOptions;
import io.loomftp.TransferResult;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** {@code get} or {@code put} of a local file, which the core runs as a whole. */
final class FileOperation extends TransferOperation<TransferResult> {
  private final Verb verb;
  private final TransferOptions options;

  FileOperation(SessionLoop session, String name, String argument, TransferOptions options, Verb verb) {
    super(session, name, argument);
    this.verb = verb;
    this.options = Objects.requireNonNull(options);
  }

  /** The call of the core. */
  @FunctionalInterface
  interface Verb {
    TransferResult run(FtpSession ftp, TransferOptions options, UserCode users) throws FtpException;
  }

  @Override
  Outcome<TransferResult> run() throws Exception {
    TransferResult result = verb.run(session().open(), options.progress(new Relay(options.progress())), users());
    return new Outcome<>(result, done(Optional.of(result)));
  }

  /** Calls the user's progress on the events thread, with the latest state only where that thread is slow. */
  private final class Relay implements Progress {
    private final Progress users;
    private final AtomicReference<@Nullable State> latest = new AtomicReference<>();

    Relay(Progress users) {
      this.users = users;
    }

    @Override
    public void moved(State state) {
      if (isCancelled()) {
        throw new CancellationException(name() + " " + argument() + " was aborted after " + state.bytes() + " bytes");
      }
      if (!users.equals(Progress.NONE) && latest.getAndSet(state) == null) {
        session().events().run(this::tell);
      }
    }

    private void tell() {
      State state = latest.getAndSet(null);
      if (state == null) {
        return;
      }
      try {
        users.moved(state);
      } catch (Throwable e) {
        failByUserCode(e);
      }
    }
  }
}
