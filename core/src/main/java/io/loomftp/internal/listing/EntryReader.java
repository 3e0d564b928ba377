package io.loomftp.internal.listing;

import io.loomftp.EntryParser;
import io.loomftp.EntryType;
import io.loomftp.FtpEntry;
import io.loomftp.ListingDiagnostic;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one listing as it arrives, an entry at a time, in bounded memory. A line that cannot be parsed and is not known to be
 * a heading or a total goes to the diagnostics, and reading continues. Not for use by several threads; does not close the
 * stream.
 */
public final class EntryReader {
  private final ListingFormat format;
  private final Consumer<ListingDiagnostic> diagnostics;
  private final LineReader lines;
  private final EntryBuilder draft;
  private final @Nullable ParserChooser chooser; // null: MLSD, where there is no choice
  private final @Nullable EntryParser own;
  private final MlsdParser mlsd = new MlsdParser();
  private final Deque<FtpEntry> ready = new ArrayDeque<>();
  private byte @Nullable [] nameAlone; // a line of VMS whose rest may follow
  private long nameAloneNumber;
  private @Nullable FtpEntry newest;
  private boolean ended;

  private EntryReader(InputStream in, ListingFormat format, Consumer<ListingDiagnostic> diagnostics, boolean mlsd) {
    this.format = format;
    this.diagnostics = diagnostics;
    lines = new LineReader(in, format.maxLine());
    draft = new EntryBuilder(new LocalTimes(format.clock(), format.zone()));
    chooser = mlsd ? null : new ParserChooser();
    own = mlsd ? null : format.own().orElse(null);
  }

  /** Reads the reply to LIST (or STAT) in any dialect. */
  public static EntryReader list(InputStream in, ListingFormat format, Consumer<ListingDiagnostic> diagnostics) {
    return new EntryReader(in, format, diagnostics, false);
  }

  /** Reads the reply to MLSD. */
  public static EntryReader mlsd(InputStream in, ListingFormat format, Consumer<ListingDiagnostic> diagnostics) {
    return new EntryReader(in, format, diagnostics, true);
  }

  /**
   * The next entry, or null at the end.
   *
   * @throws ListingLimitException if the listing has more lines than {@link ListingFormat#maxEntries()}
   * @throws IOException if reading fails
   */
  public @Nullable FtpEntry next() throws IOException {
    FtpEntry entry = nextListed();
    if (!format.newestVersions()) {
      return entry;
    }
    while (entry != null) {
      FtpEntry before = newest;
      if (before != null && isSameFile(before, entry)) {
        newest = version(entry) > version(before) ? entry : before;
      } else {
        newest = entry;
        if (before != null) {
          return before;
        }
      }
      entry = nextListed();
    }
    FtpEntry last = newest;
    newest = null;
    return last;
  }

  private static boolean isSameFile(FtpEntry one, FtpEntry other) {
    int end = one.name().lastIndexOf(';');
    return version(one) >= 0
        && version(other) >= 0
        && end == other.name().lastIndexOf(';')
        && one.name().regionMatches(0, other.name(), 0, end);
  }

  /** The version that a name of VMS ends in; -1 for other names. */
  private static int version(FtpEntry entry) {
    String name = entry.name();
    int from = name.lastIndexOf(';') + 1;
    boolean number = from > 0 && name.length() > from && name.length() - from <= 5;
    for (int i = from; number && i < name.length(); i++) {
      number = ByteScanner.isDigit(name.charAt(i));
    }
    return number && entry.fact("version").isPresent() ? Integer.parseInt(name.substring(from)) : -1;
  }

  private @Nullable FtpEntry nextListed() throws IOException {
    while (true) {
      FtpEntry entry = ready.isEmpty() ? readLine() : ready.poll();
      if (entry == null) {
        if (ended && ready.isEmpty()) {
          return null;
        }
      } else if (format.withDots() || !isDots(entry)) {
        return entry;
      }
    }
  }

  private static boolean isDots(FtpEntry entry) {
    return entry.type() == EntryType.CURRENT_DIRECTORY || entry.type() == EntryType.PARENT_DIRECTORY;
  }

  /** Reads a line; null where it gave no entry, or none yet. */
  private @Nullable FtpEntry readLine() throws IOException {
    if (ended || !lines.next()) {
      end();
      return null;
    }
    if (lines.number() > format.maxEntries()) {
      throw new ListingLimitException(format.maxEntries());
    }
    byte[] line = lines.line();
    if (lines.isCut()) {
      report(line, lines.number(), "longer than " + format.maxLine() + " bytes");
      return null;
    }
    if (line.length == 0) {
      return null;
    }
    return chooser == null ? readMlsd(line) : readList(line, lines.number(), chooser);
  }

