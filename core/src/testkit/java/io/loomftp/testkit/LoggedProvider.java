package io.loomftp.testkit;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import java.util.Set;

/** Delegates to another provider and records every change of names and every open file. */
final class LoggedProvider extends FileSystemProvider {
  private final LoggedFileSystem system;
  private final FileSystemProvider real;
  private final DiskLog log;

  LoggedProvider(LoggedFileSystem system, FileSystemProvider real, DiskLog log) {
    this.system = system;
    this.real = real;
    this.log = log;
  }

  private static Path unwrap(Path path) {
    return LoggedFileSystem.unwrap(path);
  }

  @Override
  public String getScheme() {
    return "logged";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return system;
  }

  @Override
  public Path getPath(URI uri) {
    return system.wrap(real.getPath(uri));
  }

  @Override
  public SeekableByteChannel newByteChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    Path file = unwrap(path);
    boolean existed = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    FileChannel channel = real.newFileChannel(file, options, attributes);
    if (Files.isDirectory(file)) {
      return new LoggedChannel(channel, log, 0, file);
    }
    int inode = log.opened(file, !existed);
    if (existed && options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
      log.truncated(inode, 0);
    }
    if (options.contains(StandardOpenOption.APPEND)) {
      throw new UnsupportedOperationException("appending is not recorded");
    }
    return new LoggedChannel(channel, log, inode, file);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(Path folder, DirectoryStream.Filter<? super Path> filter) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void createDirectory(Path folder, FileAttribute<?>... attributes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void delete(Path path) throws IOException {
    real.delete(unwrap(path));
    log.deleted(unwrap(path));
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    real.move(unwrap(source), unwrap(target), options);
    log.renamed(unwrap(source), unwrap(target));
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    real.createLink(unwrap(link), unwrap(existing));
    log.linked(unwrap(existing), unwrap(link));
  }

  @Override
  public boolean isSameFile(Path path, Path other) throws IOException {
    return real.isSameFile(unwrap(path), unwrap(other));
  }

  @Override
  public boolean isHidden(Path path) throws IOException {
    return real.isHidden(unwrap(path));
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    return real.getFileStore(unwrap(path));
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    real.checkAccess(unwrap(path), modes);
  }

  @Override
  public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
    return real.getFileAttributeView(unwrap(path), type, options);
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
      throws IOException {
    return real.readAttributes(unwrap(path), type, options);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
    return real.readAttributes(unwrap(path), attributes, options);
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
    real.setAttribute(unwrap(path), attribute, value, options);
  }
}
