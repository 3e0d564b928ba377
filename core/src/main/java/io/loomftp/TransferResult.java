package io.loomftp;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * The result of a successful transfer.
 *
 * @param path the remote path as given; for STOU the one that the server chose
 * @param bytes moved over the data connection by this call in all its attempts; less than the size of the file for a
 *     resumed transfer, possibly more for a retried one
 * @param duration from the first command to the last reply
 * @param reply the server's final reply to the transfer; empty where it was skipped or its reply was lost
 * @param protection how TLS protected the data; empty when it did not
 * @param outcome whether the data was moved now, and how that is known
 * @param resumedFrom bytes of the file that were present before and not moved again; 0 when all of it was moved
 * @param digest of the whole file, where one was asked for or computed for comparing
 * @param verified what was compared with the server afterwards
 * @param attempts the number of attempts; 0 when the transfer was skipped
 */
public record TransferResult(
    String path,
    long bytes,
    Duration duration,
    Optional<Reply> reply,
    Optional<DataConnection.Protection> protection,
    Outcome outcome,
    long resumedFrom,
    Optional<Digest> digest,
    Verified verified,
    int attempts) {

  /** How a transfer succeeded. */
  public enum Outcome {
    /** The data ended cleanly and the server's final reply was 2yz. */
    TRANSFERRED,
    /** Nothing was moved, because of {@link Overwrite}. */
    SKIPPED,
    /** The connection was lost before the final reply; comparing over a new one showed that the file is complete. */
    SETTLED
  }

  /** What was compared with the server after the data was moved. */
  public enum Verified {
    /** Nothing: not wanted, not supported by the server, or text. */
    NOTHING,
    /** The size. */
    SIZE,
    /** The size where the server gives it, and the digest. */
    HASH
  }

  /** Checks that no component is null. */
  public TransferResult {
    Objects.requireNonNull(path);
    Objects.requireNonNull(duration);
    Objects.requireNonNull(reply);
    Objects.requireNonNull(protection);
    Objects.requireNonNull(outcome);
    Objects.requireNonNull(digest);
    Objects.requireNonNull(verified);
  }

  /** A transfer in one attempt that was not compared with anything. */
  public static TransferResult transferred(
      String path, long bytes, Duration duration, Reply reply, Optional<DataConnection.Protection> protection) {
    return new TransferResult(
        path, bytes, duration, Optional.of(reply), protection, Outcome.TRANSFERRED, 0, Optional.empty(), Verified.NOTHING,
        1);
  }

  /** A transfer that was skipped. */
  public static TransferResult skipped(String path, Duration duration) {
    return new TransferResult(
        path, 0, duration, Optional.empty(), Optional.empty(), Outcome.SKIPPED, 0, Optional.empty(), Verified.NOTHING, 0);
  }

  /** Whether TLS protected the data with the resumed session of the control connection. */
  public boolean tlsResumed() {
    return protection.map(DataConnection.Protection::resumed).orElse(false);
  }

  /** Whether nothing was moved because of {@link Overwrite}. */
  public boolean isSkipped() {
    return outcome == Outcome.SKIPPED;
  }
}
