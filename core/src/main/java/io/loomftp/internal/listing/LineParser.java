package io.loomftp.internal.listing;

import io.loomftp.internal.text.NameCodec;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads lines of one dialect, each for itself; without state, so that one instance serves all readers. */
interface LineParser {
  /** Reads {@code draft.line} into the other fields of the draft; they count only if the verdict is an entry. */
  LineMatch read(EntryBuilder draft);

  /** The bytes of a name that stands in several columns between two places; null where all that stands there is the name. */
  default byte @Nullable [] joinedName(byte[] line, int from, int to) {
    return null;
  }

  /** The further facts of the line, by lower-case name; parsed from the kept line on demand. */
  default Map<String, String> facts(byte[] line, NameCodec names) {
    return Map.of();
  }
}
