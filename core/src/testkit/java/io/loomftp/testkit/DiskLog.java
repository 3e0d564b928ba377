package io.loomftp.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Records every operation on the files of one folder, and computes the possible states of the disk after a power cut behind
 * any of them. What was forced is present; of the rest any part may be, in any order: bytes may be missing or zero, a rename
 * may be missing although a later one is present.
 *
 * {@snippet :
 * DiskLog log = DiskLog.of(folder);
 * program(log.folder().resolve("a.bin")); // uses Path and Files only
 * for (int cut = 0; cut <= log.size(); cut++) {
 *   for (Map<String, byte[]> files : log.states(cut)) { ... }
 * }
 * }
 */
public final class DiskLog {
  private final Path real;
  private final Map<String, Integer> names = new HashMap<>();
  private final Map<String, Integer> namesBefore;
  private final Map<Integer, byte[]> before = new HashMap<>();
  private final List<Step> steps = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private int inodes;

  /** An operation of the disk. */
  private sealed interface Step {}

  private record Create(String name, int inode) implements Step {}

  private record Delete(String name) implements Step {}

  private record Rename(String from, String to) implements Step {}

  private record Link(String existing, String name) implements Step {}

  private record Write(int inode, long at, byte[] bytes) implements Step {}

  private record Truncate(int inode, long length) implements Step {}

  private record Force(int inode) implements Step {}

  private record ForceFolder() implements Step {}

  private DiskLog(Path real) throws IOException {
    this.real = real;
    try (Stream<Path> files = Files.list(real)) {
      for (Path file : files.toList()) {
        names.put(file.getFileName().toString(), ++inodes);
        before.put(inodes, Files.readAllBytes(file));
      }
    }
    this.namesBefore = Map.copyOf(names);
  }

  /** Starts recording; the present contents of the folder are on the disk. */
  public static DiskLog of(Path folder) throws IOException {
    return new DiskLog(folder);
  }

  /** The folder in a file system that records. */
  public Path folder() {
    return new LoggedFileSystem(this, real.getFileSystem()).wrap(real);
  }

  /** The number of recorded operations. */
  public int size() {
    return steps.size();
  }

  /** An operation, for messages. */
  public String step(int number) {
    Step step = steps.get(number);
    return step instanceof Write write ? "Write[" + write.inode + ", " + write.bytes.length + " bytes]" : step.toString();
  }

  // --- recording ---

  private String name(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    if (!real.toAbsolutePath().normalize().equals(absolute.getParent())) {
      return ""; // not of this folder
    }
    return absolute.getFileName().toString();
  }

  private void record(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }

  /** The number of a file, which keeps it under any name. */
  int opened(Path path, boolean created) {
    int[] inode = new int[1];
    record(() -> {
      String name = name(path);
      if (created) {
        names.put(name, ++inodes);
        steps.add(new Create(name, inodes));
      }
      inode[0] = names.getOrDefault(name, 0);
    });
    return inode[0];
  }

  void deleted(Path path) {
    record(() -> {
      names.remove(name(path));
      steps.add(new Delete(name(path)));
    });
  }

  void renamed(Path from, Path to) {
    record(() -> {
      names.put(name(to), names.remove(name(from)));
      steps.add(new Rename(name(from), name(to)));
    });
  }

  void linked(Path existing, Path link) {
    record(() -> {
      names.put(name(link), names.get(name(existing)));
      steps.add(new Link(name(existing), name(link)));
    });
  }

  void written(int inode, long at, byte[] bytes) {
    record(() -> steps.add(new Write(inode, at, bytes)));
  }

  void truncated(int inode, long length) {
    record(() -> steps.add(new Truncate(inode, length)));
  }

  void forced(int inode) {
    record(() -> steps.add(new Force(inode)));
  }

  void forcedFolder(Path folder) {
    record(() -> steps.add(new ForceFolder()));
  }

  // --- cutting the power ---

  /** The fate of writes that were not forced. */
  private enum Lost {
    ALL, NOTHING, BYTES_BUT_NOT_LENGTH, SECOND_HALF, ALL_BUT_THE_LAST
  }

