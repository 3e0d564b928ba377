package io.loomftp.internal.file;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The source of an upload: a local file, which can be read again, or a stream, which cannot. */
public final class UploadSource {
  private final @Nullable Path file;
  private final @Nullable InputStream stream;
  private OptionalLong size = OptionalLong.empty();
  private Optional<Instant> modified = Optional.empty();
  private @Nullable Object fileKey;

  private UploadSource(@Nullable Path file, @Nullable InputStream stream) {
    this.file = file;
    this.stream = stream;
  }

  /** A local file. */
  public static UploadSource of(Path file) {
    return new UploadSource(file, null);
  }

  /** A stream of the caller, which is not closed. */
  public static UploadSource of(InputStream stream) {
    return new UploadSource(null, stream);
  }

  /** Records the state of the file. */
  void look() throws IOException {
    if (file == null) {
      return;
    }
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    if (attributes.isDirectory()) {
      throw new IOException(file + " is a folder");
    }
    size = attributes.isRegularFile() ? OptionalLong.of(attributes.size()) : OptionalLong.empty();
    modified = Optional.of(attributes.lastModifiedTime().toInstant());
    fileKey = attributes.fileKey();
  }

  /**
   * Whether the file was replaced or changed since {@link #look}, so that what was read may be a mixture. A deleted file has not
   * changed, since it was read through the open handle.
   */
  boolean hasChanged() throws IOException {
    if (file == null || size.isEmpty()) {
      return false;
    }
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return now.size() != size.getAsLong()
          || !Optional.of(now.lastModifiedTime().toInstant()).equals(modified)
          || !Objects.equals(now.fileKey(), fileKey);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  boolean isFile() {
    return size.isPresent();
  }

  OptionalLong size() {
    return size;
  }

  Optional<Instant> modified() {
    return modified;
  }

  /** Opens the source at an offset; skipped bytes are added to the digests, if there are any. */
  InputStream open(long from, DigestSet digests) throws IOException {
    if (stream != null) {
      return new FilterInputStream(stream) {
        @Override
        public int read(byte[] block, int offset, int length) throws IOException {
          return in.read(block, offset, length);
        }

        @Override
        public void close() {
          // the caller owns it
        }
      };
    }
    InputStream in = Files.newInputStream(Objects.requireNonNull(file));
    try {
      if (digests.isNeeded()) {
        digests.add(in, from);
      } else {
        in.skipNBytes(from);
      }
      return in;
    } catch (IOException | RuntimeException | Error e) {
      in.close();
      throw e;
    }
  }

  /** The file's path; empty for a stream. */
  @Override
  public String toString() {
    return file == null ? "" : file.toString();
  }
}
