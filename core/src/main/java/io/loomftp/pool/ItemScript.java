package io.loomftp.pool;

import io.loomftp.FtpSession;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a pool's {@code forEach} does with one item. */
@FunctionalInterface
public interface ItemScript<T, R extends @Nullable Object> {
  /** Uses a session for one item; the session is not to be used after that. */
  R run(FtpSession ftp, T item) throws IOException, InterruptedException;
}
