package io.loomftp.pool;

import io.loomftp.internal.file.ByteRange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The local file of a download in several parts while it is not complete: {@code name.part} beside the target, which has its
 * full length from the start, and {@code name.part.segments}, which tells what of it is there. That one never says more than
 * was written, however the program ends.
 *
 * <p>A file looks like this, the ranges as first byte, byte after the last, and first missing byte:
 *
 * <pre>
 * LoomFTP segments 1
 * ftp://alice@ftp.example.org:21 /huge.iso
 * 8388608 2026-01-01T10:00:00Z
 * 0 4194304 1048576
 * 4194304 8388608 4194304
 * </pre>
 */
final class PartMap {
  private static final String MAGIC = "LoomFTP segments 1";
  private static final Pattern RANGE = Pattern.compile("(\\d{1,18}) (\\d{1,18}) (\\d{1,18})");
  private static final int HEAD_LINES = 3;
  private static final int MOST_LINES = 10_000;

  private final Path part;
  private final Path map;
  private final String head;
  private final List<ByteRange> ranges;
  private final ReentrantLock guardingMap = new ReentrantLock();
  private final long there;

  private PartMap(Path part, Path map, String head, List<ByteRange> ranges) {
    this.part = part;
    this.map = map;
    this.head = head;
    this.ranges = List.copyOf(ranges);
    this.there = ranges.stream().mapToLong(range -> range.at() - range.from()).sum();
  }

  /**
   * Opens the part file. One that is there is gone on with where its map is of the same state of the same remote file; else
   * it is replaced.
   *
   * @param source server and path
   * @param modified when the remote file was modified; where that is not known nothing is gone on with
   * @param resume whether to go on with what is there
   */
  static PartMap open(Path target, String source, long size, Optional<Instant> modified, int segments, boolean resume)
      throws IOException {
    Path name = target.getFileName();
    if (name == null || Files.isDirectory(target)) {
      throw new FileSystemException(target.toString(), null, "is a folder, not a file to write");
    }
    Path parent = target.toAbsolutePath().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      throw new NoSuchFileException(parent.toString(), null, "no such folder");
    }
    if (Files.exists(target) && !Files.isWritable(target)) {
      throw new FileSystemException(target.toString(), null, "is not writable");
    }
    Path part = target.resolveSibling(name + ".part");
    Path map = target.resolveSibling(name + ".part.segments");
    Path note = target.resolveSibling(name + ".part.of"); // of a download in one stream, which has another idea of the part
    String head = MAGIC + "\n" + printable(source) + "\n" + size + " " + modified.map(Instant::toString).orElse("unknown");
    if (resume && modified.isPresent() && !Files.exists(note) && isWhole(part, size)) {
      List<ByteRange> known = read(map, head, size);
      if (!known.isEmpty()) {
        return new PartMap(part, map, head, known);
      }
    }
    Files.deleteIfExists(map);
    Files.deleteIfExists(note);
    Files.deleteIfExists(part);
    try (var channel =
        Files.newByteChannel(
            part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      channel.position(size - 1).write(java.nio.ByteBuffer.allocate(1));
    }
    PartMap fresh = new PartMap(part, map, head, split(size, segments));
    fresh.save();
    return fresh;
  }

  private static String printable(String source) {
    return source.chars().anyMatch(c -> c < ' ') ? source.replaceAll("[\\x00-\\x1f]", "?") : source;
  }

  private static boolean isWhole(Path part, long size) throws IOException {
    return Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS) && Files.size(part) == size;
  }

  private static List<ByteRange> split(long size, int segments) {
    List<ByteRange> ranges = new ArrayList<>();
    for (int i = 0; i < segments; i++) {
      long from = Math.multiplyExact(size, i) / segments;
      ranges.add(new ByteRange(from, Math.multiplyExact(size, i + 1) / segments, from));
    }
    return ranges;
  }

  /** The ranges, without a gap from first to last byte; none where the map is of something else or makes no sense. */
  private static List<ByteRange> read(Path map, String head, long size) throws IOException {
    if (!Files.isRegularFile(map, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    List<String> lines;
    try (var all = Files.lines(map, StandardCharsets.UTF_8)) {
      lines = all.limit(MOST_LINES).toList();
    } catch (java.io.UncheckedIOException e) {
      return List.of(); // no text at all
    }
    if (lines.size() <= HEAD_LINES || !String.join("\n", lines.subList(0, HEAD_LINES)).equals(head)) {
      return List.of();
    }
    List<ByteRange> ranges = new ArrayList<>();
    long end = 0;
    for (String line : lines.subList(HEAD_LINES, lines.size())) {
      Matcher numbers = RANGE.matcher(line);
      if (!numbers.matches()) {
        return List.of();
      }
      long from = Long.parseLong(numbers.group(1));
      long to = Long.parseLong(numbers.group(2));
      long at = Long.parseLong(numbers.group(3));
      if (from != end || at < from || to < at) {
        return List.of();
      }
      ranges.add(new ByteRange(from, to, at));
      end = to;
    }
    return end == size ? ranges : List.of();
  }

  /** Writes down what is there now. */
  void save() throws IOException {
    guardingMap.lock();
    try {
      StringBuilder text = new StringBuilder(head).append('\n');
      for (ByteRange range : ranges) {
        text.append(range.from()).append(' ').append(range.to()).append(' ').append(range.at()).append('\n');
      }
      Path fresh = map.resolveSibling(map.getFileName() + ".new");
      Files.writeString(fresh, text);
      Files.move(fresh, map, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      guardingMap.unlock();
    }
  }

  List<ByteRange> ranges() {
    return ranges;
  }

  Path part() {
    return part;
  }

  /** Bytes that were there when it was opened. */
  long there() {
    return there;
  }

  /** The part is complete and verified: it gets its full name. */
  void commit(Path target) throws IOException {
    try {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (java.nio.file.AtomicMoveNotSupportedException e) {
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }
    Files.deleteIfExists(map);
  }

  /** Nothing of it is kept. */
  void remove() throws IOException {
    Files.deleteIfExists(map);
    Files.deleteIfExists(part);
  }
}