  /** The files in every possible state of the disk after this many operations. */
  public List<Map<String, byte[]>> states(int operations) {
    List<Step> done = steps.subList(0, operations);
    Map<String, Map<String, byte[]>> different = new LinkedHashMap<>();
    for (Map<String, Integer> folder : folders(done)) {
      for (Lost ofData : Lost.values()) {
        for (Lost ofNotes : Lost.values()) {
          Map<String, byte[]> files = new TreeMap<>();
          folder.forEach((name, inode) -> files.put(name, content(inode, done, name.endsWith(".of") ? ofNotes : ofData)));
          StringBuilder key = new StringBuilder();
          files.forEach((name, bytes) -> key.append(name).append(' ').append(Arrays.hashCode(bytes)).append('\n'));
          different.putIfAbsent(key.toString(), files);
        }
      }
    }
    return List.copyOf(different.values());
  }

  /** The possible names: the forced ones with any prefix of the later changes, any one of them, or all but any one. */
  private List<Map<String, Integer>> folders(List<Step> done) {
    Map<String, Integer> forced = new HashMap<>(namesBefore);
    List<Step> later = new ArrayList<>();
    for (Step step : done) {
      if (step instanceof ForceFolder) {
        later.forEach(change -> apply(change, forced));
        later.clear();
      } else if (step instanceof Create || step instanceof Delete || step instanceof Rename || step instanceof Link) {
        later.add(step);
      }
    }
    List<Map<String, Integer>> all = new ArrayList<>();
    for (int i = 0; i <= later.size(); i++) {
      int limit = i;
      all.add(with(forced, later.stream().limit(limit).toList()));
      if (i < later.size()) {
        Step one = later.get(i);
        all.add(with(forced, List.of(one)));
        all.add(with(forced, later.stream().filter(step -> step != one).toList()));
      }
    }
    return all;
  }

  private static Map<String, Integer> with(Map<String, Integer> forced, List<Step> changes) {
    Map<String, Integer> folder = new HashMap<>(forced);
    changes.forEach(change -> apply(change, folder));
    return folder;
  }

  private static void apply(Step change, Map<String, Integer> folder) {
    switch (change) {
      case Create create -> folder.put(create.name, create.inode);
      case Delete delete -> folder.remove(delete.name);
      case Rename rename -> {
        Integer inode = folder.remove(rename.from);
        if (inode != null) {
          folder.put(rename.to, inode);
        }
      }
      case Link link -> {
        Integer inode = folder.get(link.existing);
        if (inode != null) {
          folder.put(link.name, inode);
        }
      }
      default -> throw new IllegalArgumentException(change.toString());
    }
  }

  private byte[] content(int inode, List<Step> done, Lost lost) {
    byte[] content = before.getOrDefault(inode, new byte[0]);
    List<Step> later = new ArrayList<>();
    for (Step step : done) {
      if (step instanceof Force force && force.inode == inode) {
        for (Step change : later) {
          content = applied(change, content, false);
        }
        later.clear();
      } else if ((step instanceof Write write && write.inode == inode)
          || (step instanceof Truncate truncate && truncate.inode == inode)) {
        later.add(step);
      }
    }
    List<Step> kept =
        switch (lost) {
          case ALL -> List.of();
          case NOTHING, BYTES_BUT_NOT_LENGTH -> later;
          case SECOND_HALF -> later.subList(0, later.size() / 2);
          case ALL_BUT_THE_LAST -> later.isEmpty() ? later : later.subList(later.size() - 1, later.size());
        };
    for (Step change : kept) {
      content = applied(change, content, lost == Lost.BYTES_BUT_NOT_LENGTH);
    }
    return content;
  }

  private static byte[] applied(Step change, byte[] content, boolean asZeros) {
    if (change instanceof Truncate truncate) {
      return truncate.length < content.length ? Arrays.copyOf(content, (int) truncate.length) : content;
    }
    Write write = (Write) change;
    byte[] result = Arrays.copyOf(content, Math.max(content.length, (int) write.at + write.bytes.length));
    if (!asZeros) {
      System.arraycopy(write.bytes, 0, result, (int) write.at, write.bytes.length);
    }
    return result;
  }

  /** Writes a state into a folder, replacing its contents. */
  public static void restore(Map<String, byte[]> files, Path folder) {
    try (Stream<Path> old = Files.list(folder)) {
      for (Path file : old.toList()) {
        Files.delete(file);
      }
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Files.write(folder.resolve(file.getKey()), file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
