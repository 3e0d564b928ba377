package io.loomftp.async;

import io.loomftp.FtpConfig;
import io.loomftp.FtpEntry;
import io.loomftp.FtpInputStream;
import io.loomftp.Listing;
import java.io.InputStream;
import java.util.Iterator;

/**
 * Turns the data of {@code ls}, {@code dir} or {@code get} into the items that {@code *_data} events carry.
 *
 * <p>{@link #lines()}, {@link #entries()} and {@link #blocks()} are there; one of your own is a function of a stream:
 *
 * {@snippet :
 * session.filter("get", (data, config) ->
 *     new BufferedReader(new InputStreamReader(data, StandardCharsets.UTF_8)).lines().iterator());
 * }
 *
 * <p>A filter runs on the session's events thread, so it may take its time. It must not wait for futures of its own session.
 * What it throws calls the transfer off; the transfer ends in {@code *_error} with that as the cause.
 */
@FunctionalInterface
public interface DataFilter {
  /**
   * The items in the data of one transfer.
   *
   * @param data the bytes as they arrive; its end is the end of the data, and reading throws when the transfer fails
   * @param config of the session, which tells the charset, the limits and the block size
   * @return items that are not null; what was not asked for when it has no next is dropped
   */
  Iterator<?> items(InputStream data, FtpConfig config);

  /** Lines as {@link String}, without their ends, decoded like names are. The default of {@code ls} and {@code dir}. */
  static DataFilter lines() {
    return Listing::lines;
  }

  /** Rows as {@link FtpEntry}, for {@code ls} on servers of every kind. */
  static DataFilter entries() {
    return (data, config) -> Listing.of(data, config).iterator();
  }

  /**
   * Blocks of at most {@link FtpConfig#blockSize()} bytes as read-only {@link java.nio.ByteBuffer}s, as they arrive. The
   * default of {@code get}. With the transfer type ASCII line ends are turned as {@link FtpInputStream} does.
   */
  static DataFilter blocks() {
    return Blocks::new;
  }
}
