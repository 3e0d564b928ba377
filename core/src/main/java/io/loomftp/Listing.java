package io.loomftp;

import io.loomftp.internal.listing.EntryReader;
import io.loomftp.internal.listing.ListingFormat;
import io.loomftp.internal.listing.ListingLimitException;
import io.loomftp.internal.listing.TextLines;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a folder, read while the server still sends them: memory is bounded however long the listing.
 *
 * {@snippet :
 * try (Listing rows = ftp.list("/pub")) {
 *   for (FtpEntry row : rows) {
 *     System.out.println(row.name() + " " + row.size());
 *   }
 * }
 * }
 *
 * <p>The end is reported only when the whole listing arrived and the server's final reply was 2yz. Where that is not so,
 * {@link #next()} throws an {@link FtpException}, and iterators and streams an {@link UncheckedIOException} around it.
 * Closing before the end calls the listing off and keeps the session. While it is open the session takes no other command.
 *
 * <p>Can be gone through once, by the session's thread.
 */
public final class Listing implements Iterable<FtpEntry>, AutoCloseable {
  private static final int KEPT_DIAGNOSTICS = 1000;

  private final InputStream data;
  private final EntryReader reader;
  private final List<ListingDiagnostic> diagnostics = new ArrayList<>();
  private long diagnosticCount;
  private boolean ended;
  private @Nullable IOException failure;

  private Listing(InputStream data, FtpConfig config, boolean machine) {
    this.data = data;
    ListingFormat format = ListingFormat.of(config);
    reader = machine ? EntryReader.mlsd(data, format, this::diagnose) : EntryReader.list(data, format, this::diagnose);
  }

  /**
   * Reads the text of a LIST reply from anywhere, in whatever dialect it is.
   *
   * @param text the bytes as a server sent them; closed together with the listing
   * @param config tells the charset of names, the server's zone, the clock, the limits and an own parser
   */
  public static Listing of(InputStream text, FtpConfig config) {
    return new Listing(text, config, false);
  }

  /** The same for the text of an MLSD reply (RFC 3659 section 7). */
  public static Listing ofMlsd(InputStream text, FtpConfig config) {
    return new Listing(text, config, true);
  }

  /**
   * The lines of a listing as the server wrote them, without line ends and decoded like names are, read while they are asked
   * for. Lines longer than {@link Limits#listingLine()} are cut.
   *
   * @param text the bytes as a server sent them; not closed
   * @return an iterator that throws an {@link UncheckedIOException} when reading fails, or when there are more lines than
   *     {@link Limits#listingEntries()}
   */
  public static Iterator<String> lines(InputStream text, FtpConfig config) {
    return new TextLines(text, ListingFormat.of(config));
  }

  /**
   * The next entry; empty at the end.
   *
   * @throws FtpException when the listing did not arrive whole, or has more lines than {@link Limits#listingEntries()}
   * @throws IOException when reading from a text given to {@link #of} fails
   */
  public Optional<FtpEntry> next() throws IOException {
    return Optional.ofNullable(read());
  }

  private @Nullable FtpEntry read() throws IOException {
    IOException before = failure;
    if (before != null) {
      throw before;
    }
    if (ended) {
      return null;
    }
    FtpEntry entry;
    try {
      entry = reader.next();
    } catch (ListingLimitException e) {
      throw failed(overLimit(e));
    } catch (IOException e) {
      throw failed(e);
    }
    ended = entry == null;
    return entry;
  }

  /** Remembered, so that asking again does not look like the end. */
  private IOException failed(IOException reason) {
    failure = reason;
    return reason;
  }

  private IOException overLimit(ListingLimitException e) {
    try {
      data.close();
    } catch (IOException suppressed) {
      e.addSuppressed(suppressed);
    }
    return new FtpTransferException(
        "the listing was called off: " + e.getMessage(), null, 0, ErrorKind.LIMIT, true, List.of(), e);
  }

  /** All that are left, in memory. */
  public List<FtpEntry> toList() throws IOException {
    List<FtpEntry> all = new ArrayList<>();
    for (FtpEntry entry = read(); entry != null; entry = read()) {
      all.add(entry);
    }
    return all;
  }

  /** The entries that are left; what goes wrong is thrown as an {@link UncheckedIOException}. */
  public Stream<FtpEntry> stream() {
    int traits = Spliterator.ORDERED | Spliterator.NONNULL;
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterator(), traits), false);
  }

  @Override
  public Iterator<FtpEntry> iterator() {
    return new Iterator<>() {
      private @Nullable FtpEntry ahead;

      @Override
      public boolean hasNext() {
        if (ahead == null) {
          try {
            ahead = read();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
        return ahead != null;
      }

      @Override
      public FtpEntry next() {
        if (!hasNext() || ahead == null) {
          throw new NoSuchElementException("the listing is at its end");
        }
        FtpEntry entry = ahead;
        ahead = null;
        return entry;
      }
    };
  }

  /** The first 1,000 lines so far that gave no entry. */
  public List<ListingDiagnostic> diagnostics() {
    return List.copyOf(diagnostics);
  }

  /** How many lines so far gave no entry. */
  public long diagnosticCount() {
    return diagnosticCount;
  }

  private void diagnose(ListingDiagnostic diagnostic) {
    diagnosticCount++;
    if (diagnostics.size() < KEPT_DIAGNOSTICS) {
      diagnostics.add(diagnostic);
    }
  }

  /**
   * Ends the listing, calling it off if it is not at its end.
   *
   * @throws FtpException when the session was lost over it
   */
  @Override
  public void close() throws FtpException {
    ended = true;
    try {
      data.close();
    } catch (FtpException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
