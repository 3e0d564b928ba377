package io.loomftp.async;

import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpInputStream;
import io.loomftp.FtpLocalException;
import io.loomftp.FtpSession;
import io.loomftp.TransferResult;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** {@code get}, {@code ls} or {@code dir} whose data goes through a filter into events. */
final class EventDownload extends TransferOperation<TransferResult> {
  private final DataFilter filter;
  private final Opener opener;

  EventDownload(SessionLoop session, String name, String argument, DataFilter filter, Opener opener) {
    super(session, name, argument);
    this.filter = filter;
    this.opener = opener;
  }

  /** Begins the transfer. */
  @FunctionalInterface
  interface Opener {
    FtpInputStream open(FtpSession ftp) throws FtpException;
  }

  @Override
  Outcome<TransferResult> run() throws Exception {
    try (FtpInputStream in = opener.open(session().open())) {
      DataStream data = new DataStream(in, this, session().config().blockSize());
      try {
        pass(data);
      } catch (RuntimeException | Error e) {
        data.check(); // a filter throws also because the transfer failed
        failByUserCode(e);
        throw e;
      }
      data.check();
      data.drain();
      TransferResult result = in.result().orElseThrow();
      return new Outcome<>(result, done(Optional.of(result)));
    }
  }

  private void pass(DataStream data) throws IOException, InterruptedException {
    Duration bound = session().config().timeouts().dataRead();
    Iterator<?> items = Objects.requireNonNull(filter.items(data, session().config()), "a filter returned null for its items");
    boolean more = items instanceof BuiltIn;
    long before = 0;
    while (items.hasNext()) {
      Object item = Objects.requireNonNull(items.next(), "a filter returned a null item");
      var event = new FtpEvent.Data(name() + "_data", session().alias(), item, argument());
      if (!session().events().addData(event, (int) (data.count() - before), more, this::isCancelled, bound)) {
        throw notTaken(bound);
      }
      if (isCancelled()) { // the filter may have items of its own, without end
        throw abortedAfter(data.count());
      }
      before = data.count();
    }
  }

  private FtpException notTaken(Duration bound) {
    return new FtpLocalException(
        name() + " " + argument() + " was aborted: its listeners took no data for " + bound.toSeconds() + " s",
        ErrorKind.TIMEOUT, true, List.of(), null);
  }
}
