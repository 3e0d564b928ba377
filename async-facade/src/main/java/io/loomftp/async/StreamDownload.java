package io.loomftp.async;

import io.loomftp.FtpException;
import io.loomftp.FtpInputStream;
import io.loomftp.FtpSession;
import io.loomftp.TransferResult;
import java.util.Arrays;
import java.util.Optional;

/** Reads a data connection block by block and passes the blocks on, at the rate of the receiver. */
abstract class StreamDownload extends TransferOperation<TransferResult> {
  /** Blocks start small, since most files and listings are, and double while they are filled. */
  private static final int FIRST_BLOCK = 8 << 10;

  private final Opener opener;

  StreamDownload(SessionLoop session, String name, String argument, Opener opener) {
    super(session, name, argument);
    this.opener = opener;
  }

  /** Begins the transfer. */
  @FunctionalInterface
  interface Opener {
    FtpInputStream open(FtpSession ftp) throws FtpException;
  }

  /** Called when the data begins. */
  abstract void begin();

  /** Passes a block on; waits until there is room for it. */
  abstract void pass(byte[] block);

  /** Called when the data has ended. */
  abstract void end(boolean complete);

  @Override
  final Outcome<TransferResult> run() throws Exception {
    try (FtpInputStream in = opener.open(session().open())) {
      begin();
      boolean complete = false;
      try {
        complete = copy(in);
      } finally {
        end(complete);
      }
      TransferResult result = in.result().orElseThrow();
      return new Outcome<>(result, done(Optional.of(result)));
    }
  }

  private boolean copy(FtpInputStream in) throws FtpException {
    int most = session().config().blockSize();
    byte[] block = new byte[Math.min(FIRST_BLOCK, most)];
    long bytes = 0;
    for (int n = in.read(block, 0, block.length); n >= 0; n = in.read(block, 0, block.length)) {
      bytes += n;
      if (!isCancelled()) {
        pass(Arrays.copyOf(block, n));
      }
      if (isCancelled()) {
        throw abortedAfter(bytes);
      }
      if (n == block.length && n < most) {
        block = new byte[Math.min(2 * n, most)];
      }
    }
    return true;
  }
}
