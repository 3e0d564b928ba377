package io.loomftp;

/**
 * Bounds on what a server may send, so that it cannot exhaust memory.
 *
 * @param replyLine bytes kept of a reply line, the excess is dropped (RFC 1123 section 4.1.2.10); 8 KiB
 * @param replySize bytes kept of a reply, the excess is dropped; 64 KiB
 * @param replyLines lines kept of a reply, the excess is dropped; 1,000
 * @param replyStop bytes of one reply after which the connection is closed; 1 MiB
 * @param listingLine bytes of a listing line, longer ones are cut and reported as a diagnostic; 8 KiB
 * @param listingEntries lines of one listing after which it is aborted; 10,000,000
 * @param argument bytes of a command's argument; longer ones are refused before they are sent; 4 KiB
 * @param depth folders below the start that a walk enters; 64
 */
public record Limits(
    int replyLine,
    int replySize,
    int replyLines,
    int replyStop,
    int listingLine,
    long listingEntries,
    int argument,
    int depth) {
  /** Checks that all are positive. */
  public Limits {
    if (Math.min(Math.min(Math.min(replyLine, replySize), Math.min(replyLines, replyStop)), Math.min(listingLine, argument))
        < 1
        || listingEntries < 1
        || depth < 1) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }

  /** The defaults named above. */
  public static Limits defaults() {
    return new Limits(8 << 10, 64 << 10, 1000, 1 << 20, 8 << 10, 10_000_000, 4 << 10, 64);
  }

  /** A copy with another bound for entries in a listing. */
  public Limits withListingEntries(long listingEntries) {
    return new Limits(replyLine, replySize, replyLines, replyStop, listingLine, listingEntries, argument, depth);
  }

  /** A copy with another bound for the length of a listing line, in bytes. */
  public Limits withListingLine(int listingLine) {
    return new Limits(replyLine, replySize, replyLines, replyStop, listingLine, listingEntries, argument, depth);
  }

  /** A copy with another bound for the depth of a walk. */
  public Limits withDepth(int depth) {
    return new Limits(replyLine, replySize, replyLines, replyStop, listingLine, listingEntries, argument, depth);
  }
}
