package io.loomftp;

import io.loomftp.internal.control.ReplyClassifier;
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
 * The entries of a folder, read as they arrive: memory is bounded however long the listing is.
 *
 * {@snippet :
 * try (Listing rows = ftp.list("/pub")) {
 *   for (FtpEntry row : rows) {
 *     System.out.println(row.name() + " " + row.size());
 *   }
 * }
 * }
 *
 * <p>The end is reported only when the whole listing arrived and the server's final reply was a 2yz whose text reports no
 * failure. Otherwise {@link #next()} throws an {@link FtpException}, and iterators and streams an {@link UncheckedIOException}
 * around it. Two cases of a 2yz that is a failure:
 *
 * <ul>
 *   <li>{@code 226 Transfer done (but failed to open directory).}: {@link ErrorKind#DENIED}
 *   <li>{@code 226 Output truncated to 10000 matches}: {@link ErrorKind#TRUNCATED}, after all entries that came were
 *       delivered, and {@link #isTruncated()} says so. The server has more than it lists: an entry that is not in the listing
 *       may exist
 * </ul>
 *
 * <p>Closing before the end aborts the listing and keeps the session. While it is open the session takes no other command.
 * A listing can be iterated once, by the session's thread.
 */
public final class Listing implements Iterable<FtpEntry>, AutoCloseable {
  private static final int KEPT_DIAGNOSTICS = 1000;

  private final InputStream data;
  private final EntryReader reader;
  private final List<ListingDiagnostic> diagnostics = new ArrayList<>();
  private long diagnosticCount;
  private final boolean machine;
  private boolean hidden;
  private boolean ended;
  private @Nullable IOException failure;

  Listing(InputStream data, FtpConfig config, boolean machine, boolean hidden) {
    this.data = data;
    this.machine = machine;
    this.hidden = hidden;
    ListingFormat format = ListingFormat.of(config);
    reader = machine ? EntryReader.mlsd(data, format, this::diagnose) : EntryReader.list(data, format, this::diagnose);
  }

  /**
   * Parses the text of a LIST reply from any source; the dialect is detected.
   *
   * @param text the bytes as a server sent them; closed together with the listing
   * @param config supplies the charset of names, the server's zone, the clock, the limits and the caller's own parser
   */
  public static Listing of(InputStream text, FtpConfig config) {
    return new Listing(text, config, false, false);
  }

  /** Parses the text of an MLSD reply (RFC 3659 section 7) from any source. */
  public static Listing ofMlsd(InputStream text, FtpConfig config) {
    return new Listing(text, config, true, true);
  }

  /**
   * The lines of a listing as the server wrote them, without line ends and decoded like names, read on demand. Lines longer
   * than {@link Limits#listingLine()} are cut.
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
    hidden |= entry != null && isHidden(entry);
    return entry;
  }

  private static boolean isHidden(FtpEntry entry) {
    boolean dots = entry.type() == EntryType.CURRENT_DIRECTORY || entry.type() == EntryType.PARENT_DIRECTORY;
    return !dots && entry.name().startsWith(".");
  }

  /** Keeps the failure, so that the next call does not look like the end. */
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
        "the listing was aborted: " + e.getMessage(), null, 0, ErrorKind.LIMIT, true, List.of(), e);
  }

  /** The remaining entries, in memory. */
  public List<FtpEntry> toList() throws IOException {
    List<FtpEntry> all = new ArrayList<>();
    for (FtpEntry entry = read(); entry != null; entry = read()) {
      all.add(entry);
    }
    return all;
  }

  /** The remaining entries; failures are thrown as an {@link UncheckedIOException}. */
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

  /**
   * Whether the server reported that it listed only some of the entries: the absence of an entry then proves nothing.
   * A listing that was interrupted is not truncated in this sense: it may be repeated. Known at the end, when {@link #next()} has thrown.
   */
  public boolean isTruncated() {
    return failure instanceof FtpTransferException e && e.reply().filter(ReplyClassifier::isTruncatedListing).isPresent();
  }

  /**
   * Whether the listing is known to include names that begin with a dot: it came from MLSD, or from {@code LIST -a} on a
   * server that is known to honour it ({@link FtpConfig#listHidden()}), or it has such a name. When
   * false at the end, the absence of such a name proves nothing: ask with {@link FtpSession#exists}.
   */
  public boolean includesHidden() {
    return hidden;
  }

  /** Whether it came from MLSD. */
  boolean isMachine() {
    return machine;
  }

  /** The first 1,000 lines so far that could not be parsed. */
  public List<ListingDiagnostic> diagnostics() {
    return List.copyOf(diagnostics);
  }

  /** The number of lines so far that could not be parsed. */
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
   * Ends the listing; aborts it when its end was not read.
   *
   * @throws FtpException when the session was lost
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
