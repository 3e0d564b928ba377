package io.loomftp;

import java.io.IOException;

/** Writes the contents of an upload: see {@link FtpSession#put(String, UploadBody)}. */
@FunctionalInterface
public interface UploadBody {
  /** Writes everything and returns; the upload is aborted when it throws. */
  void writeTo(FtpOutputStream out) throws IOException;
}
