package io.loomftp.internal.file;

import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpTimeoutException;
import io.loomftp.ProgressReporter;
import io.loomftp.internal.transfer.AsciiReader;
import io.loomftp.internal.transfer.LineEnds;
import io.loomftp.internal.transfer.Transfer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Copies between one transfer and this side, block by block: the digest, the progress, the limits and the two kinds of
 * slowness are seen to here. However it ends, the transfer is over then.
 */
final class CopyLoop {
  private final FileTransfer operation;
  private final Transfer transfer;
  private final DigestSet digests;
  private final ProgressReporter progress;
  private final LocalStallGuard local;
  private final MinimumRate network;
  private final byte[] block;

  CopyLoop(FileTransfer operation, Transfer transfer, DigestSet digests, ProgressReporter progress, OptionalLong size) {
    this.operation = operation;
    this.transfer = transfer;
    this.digests = digests;
    this.progress = progress;
    this.local = new LocalStallGuard(operation.options.localStall(), transfer::requestAbort);
    this.network = new MinimumRate(operation.options.slowest().orElse(null), transfer::requestAbort);
    // A small file needs no large block; one byte more shows that it ends where it should.
    this.block = new byte[Math.clamp(size.orElse(Long.MAX_VALUE - 1) + 1, 1, operation.session.config().blockSize())];
    operation.options.rateLimit().ifPresent(transfer::limit);
  }

  /** Counts what arrives, before it is written. */
  @FunctionalInterface
  interface Inspection {
    /** So many bytes come next; false when they are not wanted, nor any more. */
    boolean next(int length);
  }

  /** Copies what arrives until its end; false when the inspection wanted no more, and the transfer was called off. */
  boolean receive(OutputStream sink, Inspection inspection) throws FtpException {
    AsciiReader text = operation.isText() ? new AsciiReader(transfer) : null;
    return run(
        "sink",
        () -> {
          while (true) {
            int n = network.watch(() -> read(text));
            if (n < 0) {
              progress.end();
              return true;
            }
            if (!inspection.next(n)) {
              transfer.callOff();
              return false;
            }
            digests.add(block, 0, n);
            local.watch(
                () -> {
                  sink.write(block, 0, n);
                  return true;
                });
            progress.moved(n);
            if (text == null) {
              transfer.awaitTurn(n);
            }
          }
        });
  }

  private int read(@Nullable AsciiReader text) throws FtpException {
    return text == null
        ? transfer.read(block, 0, transfer.portion(block.length))
        : text.read(block, 0, block.length);
  }

  /** Copies what the source gives, to its end; how many bytes of it that were. The transfer is not finished. */
  long send(InputStream source) throws FtpException {
    LineEnds text = operation.isText() ? new LineEnds() : null;
    long[] sent = new long[1];
    run(
        "source",
        () -> {
          while (true) {
            int n = local.watch(() -> source.read(block, 0, transfer.portion(block.length)));
            if (n < 0) {
              progress.end();
              return true;
            }
            digests.add(block, 0, n);
            byte[] wire = text == null ? block : text.toWire(block, 0, n);
            int length = text == null ? n : wire.length;
            transfer.awaitTurn(length);
            network.watch(
                () -> {
                  transfer.write(wire, 0, length);
                  return length;
                });
            sent[0] += n;
            progress.moved(n);
          }
        });
    return sent[0];
  }

  /** Moves everything. */
  @FunctionalInterface
  private interface Work {
    boolean run() throws FtpException, LocalFailure, MinimumRate.TooSlow;
  }

  private boolean run(String side, Work work) throws FtpException {
    try {
      return work.run();
    } catch (LocalFailure e) {
      end(e);
      throw operation.local(e, side);
    } catch (MinimumRate.TooSlow e) {
      end(e);
      throw tooSlow(e);
    } catch (FtpException | RuntimeException | Error e) {
      end(e);
      throw e;
    }
  }

  private FtpException tooSlow(MinimumRate.TooSlow reason) {
    if (operation.session.isOpen()) {
      return operation.failure(String.valueOf(reason.getMessage()), transfer.bytes(), ErrorKind.TIMEOUT, reason);
    }
    return new FtpTimeoutException(
        operation.what + ": " + reason.getMessage(), ErrorKind.TIMEOUT, operation.session.transcript().lines(), reason);
  }

  /** Calls the transfer off unless it is over; what goes wrong then comes second. */
  private void end(Throwable reason) {
    try {
      transfer.callOff();
    } catch (IOException e) {
      if (!e.equals(reason)) {
        reason.addSuppressed(e);
      }
    }
  }
}
