package io.loomftp.pool;

import io.loomftp.FtpSession;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The work of a pool's {@code forEach} for one item. */
@FunctionalInterface
public interface ItemScript<T, R extends @Nullable Object> {
  /** Uses a session for one item; the session must not be used afterwards. */
  R run(FtpSession ftp, T item) throws IOException, InterruptedException;
}
