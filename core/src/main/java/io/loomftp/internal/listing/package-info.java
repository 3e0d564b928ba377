/**
 * Listings: from the bytes of the data connection to entries. The reader splits lines and keeps the bounds, the chooser
 * finds the dialect, and a parser per dialect reads one line at a time, a pure function of the line, the present time and
 * the zone of the server. No regular expressions: every parser looks at every byte a small, fixed number of times.
 */
@NullMarked
package io.loomftp.internal.listing;

import org.jspecify.annotations.NullMarked;
