package io.loomftp.internal.listing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The lines of a listing as text, for callers that parse them. */
public final class TextLines implements Iterator<String> {
  private final LineReader lines;
  private final ListingFormat format;
  private @Nullable String ahead;
  private boolean ended;

  /** The lines of this text. */
  public TextLines(InputStream text, ListingFormat format) {
    this.lines = new LineReader(text, format.maxLine());
    this.format = format;
  }

  @Override
  public boolean hasNext() {
    if (ahead == null && !ended) {
      try {
        ended = !lines.next();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      if (!ended) {
        checkCount();
        ahead = format.names().decode(lines.line());
      }
    }
    return ahead != null;
  }

  private void checkCount() {
    if (lines.number() > format.maxEntries()) {
      ended = true;
      throw new UncheckedIOException(new ListingLimitException(format.maxEntries()));
    }
  }

  @Override
  public String next() {
    String line = hasNext() ? ahead : null;
    if (line == null) {
      throw new NoSuchElementException("the listing is at its end");
    }
    ahead = null;
    return line;
  }
}
