package io.loomftp;

/** The type of a listed name. */
public enum EntryType {
  /** A file with contents. */
  FILE,
  /** A folder. */
  DIRECTORY,
  /** A symbolic link, to a file or a folder. */
  LINK,
  /** The listed folder itself ({@code cdir} of RFC 3659, or {@code .}). */
  CURRENT_DIRECTORY,
  /** The folder above ({@code pdir} of RFC 3659, or {@code ..}). */
  PARENT_DIRECTORY,
  /** A device, a socket, a pipe or anything else. */
  OTHER,
  /** The listing does not say. */
  UNKNOWN
}
