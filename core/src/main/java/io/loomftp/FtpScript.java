package io.loomftp;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What is done with a session that is logged in: see {@link Ftp#run}. */
@FunctionalInterface
public interface FtpScript<T extends @Nullable Object> {
  /** Uses the session; it is closed afterwards by whoever opened it. */
  T run(FtpSession ftp) throws IOException, InterruptedException;
}
