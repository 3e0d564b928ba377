package io.loomftp.internal.file;

import io.loomftp.FtpException;

/** Whether something exists on the server. */
@FunctionalInterface
public interface RemotePresence {
  /** Asks. */
  boolean of(String path) throws FtpException;
}
