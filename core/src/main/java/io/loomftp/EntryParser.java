package io.loomftp;

import java.util.Optional;

/**
 * Parses the lines of a listing in a dialect that the library does not know; called first for every line of LIST.
 *
 * <p>The line has no line end and is decoded like names (bytes that are not valid in the charset are lone low
 * surrogates). Lines that this parser does not understand go to the parsers of the library; so does a line on which it
 * throws, after it is reported as a {@link ListingDiagnostic}.
 *
 * {@snippet :
 * EntryParser own = line -> line.startsWith("#")
 *     ? Optional.of(FtpEntry.builder(line.substring(1)).type(EntryType.FILE).build())
 *     : Optional.empty();
 * }
 */
@FunctionalInterface
public interface EntryParser {
  /** Parses one line; empty when the line is not understood. */
  Optional<FtpEntry> parse(String line);
}
