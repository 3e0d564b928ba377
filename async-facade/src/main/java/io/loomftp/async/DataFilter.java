package io.loomftp.async;

import io.loomftp.FtpConfig;
import io.loomftp.FtpEntry;
import io.loomftp.FtpInputStream;
import io.loomftp.Listing;
import java.io.InputStream;
import java.util.Iterator;

/**
 * Converts the data of {@code ls}, {@code dir} or {@code get} to the items of {@code *_data} events.
 *
 * <p>Besides {@link #lines()}, {@link #entries()} and {@link #blocks()}, any function of a stream is a filter:
 *
 * {@snippet :
 * session.filter("get", (data, config) ->
 *     new BufferedReader(new InputStreamReader(data, StandardCharsets.UTF_8)).lines().iterator());
 * }
 *
 * <p>A filter runs on the session's thread. It must not wait for futures of its own session.
 * When it throws, the transfer is aborted and ends in {@code *_error} with that cause.
 */
@FunctionalInterface
public interface DataFilter {
  /**
   * Converts the data of one transfer.
   *
   * @param data the bytes as they arrive; its end is the end of the data, and reading throws when the transfer fails
   * @param config of the session, with the charset, the limits and the block size
   * @return the items, none of them null; data that is left when there is no next item is dropped
   */
  Iterator<?> items(InputStream data, FtpConfig config);

  /** Lines as {@link String}, without their ends, decoded like names are. The default of {@code ls} and {@code dir}. */
  static DataFilter lines() {
    return (data, config) -> new BuiltIn(Listing.lines(data, config));
  }

  /** Entries as {@link FtpEntry}, for {@code ls} in any dialect. */
  static DataFilter entries() {
    return (data, config) -> new BuiltIn(Listing.of(data, config).iterator());
  }

  /**
   * Blocks of at most {@link FtpConfig#blockSize()} bytes as read-only {@link java.nio.ByteBuffer}s, as they arrive. The
   * default of {@code get}. With transfer type ASCII, line ends are converted as by {@link FtpInputStream}.
   */
  static DataFilter blocks() {
    return (data, config) -> new BuiltIn(new Blocks(data, config));
  }
}
