package io.loomftp.pool;

import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpInputStream;
import io.loomftp.FtpSession;
import io.loomftp.FtpTransferException;
import io.loomftp.ProgressReporter;
import io.loomftp.RateLimit;
import io.loomftp.TransferOptions;
import io.loomftp.TransferResult;
import io.loomftp.internal.file.ByteRange;
import io.loomftp.internal.file.PartialFile;
import io.loomftp.internal.retry.RetryPolicy;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Downloads the ranges of one partial file, several at the same time.
 *
 * <p>The transfer of a range is aborted at its end; a failure of that concerns its session alone. Only the last range
 * is read to the end of the file, with the server's final reply: that transfer must succeed, and the file must end where it
 * should.
 */
final class SegmentFetch {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentFetch.class);

  private final String path;
  private final TransferOptions options;
  private final PartialFile part;
  private final ProgressReporter progress;
  private final int blockSize;
  private final RetryingWorkers<ByteRange> workers;
  private final AtomicLong moved;
  private final long size;
  private final AtomicReference<@Nullable TransferResult> last = new AtomicReference<>();

  /**
   * Prepares to download what is missing.
   *
   * @param moved counts the downloaded bytes
   */
  SegmentFetch(
      LeaseSource pool, String path, TransferOptions options, PartialFile part, ProgressReporter progress, AtomicLong moved,
      RetryPolicy.Attempts attempts) {
    this.path = path;
    this.options = options;
    this.part = part;
    this.progress = progress;
    this.moved = moved;
    this.blockSize =
        Math.min(options.rateLimit().map(RateLimit::portion).orElse(Integer.MAX_VALUE), pool.config().blockSize());
    this.workers = new RetryingWorkers<>(pool, attempts, this::fetch);
    this.size = part.ranges().getLast().to();
  }

  /** Returns when all ranges are present. */
  void run() throws IOException, InterruptedException {
    workers.runAll(part.ranges().stream().filter(range -> range.missing() > 0).toList());
  }

  /** The transfer that came to the end of the file; empty when that was present before. */
  Optional<TransferResult> last() {
    return Optional.ofNullable(last.get());
  }

  private void fetch(FtpSession ftp, ByteRange range) throws IOException, InterruptedException {
    boolean isLast = range.to() == size;
    // When only the end of the transfer went wrong, the last byte alone is asked for again.
    boolean isPresent = range.missing() == 0;
    FtpInputStream in = ftp.getFrom(path, isPresent ? size - 1 : range.at());
    try {
      if (isPresent) {
        in.skipNBytes(1);
      } else {
        copy(in, range);
      }
      if (isLast && in.read() >= 0) {
        throw failure(in, "the server's file has become longer than " + size + " bytes; download it again", ErrorKind.CHANGED);
      }
    } catch (Throwable e) {
      abort(in, range);
      throw e;
    }
    if (isLast) {
      in.close();
      last.set(in.result().orElse(null));
    } else {
      abort(in, range);
    }
  }

  private void copy(FtpInputStream in, ByteRange range) throws IOException, InterruptedException {
    byte[] block = new byte[blockSize];
    try (OutputStream out = part.output(range)) {
      while (range.missing() > 0) {
        int n = in.read(block, 0, (int) Math.min(block.length, range.missing()));
        if (n < 0) {
          throw failure(in, "the server's file ended at byte " + range.at() + " of " + size, ErrorKind.TRUNCATED);
        }
        out.write(block, 0, n);
        moved.addAndGet(n);
        progress.moved(n);
        long pause = options.rateLimit().map(limit -> limit.take(n)).orElse(0L);
        if (workers.cancellation().await(Duration.ofNanos(pause))) {
          throw failure(in, "aborted, since another segment has failed", ErrorKind.ABORTED);
        }
      }
    }
  }

  private void abort(FtpInputStream in, ByteRange range) {
    try {
      in.close();
    } catch (FtpException e) {
      LOG.debug("a session was lost behind the range at {} of {}: {}", range.from(), path, e.getMessage());
    }
  }

  private FtpTransferException failure(FtpInputStream in, String what, ErrorKind kind) {
    return new FtpTransferException(
        "RETR " + path + ": " + what, in.result().flatMap(TransferResult::reply).orElse(null), moved.get(), kind, true,
        List.of(), null);
  }
}
