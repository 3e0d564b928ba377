package io.loomftp.internal.file;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The contents of {@code name.part.of}, which describes the partial file beside it. Its first two lines prove that both files are
 * the library's.
 *
 * <pre>
 * LoomFTP partial file 1
 * target huge.iso
 * source ftp://alice@ftp.example.org:21 /pub/huge.iso
 * size 8388608
 * modified 2026-01-01T10:00:00Z
 * forced no
 * range 0 4194304 1048576
 * range 4194304 8388608 4194304
 * checksum 1f0e2d3c
 * </pre>
 *
 * A range has its first byte, the byte behind its last, and its first missing byte. With {@code forced no} the only range of
 * a file in one piece has all bytes of the file, even if the note lists fewer; with {@code forced yes} it has those that the
 * note lists, since only they were forced to the disk.
 *
 * @param target name of the file that the partial one becomes
 * @param forced whether the bytes listed were forced to the disk before they were listed
 */
record PartialNote(String target, RemoteVersion version, boolean forced, List<ByteRange> ranges) {
  /** The first line of every note. */
  static final String MAGIC = "LoomFTP partial file 1";
  private static final Pattern RANGE = Pattern.compile("range (\\d{1,19}) (\\d{1,19}) (\\d{1,19})");
  private static final String UNKNOWN = "unknown";
  private static final int HEAD_LINES = 6;
  private static final int MOST_RANGES = 10_000;

  /** The lines that prove that the note is the library's. */
  private static String proof(String target) {
    return MAGIC + "\ntarget " + printable(target) + "\n";
  }

  private static String printable(String text) {
    return text.chars().anyMatch(c -> c < ' ') ? text.replaceAll("[\\x00-\\x1f]", "?") : text;
  }

  byte[] format() {
    StringBuilder text = new StringBuilder(proof(target));
    text.append("source ").append(printable(version.source())).append('\n');
    text.append("size ").append(version.size().isPresent() ? version.size().getAsLong() : UNKNOWN).append('\n');
    text.append("modified ").append(version.modified().map(Instant::toString).orElse(UNKNOWN)).append('\n');
    text.append("forced ").append(forced ? "yes" : "no").append('\n');
    for (ByteRange range : ranges) {
      text.append("range ").append(range.from()).append(' ').append(range.to()).append(' ').append(range.at()).append('\n');
    }
    return text.append(checksum(text.toString())).append('\n').toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String checksum(String text) {
    CRC32 sum = new CRC32();
    sum.update(text.getBytes(StandardCharsets.UTF_8));
    return "checksum " + HexFormat.of().toHexDigits(sum.getValue(), 8);
  }

  /** Whether these bytes are a note of the partial file of that target, intact or damaged. */
  static boolean isNoteOf(String target, byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8).startsWith(proof(target));
  }

  /** Reads a note; empty where it is damaged, or from another version of the library. */
  static Optional<PartialNote> parse(String target, byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    int end = text.lastIndexOf("checksum ");
    if (!isNoteOf(target, bytes) || end < 0 || !text.substring(end).equals(checksum(text.substring(0, end)) + "\n")) {
      return Optional.empty();
    }
    List<String> lines = text.substring(0, end).lines().toList();
    if (lines.size() <= HEAD_LINES || lines.size() > HEAD_LINES + MOST_RANGES) {
      return Optional.empty();
    }
    try {
      RemoteVersion version = new RemoteVersion(value(lines.get(2)), size(value(lines.get(3))), time(value(lines.get(4))));
      List<ByteRange> ranges = ranges(lines.subList(HEAD_LINES, lines.size()));
      return Optional.of(new PartialNote(target, version, value(lines.get(5)).equals("yes"), ranges));
    } catch (IllegalArgumentException | DateTimeException e) {
      return Optional.empty(); // the checksum is right, but another program wrote it
    }
  }

  private static String value(String line) {
    return line.substring(line.indexOf(' ') + 1);
  }

  private static OptionalLong size(String text) {
    return text.equals(UNKNOWN) ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
  }

  private static Optional<Instant> time(String text) {
    return text.equals(UNKNOWN) ? Optional.empty() : Optional.of(Instant.parse(text));
  }

  /** The ranges, which follow one another without a gap. */
  private static List<ByteRange> ranges(List<String> lines) {
    List<ByteRange> ranges = new ArrayList<>();
    long end = 0;
    for (String line : lines) {
      Matcher numbers = RANGE.matcher(line);
      if (!numbers.matches()) {
        throw new IllegalArgumentException(line);
      }
      ByteRange range =
          new ByteRange(
              Long.parseLong(numbers.group(1)), Long.parseLong(numbers.group(2)), Long.parseLong(numbers.group(3)));
      if (range.from() != end) {
        throw new IllegalArgumentException("a gap before " + line);
      }
      ranges.add(range);
      end = range.to();
    }
    return ranges;
  }

  /** Whether it describes the same version of the same remote file. */
  boolean isOf(RemoteVersion other) {
    return version.isRecognizable()
        && version.size().equals(other.size())
        && version.modified().equals(other.modified())
        && version.source().equals(printable(other.source()))
        && ranges.getLast().to() == version.size().getAsLong();
  }
}
