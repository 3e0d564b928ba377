package io.loomftp.internal.file;

import io.loomftp.FtpException;

/** Checks whether a path exists on the server. */
@FunctionalInterface
public interface RemotePresence {
  /** Whether the path exists. */
  boolean of(String path) throws FtpException;
}
