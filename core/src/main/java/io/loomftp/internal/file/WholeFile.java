package io.loomftp.internal.file;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;

/**
 * Replaces a local text file as a whole: the text is written to a temporary file beside it, forced to the disk, and renamed. At
 * any moment the old text or the new one has the name, and the old one stays where writing fails.
 */
public final class WholeFile {
  private static final String TEMPORARY = "{name}.{id}.new";

  private WholeFile() {}

  /** Writes the text. */
  @FunctionalInterface
  public interface Content {
    /** Writes all of it. */
    void writeTo(Writer out) throws IOException;
  }

  /**
   * Writes a file in UTF-8. A link is followed, and permissions of the replaced file are kept. What is no regular file, for
   * example a pipe, cannot be replaced and is written to.
   *
   * @throws IOException also when the file exists and is not writable
   */
  public static void write(Path file, Content content) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file)) {
      try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
        content.writeTo(out);
      }
      return;
    }
    replace(Files.isSymbolicLink(file) ? file.toRealPath() : file, content);
  }

  private static void replace(Path target, Content content) throws IOException {
    PartialName.check(target);
    Path fresh = target.resolveSibling(TemporaryName.of(target.getFileName().toString(), TEMPORARY, TemporaryName.randomId()));
    UninterruptedFile file = UninterruptedFile.create(fresh);
    boolean replaced = false;
    try {
      try (file) {
        keepPermissions(target, fresh);
        write(file, content);
        file.force();
      }
      FinalName.replace(fresh, target);
      replaced = true;
      FinalName.force(target);
    } finally {
      if (!replaced) {
        Files.deleteIfExists(fresh);
      }
    }
  }

  private static void keepPermissions(Path target, Path fresh) throws IOException {
    PosixFileAttributeView old = Files.getFileAttributeView(target, PosixFileAttributeView.class);
    if (old != null && Files.exists(target)) {
      Files.setPosixFilePermissions(fresh, old.readAttributes().permissions());
    }
  }

  private static void write(UninterruptedFile file, Content content) throws IOException {
    // An encoder of its own rejects what is no text, where a charset would replace it.
    try (Writer out = new BufferedWriter(new OutputStreamWriter(output(file), StandardCharsets.UTF_8.newEncoder()))) {
      content.writeTo(out);
    }
  }

  private static OutputStream output(UninterruptedFile file) {
    return new OutputStream() {
      private long at;

      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] block, int offset, int length) throws IOException {
        file.write(block, offset, length, at);
        at += length;
      }
    };
  }
}
