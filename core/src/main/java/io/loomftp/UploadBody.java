package io.loomftp;

import java.io.IOException;

/** Writes the contents of an upload: see {@link FtpSession#put(String, UploadBody)}. */
@FunctionalInterface
public interface UploadBody {
  /** Writes everything and returns; what it throws takes the upload back. */
  void writeTo(FtpOutputStream out) throws IOException;
}
