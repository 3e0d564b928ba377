package io.loomftp.internal.file;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;

/**
 * Which state of which remote file a part file is a part of: four lines of text in {@code name.part.of}.
 *
 * @param server user, host and port
 * @param path the remote file's absolute path
 * @param size its size in bytes
 * @param modified its time of modification as the server told it
 */
record PartNote(String server, String path, long size, Instant modified) {
  private static final String HEAD = "LoomFTP: the file beside this one is an incomplete copy of";
  private static final long LONGEST = 64 << 10;

  private List<String> lines() {
    return List.of(HEAD, server + " " + path, "size " + size, "modified " + modified);
  }

  /** Whether just this is written there. */
  boolean isWrittenIn(Path file) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) > LONGEST) {
      return false;
    }
    try {
      return Files.readAllLines(file).equals(lines());
    } catch (MalformedInputException e) {
      return false; // something else of that name
    }
  }

  /** Removes one that may be there, if it is one. */
  static void delete(Path file) throws IOException {
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) <= LONGEST && isNote(file)) {
      Files.delete(file);
    }
  }

  private static boolean isNote(Path file) throws IOException {
    try (BufferedReader in = Files.newBufferedReader(file)) {
      return HEAD.equals(in.readLine());
    } catch (MalformedInputException e) {
      return false; // something else of that name
    }
  }

  /** Writes it there, all of it in one step. */
  void write(Path file) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.write(fresh, lines());
    try {
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
