package io.loomftp;

/**
 * A line of a listing that gave no entry, so that nothing is lost in silence.
 *
 * @param lineNumber the number of the line, from 1
 * @param line its text, decoded as names are; cut where it was longer than {@link Limits#listingLine()}
 * @param reason why it gave no entry
 */
public record ListingDiagnostic(long lineNumber, String line, String reason) {
  /** Number, reason and text on one line, with control characters made visible. */
  @Override
  public String toString() {
    return "line " + lineNumber + ": " + reason + ": " + FtpEntry.visible(line);
  }
}
