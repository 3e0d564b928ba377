package io.loomftp.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/** A folder that a client fills in each round. */
final class LocalCopies {
  private final Path folder;

  LocalCopies(Path folder) {
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  /** Deletes what the last round left. */
  void clear() throws IOException {
    FileUtils.cleanDirectory(folder.toFile());
  }

  /** Deletes what the last round left, and makes the folders of the small files. */
  void clearForSmallFiles(Data data) throws IOException {
    clear();
    for (String name : data.smallNames()) {
      Files.createDirectories(folder.resolve(name.substring(0, name.indexOf('/'))));
    }
  }

  /** Compares every byte of one file with the original. */
  void verify(String name, Path original) throws IOException {
    verify(file(name), original);
  }

  /** Compares every byte of the small files with the originals, and finds files that should not be there. */
  void verifySmallFiles(Data data, int files) throws IOException {
    for (String name : data.smallNames().subList(0, files)) {
      verify(folder.resolve(name), data.tree().resolve(name));
    }
    try (Stream<Path> all = Files.walk(folder)) {
      long found = all.filter(Files::isRegularFile).count();
      if (found != files) {
        throw new IOException(found + " files are in " + folder + ", not " + files);
      }
    }
  }

  /** Compares every byte of two files. */
  static void verify(Path copy, Path original) throws IOException {
    long different = Files.mismatch(copy, original);
    if (different >= 0) {
      throw new IOException(copy + " differs from the original at byte " + different);
    }
  }
}
