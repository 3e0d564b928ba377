package io.loomftp.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Deletes the files of a fixture. */
final class TempFolders {
  private TempFolders() {}

  /** Deletes the folder and all that is in it; retried while a server that is ending still creates files there. */
  static void delete(Path folder) {
    for (int attempt = 0; Files.exists(folder); attempt++) {
      try {
        deleteOnce(folder);
      } catch (IOException e) {
        if (attempt == 3) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private static void deleteOnce(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path file : all) {
      Files.deleteIfExists(file);
    }
  }
}
