package io.loomftp;

import java.util.Optional;

/**
 * Reads a listing that no other client knows: your own parser, asked first for every line of LIST.
 *
 * <p>The line comes without its line end, decoded like names are (bytes that are not valid in the charset are lone low
 * surrogates). What this parser does not understand is tried with the parsers of the library; so is a line on which it
 * throws, after a {@link ListingDiagnostic} has said so.
 *
 * {@snippet :
 * EntryParser own = line -> line.startsWith("#")
 *     ? Optional.of(FtpEntry.builder(line.substring(1)).type(EntryType.FILE).build())
 *     : Optional.empty();
 * }
 */
@FunctionalInterface
public interface EntryParser {
  /** The entry of a line; empty where the line is not understood. */
  Optional<FtpEntry> parse(String line);
}
