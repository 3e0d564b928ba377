package io.loomftp;

/**
 * A line of a listing that could not be parsed, so that nothing is lost silently.
 *
 * @param lineNumber the number of the line, from 1
 * @param line its text, decoded like names; truncated where it was longer than {@link Limits#listingLine()}
 * @param reason why it could not be parsed
 */
public record ListingDiagnostic(long lineNumber, String line, String reason) {
  /** Number, reason and text on one line, with control characters escaped. */
  @Override
  public String toString() {
    return "line " + lineNumber + ": " + reason + ": " + FtpEntry.visible(line);
  }
}
