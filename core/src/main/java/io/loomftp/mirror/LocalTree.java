package io.loomftp.mirror;

import io.loomftp.EntryType;
import io.loomftp.internal.file.PartialFile;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The local side of a mirror: a root, and nothing outside it. A path consists of names below the root, separated by slashes.
 * Each use of a path checks that every name is one plain name and that no folder on the way is a link.
 *
 * <p>A process that may write below the root can still put a link there between the check and the use; file permissions must
 * prevent that.
 */
final class LocalTree {
  private static final String NOTE = ".part.of";

  private final Path root;
  private final boolean followLinks;
  private final boolean folding;

  /**
   * A tree.
   *
   * @param followLinks links below the root are replaced by their targets
   * @param names where they must be portable, names are compared as in a file system that ignores case
   */
  LocalTree(Path root, boolean followLinks, LocalNames names) {
    this.root = root.toAbsolutePath();
    this.followLinks = followLinks;
    this.folding = names.isPortable() || ignoresCase(this.root);
  }

  /** Whether the file system takes {@code a} and {@code A} for the same name; tried with an existing name. */
  private static boolean ignoresCase(Path root) {
    for (Path there = root; there != null; there = there.getParent()) {
      Path name = there.getFileName();
      if (name == null) {
        break;
      }
      String other = swapCase(name.toString());
      if (!other.equals(name.toString()) && Files.exists(there)) {
        try {
          Path twin = there.resolveSibling(other);
          return Files.exists(twin) && Files.isSameFile(there, twin);
        } catch (IOException | InvalidPathException e) {
          break; // unknown: the default of the operating system decides
        }
      }
    }
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    return system.startsWith("windows") || system.startsWith("mac");
  }

  private static String swapCase(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return upper.equals(name) ? name.toLowerCase(Locale.ROOT) : upper;
  }

  /** Equal for names that this file system takes for the same. */
  String key(String name) {
    return folding ? NameKeys.fold(name) : name;
  }

  Path root() {
    return root;
  }

  /** Resolves a path and checks that it lies below the root; the file need not exist. */
  Path resolve(String path) throws FileSystemException {
    Path place = root;
    if (path.isEmpty()) {
      return place;
    }
    for (String name : path.split("/", -1)) {
      place = place.resolve(plain(name, path));
    }
    if (!place.startsWith(root) || place.getNameCount() <= root.getNameCount()) {
      throw new FileSystemException(path, null, "is not below " + root);
    }
    return place;
  }

  private Path plain(String name, String path) throws FileSystemException {
    try {
      Path one = root.getFileSystem().getPath(name);
      boolean plain =
          one.getRoot() == null
              && one.getNameCount() == 1
              && one.toString().equals(name)
              && !name.isEmpty()
              && !name.equals(".")
              && !name.equals("..");
      if (plain) {
        return one;
      }
    } catch (InvalidPathException e) {
      throw new FileSystemException(LineEscapes.visible(path), null, "has a name that this file system cannot hold: " + e
          .getReason());
    }
    throw new FileSystemException(LineEscapes.visible(path), null, "has a part that is not one plain name");
  }

  /** Resolves a path and checks that all parents are folders. */
  private Path inside(String path) throws IOException {
    Path place = resolve(path);
    if (!followLinks) {
      for (int depth = root.getNameCount() + 1; depth < place.getNameCount(); depth++) {
        requireFolder(first(place, depth));
      }
    }
    return place;
  }

  private static Path first(Path place, int names) {
    Path whole = place.subpath(0, names);
    Path start = place.getRoot();
    return start == null ? whole : start.resolve(whole);
  }

  private void requireFolder(Path folder) throws IOException {
    BasicFileAttributes found = attributes(folder);
    if (!found.isDirectory()) {
      throw new FileSystemException(
          folder.toString(), null, found.isSymbolicLink() ? "is a link, not a folder of this mirror" : "is not a folder");
    }
  }

