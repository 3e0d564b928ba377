package io.loomftp.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** An open file or folder whose changes are recorded. */
final class LoggedChannel extends FileChannel {
  private static final int FOLDER = 0;

  private final FileChannel real;
  private final DiskLog log;
  private final int inode;
  private final Path path;

  LoggedChannel(FileChannel real, DiskLog log, int inode, Path path) {
    this.real = real;
    this.log = log;
    this.inode = inode;
    this.path = path;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    return real.read(into);
  }

  @Override
  public long read(ByteBuffer[] into, int offset, int length) throws IOException {
    return real.read(into, offset, length);
  }

  @Override
  public int read(ByteBuffer into, long position) throws IOException {
    return real.read(into, position);
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    int n = write(from, real.position());
    real.position(real.position() + n);
    return n;
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) throws IOException {
    long sum = 0;
    for (int i = offset; i < offset + length; i++) {
      sum += write(from[i]);
    }
    return sum;
  }

  @Override
  public int write(ByteBuffer from, long position) throws IOException {
    byte[] bytes = new byte[from.remaining()];
    from.duplicate().get(bytes);
    int n = real.write(from, position);
    log.written(inode, position, java.util.Arrays.copyOf(bytes, n));
    return n;
  }

  @Override
  public long position() throws IOException {
    return real.position();
  }

  @Override
  public FileChannel position(long position) throws IOException {
    real.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    return real.size();
  }

  @Override
  public FileChannel truncate(long length) throws IOException {
    real.truncate(length);
    log.truncated(inode, length);
    return this;
  }

  @Override
  public void force(boolean metadata) throws IOException {
    real.force(metadata);
    if (inode == FOLDER) {
      log.forcedFolder(path);
    } else {
      log.forced(inode);
    }
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    return real.transferTo(position, count, target);
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) throws IOException {
    return real.lock(position, size, shared);
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    return real.tryLock(position, size, shared);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    real.close();
  }
}
