package io.loomftp.watch;

import io.loomftp.WalkEntry;

/**
 * What a {@link Watch} has seen.
 *
 * @param what has happened to the file
 * @param file its path, and what its folder's listing tells of it; where it is gone, told of it last
 */
public record Change(What what, WalkEntry file) {
  /** What has happened to a file. */
  public enum What {
    /** It was not there before. */
    NEW,
    /** Its size or its time of modification is another one. */
    CHANGED,
    /** It is not there any more, or the rules no longer want it. */
    GONE
  }
}
