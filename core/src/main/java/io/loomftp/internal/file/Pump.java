package io.loomftp.internal.file;

import io.loomftp.FtpException;
import io.loomftp.FtpTimeoutException;
import io.loomftp.Kind;
import io.loomftp.ProgressMeter;
import io.loomftp.internal.session.LineEnds;
import io.loomftp.internal.session.TextReader;
import io.loomftp.internal.session.Transfer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Copies between one transfer and this side, block by block: the digest, the progress, the limits and the two kinds of
 * slowness are seen to here. However it ends, the transfer is over then.
 */
final class Pump {
  private final Errand errand;
  private final Transfer transfer;
  private final Fingerprint print;
  private final ProgressMeter meter;
  private final LocalWatch local;
  private final Slowness network;
  private final byte[] block;

  Pump(Errand errand, Transfer transfer, Fingerprint print, ProgressMeter meter, OptionalLong size) {
    this.errand = errand;
    this.transfer = transfer;
    this.print = print;
    this.meter = meter;
    this.local = new LocalWatch(errand.options.localStall(), transfer::requestAbort);
    this.network = new Slowness(errand.options.slowest().orElse(null), transfer::requestAbort);
    // A small file needs no large block; one byte more shows that it ends where it should.
    this.block = new byte[Math.clamp(size.orElse(Long.MAX_VALUE - 1) + 1, 1, errand.talk.config().blockSize())];
    errand.options.rateLimit().ifPresent(transfer::limit);
  }

  /** Looks at what arrives, before it is written. */
  @FunctionalInterface
  interface Inspection {
    /** False when nothing more is wanted. */
    boolean next(byte[] block, int length);
  }

  /** Copies what arrives until its end; false when the inspection wanted no more, and the transfer was called off. */
  boolean receive(OutputStream sink, Inspection inspection) throws FtpException {
    TextReader text = errand.isText() ? new TextReader(transfer) : null;
    return run(
        "sink",
        () -> {
          while (true) {
            int n = network.watch(() -> read(text));
            if (n < 0) {
              meter.end();
              return true;
            }
            if (!inspection.next(block, n)) {
              transfer.callOff();
              return false;
            }
            print.add(block, 0, n);
            local.watch(
                () -> {
                  sink.write(block, 0, n);
                  return true;
                });
            meter.moved(n);
            if (text == null) {
              transfer.awaitTurn(n);
            }
          }
        });
  }

  private int read(@Nullable TextReader text) throws FtpException {
    return text == null
        ? transfer.read(block, 0, transfer.portion(block.length))
        : text.read(block, 0, block.length);
  }

  /** Copies what the source gives, to its end; how many bytes of it that were. The transfer is not finished. */
  long send(InputStream source) throws FtpException {
    LineEnds text = errand.isText() ? new LineEnds() : null;
    long[] sent = new long[1];
    run(
        "source",
        () -> {
          while (true) {
            int n = local.watch(() -> source.read(block, 0, transfer.portion(block.length)));
            if (n < 0) {
              meter.end();
              return true;
            }
            print.add(block, 0, n);
            byte[] wire = text == null ? block : text.toWire(block, 0, n);
            int length = text == null ? n : wire.length;
            transfer.awaitTurn(length);
            network.watch(
                () -> {
                  transfer.write(wire, 0, length);
                  return length;
                });
            sent[0] += n;
            meter.moved(n);
          }
        });
    return sent[0];
  }

  /** Moves everything. */
  @FunctionalInterface
  private interface Work {
    boolean run() throws FtpException, LocalTrouble, Slowness.TooSlow;
  }

  private boolean run(String side, Work work) throws FtpException {
    try {
      return work.run();
    } catch (LocalTrouble e) {
      end(e);
      throw errand.local(e, side);
    } catch (Slowness.TooSlow e) {
      end(e);
      throw tooSlow(e);
    } catch (FtpException | RuntimeException | Error e) {
      end(e);
      throw e;
    }
  }

  private FtpException tooSlow(Slowness.TooSlow reason) {
    if (errand.talk.isOpen()) {
      return errand.failure(String.valueOf(reason.getMessage()), transfer.bytes(), Kind.TIMEOUT, reason);
    }
    return new FtpTimeoutException(
        errand.what + ": " + reason.getMessage(), Kind.TIMEOUT, errand.talk.transcript().lines(), reason);
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
