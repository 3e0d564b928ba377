package io.loomftp;

/** What a transfer does when something of the target's name is already there, on whichever side the data go to. */
public enum Overwrite {
  /**
   * The transfer fails with {@link ErrorKind#EXISTS} and nothing is moved. A local file that appears during the download is not
   * replaced either. FTP has no "store unless it exists", so before an upload the server is asked; a file that somebody else
   * puts there between the question and the end of the upload is replaced.
   */
  FAIL,
  /** What is there is replaced. The default. */
  REPLACE,
  /** Nothing is done: {@link TransferResult.Outcome#SKIPPED}. */
  SKIP,
  /**
   * Replaced when the source was modified later than the target, by a second or more, since many servers tell whole seconds;
   * else skipped. Where a time cannot be had it is replaced.
   */
  IF_NEWER,
  /**
   * Replaced when the sizes differ, or the target is older than the source by a second or more; else skipped. With
   * {@link TransferOptions#keepModified()} a target that is newer by two seconds or more is replaced too: the times of
   * copies that were made so agree. What the server does not tell is not compared; if it tells neither, the file is
   * replaced.
   */
  IF_DIFFERENT
}