  private @Nullable FtpEntry readMlsd(byte[] line) {
    draft.start(line);
    if (mlsd.readEntry(draft)) {
      return LineDetails.entry(draft, mlsd, format.names());
    }
    report(line, lines.number(), "not a line of MLSD");
    return null;
  }

  private @Nullable FtpEntry readList(byte[] line, long number, ParserChooser dialects) {
    byte[] whole = line;
    if (nameAlone != null) {
      byte[] name = nameAlone;
      nameAlone = null;
      if (ByteScanner.isBlank(line[0]) || VmsParser.isRest(line)) {
        whole = join(name, line);
      } else {
        queue(read(name, nameAloneNumber, dialects));
      }
    } else if (ByteScanner.skipBlanks(line, 0) == line.length) {
      return null;
    }
    if (mayBeVms(dialects.chosen()) && VmsParser.isNameAlone(whole)) {
      nameAlone = whole;
      nameAloneNumber = number;
      return null;
    }
    FtpEntry entry = read(whole, number, dialects);
    if (ready.isEmpty()) {
      return entry;
    }
    queue(entry);
    return null;
  }

  private static boolean mayBeVms(@Nullable LineParser chosen) {
    return chosen == null || chosen instanceof VmsParser;
  }

  private void queue(@Nullable FtpEntry entry) {
    if (entry != null) {
      ready.add(entry);
    }
  }

  private static byte[] join(byte[] name, byte[] rest) {
    byte[] joined = Arrays.copyOf(name, name.length + 1 + rest.length);
    joined[name.length] = ' ';
    System.arraycopy(rest, 0, joined, name.length + 1, rest.length);
    return joined;
  }

  private @Nullable FtpEntry read(byte[] line, long number, ParserChooser dialects) {
    FtpEntry mine = own == null ? null : readOwn(own, line, number);
    if (mine != null) {
      return mine;
    }
    draft.start(line);
    draft.context.line = number;
    LineMatch match = dialects.read(draft);
    switch (match) {
      case CERTAIN, LIKELY -> {
        if (!dialects.holds() && !draft.context.undecided) {
          return LineDetails.entry(draft, Objects.requireNonNull(dialects.reader()), format.names());
        }
        draft.context.settled |= dialects.hold(line, number);
        readHeld(dialects);
      }
      case HEADER -> readHeld(dialects);
      case WITHIN -> {
        if (dialects.hold(line, number)) {
          dialects.vote();
          readHeld(dialects);
        }
      }
      case NOISE -> {}
      case FOREIGN -> report(line, number, "not understood");
    }
    return null;
  }

  /** Reads the lines that are held, up to the first of which more must be known. */
  private void readHeld(ParserChooser dialects) {
    for (ParserChooser.Held held = dialects.firstHeld(); held != null; held = dialects.firstHeld()) {
      draft.start(held.line);
      draft.context.line = held.number;
      LineMatch match = dialects.chosen() == null ? LineMatch.FOREIGN : dialects.read(draft);
      if (draft.context.undecided && match.isEntry()) {
        return;
      }
      dialects.release();
      LineParser parser = dialects.reader();
      if (match.isEntry() && parser != null) {
        ready.add(LineDetails.entry(draft, parser, format.names()));
      } else if (match == LineMatch.FOREIGN) {
        report(held.line, held.number, "not understood");
      }
    }
  }

  private void end() {
    ended = true;
    draft.context.settled = true;
    if (chooser != null) {
      if (nameAlone != null) {
        byte[] name = nameAlone;
        nameAlone = null;
        queue(read(name, nameAloneNumber, chooser));
      }
      if (chooser.holds()) {
        chooser.vote();
        readHeld(chooser);
      }
    }
  }

  private @Nullable FtpEntry readOwn(EntryParser parser, byte[] line, long number) {
    String text = format.names().decode(line);
    try {
      Optional<FtpEntry> entry = parser.parse(text);
      return entry.isEmpty() ? null : complete(entry.get(), text);
    } catch (RuntimeException | CharacterCodingException e) {
      report(line, number, "the caller's parser failed: " + e);
      return null;
    }
  }

  /** Adds the bytes of the name and the line, which a parser of text does not have. */
  private FtpEntry complete(FtpEntry entry, String line) throws CharacterCodingException {
    FtpEntry.Builder complete = entry.toBuilder().rawName(format.names().encode(entry.name()));
    return entry.rawLine().isEmpty() ? complete.rawLine(line).build() : complete.build();
  }

  private void report(byte[] line, long number, String reason) {
    diagnostics.accept(new ListingDiagnostic(number, format.names().decode(line), reason));
  }
}
