package io.loomftp.mirror;

/** Why a mirror does something, or does not. */
public enum MirrorReason {
  /** The destination has nothing of that name. */
  MISSING("missing"),
  /** Both are there, and their sizes differ. */
  SIZE_DIFFERS("size differs"),
  /** The source is newer. */
  NEWER("newer"),
  /** The times differ, the source being older. */
  TIME_DIFFERS("time differs"),
  /** The digests differ. */
  HASH_DIFFERS("digest differs"),
  /** Neither side told anything that could be compared. */
  NOT_COMPARABLE("nothing to compare by"),
  /** The source has nothing of that name. */
  EXTRA("not in the source"),
  /** A symbolic link: not followed unless {@link Mirror#followLinks()} says so, and never made or replaced. */
  LINK("a link"),
  /** A device, a pipe, or something that the listing does not tell the nature of. */
  SPECIAL("no file and no folder"),
  /** The name cannot be one name, or not safely, on the other side. */
  ILLEGAL_NAME("illegal name"),
  /** Another name of the same folder differs only in case or in its Unicode form, and the destination cannot tell them apart. */
  CASE_COLLISION("collides with another name"),
  /** The listing has the name twice. */
  DUPLICATE("listed twice"),
  /** The name is the one under which another file arrives until it is complete. */
  PART_NAME("taken by an unfinished download"),
  /** A folder on one side and a file on the other. */
  KIND_DIFFERS("another kind of thing is in the way"),
  /** The same folder was met before, under another name. */
  LOOP("met before"),
  /** Deeper than {@link io.loomftp.Limits#depth()}. */
  TOO_DEEP("too deep"),
  /** It could not be read, or its listing had lines that could not be understood. */
  UNREADABLE("not readable");

  private final String words;

  MirrorReason(String words) {
    this.words = words;
  }

  /** A few words for people. */
  public String words() {
    return words;
  }
}