  private BasicFileAttributes attributes(Path place) throws IOException {
    return followLinks
        ? Files.readAttributes(place, BasicFileAttributes.class)
        : Files.readAttributes(place, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  /** The place of a file to write: its parent is a folder, and at most a regular file is there. */
  Path target(String path) throws IOException {
    Path place = inside(path);
    try {
      BasicFileAttributes found = Files.readAttributes(place, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!found.isRegularFile()) {
        throw new FileSystemException(place.toString(), null, "is not a regular file and is not replaced");
      }
    } catch (NoSuchFileException e) {
      Path folder = place.getParent();
      if (folder == null || !Files.isDirectory(folder)) {
        throw e;
      }
    }
    return place;
  }

  /** The place of a file to read. */
  Path source(String path) throws IOException {
    Path place = inside(path);
    if (!attributes(place).isRegularFile()) {
      throw new FileSystemException(place.toString(), null, "is not a regular file any more");
    }
    return place;
  }

  /** Whether a file of that size exists; a negative size is any. */
  boolean hasFile(String path, long size) {
    try {
      BasicFileAttributes found = attributes(inside(path));
      return found.isRegularFile() && (size < 0 || found.size() == size);
    } catch (IOException e) {
      return false;
    }
  }

  /** Makes a folder, whose parent must exist, unless it exists already. The root is made with its parents. */
  void makeFolder(String path) throws IOException {
    if (path.isEmpty()) {
      Files.createDirectories(root);
      return;
    }
    Path place = inside(path);
    try {
      Files.createDirectory(place);
    } catch (FileAlreadyExistsException e) {
      requireFolder(place);
    }
  }

  /** Deletes a file or a link, not the target of the link; does nothing if it does not exist. */
  void deleteFile(String path) throws IOException {
    Path place = inside(path);
    if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileSystemException(place.toString(), null, "is a folder now");
    }
    Files.deleteIfExists(place);
  }

  /** Removes an empty folder; does nothing if it does not exist. */
  void deleteFolder(String path) throws IOException {
    if (path.isEmpty()) {
      throw new FileSystemException(root.toString(), null, "is the root of this mirror");
    }
    if (isFolder(path)) {
      Files.delete(inside(path));
    }
  }

  /** Whether something has that path, be it a link that leads nowhere; true also where that cannot be found out. */
  boolean mayExist(String path) throws IOException {
    return !Files.notExists(resolve(path), LinkOption.NOFOLLOW_LINKS);
  }

  /** Whether a folder has that path. */
  boolean isFolder(String path) throws IOException {
    try {
      requireFolder(inside(path));
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /**
   * Lists a folder, in no order. An entry that cannot be examined, or whose name is not text, has the
   * {@linkplain EntryType#UNKNOWN unknown} type and the cause as its detail.
   */
  List<TreeEntry> list(String path) throws IOException {
    Path folder = inside(path);
    if (!path.isEmpty()) {
      requireFolder(folder);
    }
    List<TreeEntry> rows = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path place : all) {
        TreeEntry row = row(folder, place);
        if (row != null) {
          rows.add(row);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return rows;
  }

  /**
   * Lists a folder, and removes the notes of downloads that were killed after their file had got its name. Nothing is removed
   * that is not proven to be such a note.
   */
  List<TreeEntry> listWithoutStaleNotes(String path) throws IOException {
    List<TreeEntry> rows = list(path);
    Set<String> names = rows.stream().map(TreeEntry::name).collect(Collectors.toSet());
    List<String> complete =
        names.stream()
            .filter(name -> name.endsWith(NOTE) && !names.contains(name.substring(0, name.length() - ".of".length())))
            .map(name -> name.substring(0, name.length() - NOTE.length()))
            .filter(names::contains)
            .toList();
    if (complete.isEmpty()) {
      return rows;
    }
    for (String name : complete) {
      PartialFile.clearAfter(inside(path).resolve(name));
    }
    return list(path);
  }

  private @Nullable TreeEntry row(Path folder, Path place) throws IOException {
    String name = String.valueOf(place.getFileName());
    if (!folder.resolve(name).equals(place)) {
      return new TreeEntry(name, EntryType.UNKNOWN, -1, null, "its name is not text in the charset of this machine");
    }
    try {
      BasicFileAttributes found = Files.readAttributes(place, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (found.isSymbolicLink() && followLinks) {
        found = Files.readAttributes(place, BasicFileAttributes.class);
      }
      EntryType type =
          found.isSymbolicLink()
              ? EntryType.LINK
              : found.isRegularFile() ? EntryType.FILE : found.isDirectory() ? EntryType.DIRECTORY : EntryType.OTHER;
      String detail =
          switch (type) {
            case LINK -> Files.readSymbolicLink(place).toString();
            case DIRECTORY -> followLinks ? place.toRealPath().toString() : "";
            default -> "";
          };
      long size = type == EntryType.FILE ? found.size() : -1;
      return new TreeEntry(name, type, size, TreeEntry.exactly(found.lastModifiedTime().toInstant()), detail);
    } catch (NoSuchFileException e) {
      boolean dangling = followLinks && Files.isSymbolicLink(place);
      return dangling ? new TreeEntry(name, EntryType.LINK, -1, null, "its target does not exist") : null;
    } catch (IOException e) {
      return new TreeEntry(name, EntryType.UNKNOWN, -1, null, String.valueOf(e.getMessage()));
    }
  }
}
