package io.loomftp;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A transfer that succeeded.
 *
 * @param path the remote path as it was given; for STOU the one the server chose
 * @param bytes moved over the data connection by this call, all its attempts together; for a resumed transfer that is less
 *     than the file has, for a retried one it may be more
 * @param duration from the first command to the last reply
 * @param reply the server's final reply to the transfer; empty where it was skipped or its reply was lost
 * @param protection how TLS protected the data; empty when it did not
 * @param outcome whether the data was moved now, and how that is known
 * @param resumedFrom bytes of the file that were there before and were not moved again; 0 when it was moved whole
 * @param digest of the whole file, where one was asked for or computed for comparing
 * @param verified what was compared with the server afterwards
 * @param attempts how many times the transfer was tried, 1 when it went well at once; 0 when it was skipped
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

  /** How a transfer came to a good end. */
  public enum Outcome {
    /** The data ended cleanly and the server's final reply was 2yz. */
    TRANSFERRED,
    /** Nothing was moved: {@link Overwrite} said so. */
    SKIPPED,
    /** The connection was lost before the final reply; comparing over a new one showed that the file is there and whole. */
    SETTLED
  }

  /** What was compared with the server when all data was there. */
  public enum Verified {
    /** Nothing: it was not asked for, the server does not tell, or it was text. */
    NOTHING,
    /** The size. */
    SIZE,
    /** The size where the server tells it, and the digest. */
    HASH
  }

  /** Checks that all are there. */
  public TransferResult {
    Objects.requireNonNull(path);
    Objects.requireNonNull(duration);
    Objects.requireNonNull(reply);
    Objects.requireNonNull(protection);
    Objects.requireNonNull(outcome);
    Objects.requireNonNull(digest);
    Objects.requireNonNull(verified);
  }

  /** A transfer that was done in one go and not compared with anything. */
  public static TransferResult transferred(
      String path, long bytes, Duration duration, Reply reply, Optional<DataConnection.Protection> protection) {
    return new TransferResult(
        path, bytes, duration, Optional.of(reply), protection, Outcome.TRANSFERRED, 0, Optional.empty(), Verified.NOTHING,
        1);
  }

  /** A transfer that was not necessary. */
  public static TransferResult skipped(String path, Duration duration) {
    return new TransferResult(
        path, 0, duration, Optional.empty(), Optional.empty(), Outcome.SKIPPED, 0, Optional.empty(), Verified.NOTHING, 0);
  }

  /** Whether TLS protected the data over a session that the control connection had begun. */
  public boolean tlsResumed() {
    return protection.map(DataConnection.Protection::resumed).orElse(false);
  }

  /** Whether nothing was moved because {@link Overwrite} said so. */
  public boolean isSkipped() {
    return outcome == Outcome.SKIPPED;
  }
}
