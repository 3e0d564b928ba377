package io.loomftp;

import java.io.IOException;

/** What is done with a session that is logged in: see {@link Ftp#run}. */
@FunctionalInterface
public interface FtpScript<T> {
  /** Uses the session; it is closed afterwards by whoever opened it. */
  T run(FtpSession ftp) throws IOException, InterruptedException;
}
