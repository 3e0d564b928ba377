package io.loomftp.internal.file;

import io.loomftp.FtpException;
import io.loomftp.FtpReplyException;
import io.loomftp.internal.control.ReplyClassifier;

/** Checks whether a path exists on the server. */
@FunctionalInterface
public interface RemotePresence {
  /** Whether the path exists. */
  boolean of(String path) throws FtpException;

  /** Whether the server says that the path does not exist, as opposed to a refusal without a reason, which proves nothing. */
  static boolean saysMissing(FtpReplyException refusal) {
    return ReplyClassifier.saysMissing(refusal.reply());
  }
}
