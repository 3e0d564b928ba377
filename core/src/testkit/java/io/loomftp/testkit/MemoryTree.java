package io.loomftp.testkit;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The files of a scripted server by absolute path, in memory; safe for many sessions. */
final class MemoryTree {
  private final NavigableMap<String, Node> nodes = new ConcurrentSkipListMap<>();

  MemoryTree() {
    nodes.put("/", Node.directory(now()));
  }

  /** A file, or a directory when it has no content. An open transfer keeps its file when the name is reused. */
  static final class Node {
    private volatile byte @Nullable [] content;
    volatile Instant modified;

    private Node(byte @Nullable [] content, Instant modified) {
      this.content = content;
      this.modified = modified;
    }

    static Node directory(Instant modified) {
      return new Node(null, modified);
    }

    static Node file(byte[] content, Instant modified) {
      return new Node(content, modified);
    }

    boolean isDirectory() {
      return content == null;
    }

    byte[] content() {
      byte[] now = content;
      return now == null ? new byte[0] : now;
    }
  }

  /** Resolves an argument against a directory; {@code .} and {@code ..} are removed. */
  static String resolve(String directory, String argument) {
    Deque<String> parts = new ArrayDeque<>();
    String all = argument.startsWith("/") ? argument : directory + "/" + argument;
    for (String part : all.split("/", -1)) {
      if (part.equals("..")) {
        parts.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return "/" + String.join("/", parts);
  }

  static String nameOf(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  static String parentOf(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }

  @Nullable
  Node get(String path) {
    return nodes.get(path);
  }

  boolean isFile(String path) {
    Node node = nodes.get(path);
    return node != null && !node.isDirectory();
  }

  boolean isDirectory(String path) {
    Node node = nodes.get(path);
    return node != null && node.isDirectory();
  }

  /** Creates the directory and its parents. */
  void directory(String path) {
    if (!path.equals("/")) {
      directory(parentOf(path));
      nodes.putIfAbsent(path, Node.directory(now()));
    }
  }

  void write(String path, byte[] content) {
    write(path, content, now());
  }

  /** Creates or replaces a file; transfers of the old one continue with the old contents. */
  void write(String path, byte[] content, Instant modified) {
    nodes.put(path, Node.file(content, modified));
  }

  /** Changes the contents of a file in place, as a program does that has it open: running transfers see it. */
  void rewrite(String path, byte[] content, Instant modified) {
    Node node = nodes.get(path);
    if (node == null || node.isDirectory()) {
      throw new IllegalStateException("no file " + path);
    }
    node.content = content;
    node.modified = modified;
  }

  boolean touch(String path, Instant modified) {
    Node node = nodes.get(path);
    if (node == null) {
      return false;
    }
    node.modified = modified;
    return true;
  }

  boolean deleteFile(String path) {
    return isFile(path) && nodes.remove(path) != null;
  }

  boolean deleteDirectory(String path) {
    return !path.equals("/") && isDirectory(path) && children(path).isEmpty() && nodes.remove(path) != null;
  }

  /** Moves a file, or a directory with its contents. */
  void rename(String from, String to) {
    List<String> moved = new ArrayList<>(nodes.subMap(from + "/", from + "0").keySet());
    moved.add(from);
    for (String path : moved) {
      Node node = nodes.remove(path);
      if (node != null) {
        nodes.put(to + path.substring(from.length()), node);
      }
    }
  }

  /** Paths directly in the directory, in order. */
  List<String> children(String directory) {
    String prefix = directory.equals("/") ? "/" : directory + "/";
    String end = prefix.substring(0, prefix.length() - 1) + "0"; // '0' is the character after '/'
    return nodes.subMap(prefix, false, end, false).keySet().stream()
        .filter(path -> path.indexOf('/', prefix.length()) < 0)
        .toList();
  }

  List<String> files() {
    return nodes.entrySet().stream().filter(e -> !e.getValue().isDirectory()).map(e -> e.getKey()).toList();
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS);
  }
}
