package io.loomftp.internal.file;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;

/**
 * An open local file whose operations an interrupt does not break: a {@link FileChannel} is closed by one, and the disk would
 * be blamed for it. The interrupt stays pending for whoever looks at it next. Links are not followed. Used by one thread at a
 * time.
 */
public class UninterruptedFile implements AutoCloseable {
  private static final Set<OpenOption> READ_WRITE = Set.of(READ, WRITE, NOFOLLOW_LINKS);
  private static final Set<OpenOption> CREATE = Set.of(READ, WRITE, NOFOLLOW_LINKS, CREATE_NEW);

  private final Path path;
  private final Set<OpenOption> options;
  private FileChannel channel;

  private UninterruptedFile(Path path, Set<OpenOption> options, FileChannel channel) {
    this.path = path;
    this.options = options;
    this.channel = channel;
  }

  /** For a subclass: the file, for reading and writing. */
  protected UninterruptedFile(Path path, boolean create) throws IOException {
    this(path, READ_WRITE, FileChannel.open(path, create ? CREATE : READ_WRITE));
  }

  /** Opens a file that exists, for reading and writing. */
  static UninterruptedFile open(Path path) throws IOException {
    return new UninterruptedFile(path, false);
  }

  /** Creates a file that does not exist, for reading and writing. */
  static UninterruptedFile create(Path path) throws IOException {
    return new UninterruptedFile(path, true);
  }

  /** Opens a folder, where the platform lets a program do that, to force it. */
  static UninterruptedFile openFolder(Path path) throws IOException {
    return new UninterruptedFile(path, Set.of(READ), FileChannel.open(path, Set.of(READ)));
  }

  /** An operation that may be repeated. */
  @FunctionalInterface
  protected interface Operation<T> {
    /** Uses the channel; a channel that an interrupt closed is replaced by another one. */
    T on(FileChannel channel) throws IOException;
  }

  /** Runs an operation, again where an interrupt broke it. */
  protected final <T> T run(Operation<T> operation) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        interrupted |= Thread.interrupted();
        try {
          return operation.on(channel);
        } catch (ClosedByInterruptException e) {
          channel = FileChannel.open(path, options);
          reopened(channel);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The channel is another one; what the old one held is to be taken again. */
  protected void reopened(FileChannel fresh) throws IOException {
    // a plain file holds nothing
  }

  /** Writes all of it at a position. */
  public final void write(byte[] bytes, int offset, int length, long position) throws IOException {
    run(
        open -> {
          ByteBuffer left = ByteBuffer.wrap(bytes, offset, length);
          long at = position;
          while (left.hasRemaining()) {
            at += open.write(left, at);
          }
          return at;
        });
  }

  /** Reads from a position to the end, at most this many bytes. */
  public final byte[] read(long position, int most) throws IOException {
    return run(
        open -> {
          ByteBuffer into = ByteBuffer.allocate(Math.clamp(open.size() - position, 0, most));
          long at = position;
          while (into.hasRemaining()) {
            int n = open.read(into, at);
            if (n < 0) {
              break;
            }
            at += n;
          }
          return Arrays.copyOf(into.array(), into.position());
        });
  }

  /** Cuts the file to a length. */
  public final void truncate(long length) throws IOException {
    run(open -> open.truncate(length));
  }

  /** Has the file system write it to the disk, its length and times included. */
  public final void force() throws IOException {
    run(
        open -> {
          open.force(true);
          return open;
        });
  }

  /** The length in bytes. */
  public final long size() throws IOException {
    return run(FileChannel::size);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
