package io.loomftp;

/** What a transfer does when its target exists, on the local or the remote side. */
public enum Overwrite {
  /**
   * The transfer fails with {@link ErrorKind#EXISTS} and nothing is moved. A local file that appears during the download is not
   * replaced either. FTP has no "store unless it exists", so the server is asked before an upload; a file that another client
   * stores between the question and the end of the upload is replaced.
   */
  FAIL,
  /** The target is replaced. The default. */
  REPLACE,
  /** The transfer is skipped: {@link TransferResult.Outcome#SKIPPED}. */
  SKIP,
  /**
   * Replaced when the source was modified later than the target, by a second or more, since many servers give whole seconds;
   * else skipped. Replaced where a time is unknown.
   */
  IF_NEWER,
  /**
   * Replaced when the sizes differ, or the target is older than the source by a second or more; else skipped. With
   * {@link TransferOptions#keepModified()} a target that is newer by two seconds or more is replaced too: the times of
   * copies made in this way agree. What the server does not give is not compared; if it gives neither, the file is
   * replaced.
   */
  IF_DIFFERENT
}
