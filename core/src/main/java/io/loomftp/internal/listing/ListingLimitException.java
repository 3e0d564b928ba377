package io.loomftp.internal.listing;

import java.io.IOException;

/** A listing has more lines than its reader was allowed to take. */
public final class ListingLimitException extends IOException {
  private static final long serialVersionUID = 1L;

  ListingLimitException(long lines) {
    super("the listing has more than " + lines + " lines; Limits.listingEntries allows no more");
  }
}
