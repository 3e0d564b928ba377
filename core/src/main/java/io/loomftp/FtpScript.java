package io.loomftp;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The work to do with a logged-in session: see {@link Ftp#run}. */
@FunctionalInterface
public interface FtpScript<T extends @Nullable Object> {
  /** Uses the session; the caller closes it afterwards. */
  T run(FtpSession ftp) throws IOException, InterruptedException;
}
