package io.loomftp.mirror;

/** Which side of a mirror is the source. */
public enum MirrorDirection {
  /** The server's tree is the source. */
  DOWNLOAD,
  /** The local tree is the source. */
  UPLOAD
}
