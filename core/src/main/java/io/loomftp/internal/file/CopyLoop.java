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
 * Copies between one transfer and a local stream, block by block, and applies the digest, the progress, the rate limits, the
 * minimum rate and the local stall guard. The transfer is over afterwards in any case.
 */
final class CopyLoop {
  private static final int SMALL = 4 << 10;

  private final FileTransfer operation;
  private final Transfer transfer;
  private final DigestSet digests;
  private final ProgressReporter progress;
  private final LocalStallGuard local;
  private final MinimumRate network;
  private byte[] block;

  CopyLoop(FileTransfer operation, Transfer transfer, DigestSet digests, ProgressReporter progress, OptionalLong size) {
    this.operation = operation;
    this.transfer = transfer;
    this.digests = digests;
    this.progress = progress;
    this.local = new LocalStallGuard(operation.options.localStall(), transfer::requestAbort);
    this.network = new MinimumRate(operation.options.slowest().orElse(null), transfer::requestAbort);
    // A small file needs no large block; one byte more detects that it is longer than expected.
    int largest = operation.session.config().blockSize();
    this.block = new byte[Math.clamp(Math.min(size.orElse(largest), largest) + 1, Math.min(SMALL, largest), largest)];
    operation.options.rateLimit().ifPresent(transfer::limit);
  }

  /** Inspects arriving data before it is written. */
  @FunctionalInterface
  interface Inspection {
    /** Called with the size of the next block; false to stop. */
    boolean next(int length);
  }

  /** Copies arriving data to its end; false when the inspection stopped it and the transfer was aborted. */
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
              transfer.abortQuietly();
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
            grow(n);
          }
        });
  }

  private int read(@Nullable AsciiReader text) throws FtpException {
    return text == null
        ? transfer.read(block, 0, transfer.portion(block.length))
        : text.read(block, 0, block.length);
  }

  /** Copies the source to its end and returns the number of bytes; does not finish the transfer. */
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
            grow(n);
          }
        });
    return sent[0];
  }

  /** A full block means that the file is longer than expected: the next one has the configured size. */
  private void grow(int n) {
    int largest = operation.session.config().blockSize();
    if (n == block.length && n < largest) {
      block = new byte[largest];
    }
  }

  /** Moves the data. */
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
    } catch (Throwable e) {
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

  /** Aborts the transfer unless it is over; a failure of that is suppressed in the reason. */
  private void end(Throwable reason) {
    try {
      transfer.abortQuietly();
    } catch (IOException e) {
      if (!e.equals(reason)) {
        reason.addSuppressed(e);
      }
    }
  }
}
