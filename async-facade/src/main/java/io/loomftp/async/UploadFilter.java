package io.loomftp.async;

import io.loomftp.FtpConfig;

/**
 * Converts what is posted with {@code put_data} to the bytes that are sent, see {@link AsyncFtpSession#putFilter}. It is called
 * by the posting thread.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface UploadFilter {
  /**
   * Converts one posted item.
   *
   * @param item as posted
   * @param config of the session, with the charset and the transfer type
   * @throws IllegalArgumentException for an item that it does not take
   */
  byte[] bytes(Object item, FtpConfig config);

  /** Text lines, each posted without its end, in the charset of names and with the line end of the transfer type in force. */
  static UploadFilter lines() {
    return (item, config) -> (item + "\n").getBytes(config.charset());
  }
}
