package io.loomftp.testkit;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;

/** Answers queries about the files of a scripted server: SIZE, MDTM, MFMT, MLST, and the lines of listings. */
final class Facts {
  private static final DateTimeFormatter STAMP = formatter("uuuuMMddHHmmss");
  private static final DateTimeFormatter RECENT = formatter("MMM dd HH:mm");
  private static final DateTimeFormatter OLD = formatter("MMM dd  uuuu");

  private Facts() {}

  private static DateTimeFormatter formatter(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
  }

  static void size(Conversation c) throws IOException {
    MemoryTree.Node node = c.server().files().get(OrdinaryCommands.path(c));
    if (node == null || node.isDirectory()) {
      c.reply("550 " + c.argument() + ": No such file.");
    } else {
      c.reply("213 " + OrdinaryCommands.toNetwork(node.content(), c.state().ascii).length);
    }
  }

  static void mdtm(Conversation c) throws IOException {
    MemoryTree.Node node = c.server().files().get(OrdinaryCommands.path(c));
    c.reply(node == null ? "550 " + c.argument() + ": No such file." : "213 " + STAMP.format(node.modified));
  }

  static void mfmt(Conversation c) throws IOException {
    int space = c.argument().indexOf(' ');
    try {
      String stamp = c.argument().substring(0, Math.max(space, 0));
      String name = c.argument().substring(space + 1);
      Instant modified = LocalDateTime.parse(stamp, STAMP).toInstant(ZoneOffset.UTC);
      boolean there = c.server().files().touch(MemoryTree.resolve(c.state().directory, name), modified);
      c.reply(there ? "213 Modify=" + stamp + "; " + name : "550 " + name + ": No such file.");
    } catch (DateTimeParseException e) {
      c.reply("501 That is no time.");
    }
  }

  static void mlst(Conversation c) throws IOException {
    String path = OrdinaryCommands.path(c);
    MemoryTree.Node node = c.server().files().get(path);
    if (node == null) {
      c.reply("550 " + c.argument() + ": No such file.");
    } else {
      c.reply("250-Listing " + c.argument(), " " + machineLine(path, node, node.isDirectory() ? "dir" : "file", path), "250 End");
    }
  }

  /** The lines of MLSD, the directory itself and its parent among them. */
  static byte[] machineList(Conversation c, String directory) {
    MemoryTree files = c.server().files();
    StringBuilder lines = new StringBuilder();
    special(files, directory, "cdir", ".", lines);
    special(files, MemoryTree.parentOf(directory), "pdir", "..", lines);
    for (String path : files.children(directory)) {
      MemoryTree.Node node = files.get(path);
      if (node != null) { // another session may have deleted it
        String type = node.isDirectory() ? "dir" : "file";
        lines.append(machineLine(path, node, type, MemoryTree.nameOf(path))).append("\r\n");
      }
    }
    return lines.toString().getBytes(c.server().charset());
  }

  private static void special(MemoryTree files, String path, String type, String name, StringBuilder lines) {
    MemoryTree.Node node = files.get(path);
    if (node != null) {
      lines.append(machineLine(path, node, type, name)).append("\r\n");
    }
  }

  private static String machineLine(String path, MemoryTree.Node node, String type, String name) {
    String size = node.isDirectory() ? "" : "size=" + node.content().length + ";";
    return "type=" + type + ";" + size + "modify=" + STAMP.format(node.modified) + ";perm="
        + (node.isDirectory() ? "cdeflmp" : "adfrw") + ";unique=" + Integer.toHexString(path.hashCode()) + "; " + name;
  }

  /** The lines of LIST, as {@code ls -l} writes them; of a file, its own line. */
  static byte[] list(Conversation c, String path) {
    MemoryTree files = c.server().files();
    StringBuilder lines = new StringBuilder();
    List<String> paths = files.isFile(path) ? List.of(path) : files.children(path);
    for (String child : paths) {
      MemoryTree.Node node = files.get(child);
      if (node != null) {
        boolean recent = Duration.between(node.modified, Instant.now()).abs().toDays() < 180;
        lines.append(String.format(Locale.ROOT, "%s   1 ftp      ftp      %10d %s %s\r\n",
            node.isDirectory() ? "drwxr-xr-x" : "-rw-r--r--", node.content().length,
            (recent ? RECENT : OLD).format(node.modified), MemoryTree.nameOf(child)));
      }
    }
    return lines.toString().getBytes(c.server().charset());
  }

  /** The lines of NLST. */
  static byte[] names(Conversation c, String directory) {
    StringBuilder lines = new StringBuilder();
    for (String path : c.server().files().children(directory)) {
      lines.append(MemoryTree.nameOf(path)).append("\r\n");
    }
    return lines.toString().getBytes(c.server().charset());
  }
}
