package io.loomftp.watch;

import io.loomftp.WalkEntry;

/**
 * A change that a watch has seen.
 *
 * @param what the kind of change
 * @param file path and listed facts of the file; of a file that is gone, the last ones
 */
public record Change(What what, WalkEntry file) {
  /** The kinds of changes. */
  public enum What {
    /** The file was not there before. */
    NEW,
    /** The size or the time of modification has changed. */
    CHANGED,
    /** The file is not there any more, or the filter no longer wants it. */
    GONE
  }
}
