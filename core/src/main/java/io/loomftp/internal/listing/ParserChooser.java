package io.loomftp.internal.listing;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Detects the dialect of a listing by its lines; the reply to SYST is not used. A line that only one dialect writes decides at
 * once. Lines that several could have written are held, and the parsers vote, until one decides or {@value #HELD} are
 * together. Later a line that the chosen parser does not match is offered to the others, and the listing continues with
 * the one that is certain of it.
 */
final class ParserChooser {
  private static final int HELD = 20;
  private static final int HELD_FOR_CONTEXT = 1000;
  private static final int HELD_BYTES = 128 << 10;

  /** In the order in which equal votes count. */
  static final List<LineParser> ALL =
      List.of(
          new MacPeterParser(),
          new UnixParser(),
          new DosParser(),
          new MlsdParser(),
          new EplfParser(),
          new VmsParser(),
          new As400Parser(),
          new MvsDatasetParser(),
          new MvsMemberParser(),
          new MvsJesParser(),
          new NetwareParser(),
          new Os2Parser(),
          new VxWorksParser(),
          new GuardianParser(),
          new VosParser(),
          new ConnectEnterpriseParser(),
          new CmsParser());

  /** A line that waits: for its parser to be known, or for lines that tell how it is to be read. */
  static final class Held {
    final byte[] line;
    final long number;

    Held(byte[] line, long number) {
      this.line = line;
      this.number = number;
    }
  }

  private final int[] votes = new int[ALL.size()];
  private final Deque<Held> held = new ArrayDeque<>();
  private int heldBytes;
  private @Nullable LineParser chosen;
  private @Nullable LineParser reader;

  /** The parser of this listing, once it is known. */
  @Nullable
  LineParser chosen() {
    return chosen;
  }

  /** Who has read the last line; the draft has what it read. */
  @Nullable
  LineParser reader() {
    return reader;
  }

  /** What the line is. A {@link LineMatch#WITHIN} is for holding it: it is not known yet. */
  LineMatch read(EntryBuilder draft) {
    LineParser first = chosen;
    reader = first;
    if (first != null) {
      LineMatch verdict = first.read(draft);
      if (verdict != LineMatch.FOREIGN) {
        return verdict == LineMatch.WITHIN ? LineMatch.CERTAIN : verdict;
      }
    }
    return ask(draft);
  }

  private LineMatch ask(EntryBuilder draft) {
    LineMatch best = LineMatch.FOREIGN;
    LineParser bestParser = null;
    for (int i = 0; i < ALL.size(); i++) {
      LineParser parser = ALL.get(i);
      if (parser.equals(chosen)) {
        continue;
      }
      draft.clear();
      LineMatch verdict = parser.read(draft);
      if (verdict == LineMatch.CERTAIN || verdict == LineMatch.HEADER) {
        chosen = parser;
        reader = parser;
        return verdict;
      }
      if (verdict == LineMatch.LIKELY && chosen == null) {
        votes[i]++;
      }
      boolean stronger = verdict == LineMatch.NOISE ? !best.isEntry() : verdict.compareTo(best) > 0;
      if (stronger && (best != LineMatch.NOISE || verdict.isEntry())) {
        best = verdict;
        bestParser = parser;
      }
    }
    if (best == LineMatch.WITHIN && chosen != null) {
      return LineMatch.FOREIGN; // believed only in a listing of its own
    }
    if (best == LineMatch.LIKELY && chosen == null) {
      return LineMatch.WITHIN;
    }
    if (best == LineMatch.LIKELY && bestParser != null) {
      draft.clear();
      bestParser.read(draft);
      reader = bestParser;
    }
    return best;
  }

  /** Keeps a line until more is known; whether there are now enough of them. */
  boolean hold(byte[] line, long number) {
    held.add(new Held(line, number));
    heldBytes += line.length;
    return held.size() >= (chosen == null ? HELD : HELD_FOR_CONTEXT) || heldBytes >= HELD_BYTES;
  }

  /** Takes the dialect with the most votes, if there is any. */
  void vote() {
    int best = 0;
    for (int i = 1; i < votes.length; i++) {
      if (votes[i] > votes[best]) {
        best = i;
      }
    }
    if (chosen == null && votes[best] > 0) {
      chosen = ALL.get(best);
    }
  }

  /** The first of the lines that are held; null where none is. */
  @Nullable
  Held firstHeld() {
    return held.peek();
  }

  /** Holds the first line no longer. */
  void release() {
    heldBytes -= held.remove().line.length;
  }

  boolean holds() {
    return !held.isEmpty();
  }
}
