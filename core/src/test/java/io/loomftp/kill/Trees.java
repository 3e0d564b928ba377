package io.loomftp.kill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Folders with files of known content: what is to be copied, and what is there before. */
final class Trees {
  /** When the originals were written. */
  static final Instant WRITTEN = Instant.parse("2024-05-17T08:30:00Z");

  /** When those were written that are to be replaced. */
  static final Instant LONG_AGO = Instant.parse("2020-02-03T04:05:00Z");

  private Trees() {}

  /** One file of this size. */
  static Map<String, byte[]> single(String name, int size, Random random) {
    Map<String, byte[]> files = new TreeMap<>();
    files.put(name, content(size, random));
    return files;
  }

  /** Forty files of up to 64 KiB in six folders, one of them empty. */
  static Map<String, byte[]> forest(Random random) {
    List<String> folders = List.of("", "a/", "b/", "b/deep/", "c/", "c d/");
    int[] sizes = {0, 1, 100, 4_096, 20_000, 65_536, 7, 33_333};
    Map<String, byte[]> files = new TreeMap<>();
    for (int i = 0; i < 40; i++) {
      files.put(folders.get(i % folders.size()) + "f" + i + ".bin", content(sizes[i % sizes.length], random));
    }
    return files;
  }

  private static byte[] content(int size, Random random) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Of these files some, in an older state with another length; the same choice for the same random. */
  static Map<String, byte[]> older(Map<String, byte[]> files, Random random) {
    Map<String, byte[]> some = new TreeMap<>();
    files.forEach((name, bytes) -> {
      if (random.nextInt(3) == 0 || files.size() == 1) {
        some.put(name, content(Math.max(2, bytes.length + (random.nextBoolean() ? 50 : -bytes.length / 2)), random));
      }
    });
    return some;
  }

  /** Writes the files, and gives them all to the owner of the folder above. */
  static void write(Path root, Map<String, byte[]> files, Instant modified) throws IOException {
    Files.createDirectories(root);
    UserPrincipal owner = Files.getOwner(root.getParent());
    own(root, owner);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = root.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
      Files.setLastModifiedTime(path, FileTime.from(modified));
      for (Path up = path; !up.equals(root); up = up.getParent()) {
        own(up, owner);
      }
    }
  }

  private static void own(Path path, UserPrincipal owner) throws IOException {
    if (!Files.getOwner(path).equals(owner)) {
      Files.setOwner(path, owner);
    }
  }

  /** Every file below, by its name with slashes. Those that vanish meanwhile are left out. */
  static Map<String, byte[]> read(Path root) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    if (!Files.isDirectory(root)) {
      return files;
    }
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        files.put(root.relativize(path).toString().replace('\\', '/'), Files.readAllBytes(path));
      }
    }
    return files;
  }

  /** The length of a file, or -1 where there is none. */
  static long size(Path path) {
    try {
      return Files.size(path);
    } catch (NoSuchFileException e) {
      return -1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** When a file was written, or the beginning of time where there is none. */
  static Instant modified(Path path) throws IOException {
    try {
      return Files.getLastModifiedTime(path).toInstant();
    } catch (NoSuchFileException e) {
      return Instant.MIN;
    }
  }

  static void delete(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> files = Files.walk(root)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }
}
