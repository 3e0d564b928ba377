package io.loomftp.examples.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Keeps the content of each small file in memory, and compares it with the original afterwards; safe for many threads. */
final class SmallSinks {
  private final Data data;
  private final List<String> paths;
  private final AtomicReferenceArray<byte[]> contents;

  SmallSinks(Data data, int files) {
    this.data = data;
    paths = data.smallPaths(files);
    contents = new AtomicReferenceArray<>(paths.size());
  }

  /** The paths on the server; a file is known by its number in this list. */
  List<String> paths() {
    return paths;
  }

  /** Forgets all content. */
  void clear() {
    for (int i = 0; i < contents.length(); i++) {
      contents.set(i, new byte[0]);
    }
  }

  /** A sink for one file, which must be closed. */
  OutputStream sink(int file) {
    return new ByteArrayOutputStream(Data.SMALL_BYTES) {
      @Override
      public void close() {
        put(file, toByteArray());
      }
    };
  }

  /** Takes the content of one file. */
  void put(int file, byte[] content) {
    contents.set(file, content);
  }

  /** Compares every byte of every file. */
  void verify() throws IOException {
    for (int i = 0; i < contents.length(); i++) {
      byte[] right = Files.readAllBytes(data.tree().resolve(data.smallNames().get(i)));
      if (!Arrays.equals(right, contents.get(i))) {
        throw new IOException(paths.get(i) + " is not the file that was sent");
      }
    }
  }
}
