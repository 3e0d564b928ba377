package io.loomftp.truth;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.mirror.Mirror;
import io.loomftp.mirror.MirrorPlan;
import io.loomftp.mirror.MirrorReport;
import io.loomftp.pool.FtpPool;
import io.loomftp.testkit.Behaviour;
import io.loomftp.testkit.Conversation;
import io.loomftp.testkit.DataPipe;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mirrors of random trees with deletes, on servers with random faults, in both directions: nothing that the source has is
 * ever deleted at the destination, and a later run without faults makes both sides equal.
 */
@Timeout(900)
class MirrorDeleteTest {
  private static final int SAMPLE = 120;
  private static final int ALL = 3_000;
  private static final String ROOT = "/root";

  @TempDir Path temp;

  /** What is wrong with the server while the mirror runs. */
  private enum Trouble {
    NONE,
    /** The listing of one folder is reset, and the server reports success. */
    RESET,
    /** The listing of one folder has half of the entries, and the server says so. */
    TRUNCATED,
    /** The listing of one folder silently lacks entries. */
    HIDES,
    /** The listing of one folder is empty. */
    EMPTY,
    /** The listing of one folder has a line that cannot be parsed. */
    GARBAGE,
    /** One folder cannot be listed. */
    DENIED,
    /** A folder is listed as denied, and queries about its entries are refused without a reason. */
    SILENT_REFUSALS,
    /** The control connection is lost at one command. */
    LOST,
    /** There is no MLST, MLSD or SIZE. */
    OLD,
    /** There is no MLST and no MLSD, and names that begin with a dot are not listed. */
    OLD_AND_HIDING
  }

  /** A random tree: paths of files, and of folders with a slash at the end. */
  private static Set<String> tree(Random random) {
    String[] names = {"a", "b", "c.txt", ".dot", "Name", "x y", "é"};
    Set<String> tree = new TreeSet<>();
    List<String> folders = new ArrayList<>(List.of(""));
    for (int i = 0; i < 3 + random.nextInt(12); i++) {
      String path = folders.get(random.nextInt(folders.size())) + names[random.nextInt(names.length)];
      if (tree.contains(path) || tree.contains(path + "/")) {
        continue;
      }
      if (random.nextInt(3) == 0 && path.chars().filter(c -> c == '/').count() < 2) {
        tree.add(path + "/");
        folders.add(path + "/");
      } else {
        tree.add(path);
      }
    }
    return tree;
  }

  /** A copy of the tree that lacks some entries and has others. */
  private static Set<String> copy(Set<String> tree, Random random) {
    Set<String> copy = new TreeSet<>();
    for (String path : tree) {
      int slash = path.lastIndexOf('/', path.length() - 2);
      if (random.nextInt(4) > 0 && (slash < 0 || copy.contains(path.substring(0, slash + 1)))) {
        copy.add(path);
      }
    }
    for (String path : tree(random)) {
      int slash = path.lastIndexOf('/', path.length() - 2);
      boolean clash = copy.contains(path) || copy.contains(path + "/") || (path.endsWith("/") && copy.contains(bare(path)));
      if (!clash && random.nextBoolean() && (slash < 0 || copy.contains(path.substring(0, slash + 1)))) {
        copy.add(path);
      }
    }
    return copy;
  }

  private static String bare(String path) {
    return path.substring(0, path.length() - 1);
  }

  private static void write(Path folder, Set<String> tree) throws IOException {
    Files.createDirectories(folder);
    for (String path : tree) {
      if (path.endsWith("/")) {
        Files.createDirectories(folder.resolve(bare(path)));
      } else {
        Files.writeString(folder.resolve(path), path);
      }
    }
  }

  private static Set<String> read(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      Set<String> tree = new TreeSet<>();
      all.filter(path -> !path.equals(folder))
          .forEach(path -> tree.add(folder.relativize(path) + (Files.isDirectory(path) ? "/" : "")));
      return tree;
    }
  }

  private static void write(ScriptedServer server, Set<String> tree) {
    server.directory(ROOT);
    for (String path : tree) {
      if (path.endsWith("/")) {
        server.directory(ROOT + "/" + bare(path));
      } else {
        server.file(ROOT + "/" + path, path);
      }
    }
  }

  /** Which of these paths the server has. */
  private static Set<String> present(ScriptedServer server, Set<String> tree) {
    Set<String> files = new HashSet<>(server.paths());
    Set<String> present = new TreeSet<>(tree);
    present.removeIf(
        path -> {
          String full = ROOT + "/" + (path.endsWith("/") ? bare(path) : path);
          return path.endsWith("/") ? files.contains(full) || !server.exists(full) : !files.contains(full);
        });
    return present;
  }

  private static void spoil(ScriptedServer server, Trouble trouble, Set<String> tree, Random random, Set<String> active) {
    List<String> folders = new ArrayList<>(List.of(ROOT));
    tree.stream().filter(path -> path.endsWith("/")).forEach(path -> folders.add(ROOT + "/" + bare(path)));
    String victim = folders.get(random.nextInt(folders.size()));
    long choice = random.nextLong();
    switch (trouble) {
      case NONE -> {}
      case LOST -> {
        int at = 3 + random.nextInt(40);
        server.beforeEach(
            c -> {
              if (server.commands().size() == at && active.contains("on")) {
                c.close();
              }
            });
      }
      case OLD, OLD_AND_HIDING -> {
        server.on("FEAT", "211-Features:", " UTF8", "211 End");
        for (String verb : trouble == Trouble.OLD ? new String[] {"MLST", "MLSD", "SIZE", "MDTM"} : new String[] {"MLST",
            "MLSD"}) {
          server.on(verb, "502 Not here.");
        }
        if (trouble == Trouble.OLD_AND_HIDING) {
          server.on("LIST", c -> list(c, "226 Done.", path -> !path.contains("/."), server, true));
        }
      }
      case SILENT_REFUSALS -> {
        for (String verb : new String[] {"MLST", "SIZE", "CWD"}) {
          server.on(verb, when(c -> c.argument().startsWith(victim + "/"), c -> c.reply("550 No."), active));
        }
        server.on("MLSD", when(c -> c.argument().equals(victim), c -> list(c, "226 Done.", hiding(choice), server, false),
            active));
      }
      default -> server.on("MLSD", when(c -> c.argument().equals(victim), c -> spoilt(c, trouble, choice, server), active));
    }
  }

  private interface Condition {
    boolean holds(Conversation c);
  }

  private static Behaviour when(Condition condition, Behaviour then, Set<String> active) {
    return c -> {
      if (active.contains("on") && condition.holds(c)) {
        then.run(c);
      } else {
        c.ordinary();
      }
    };
  }

  private interface Chooser {
    boolean lists(String path);
  }

  private static Chooser hiding(long choice) {
    return path -> (path.hashCode() ^ choice) % 2 == 0;
  }

  private static void spoilt(Conversation c, Trouble trouble, long choice, ScriptedServer server)
      throws IOException, InterruptedException {
    switch (trouble) {
      case RESET -> {
        c.reply("150 Here it comes.");
        DataPipe data = c.openData();
        data.send("type=file;size=1; a\r\n");
        data.reset();
        c.reply("226 Done.");
      }
      case TRUNCATED -> list(c, "226 Output truncated to 1 matches", hiding(choice), server, false);
      case HIDES -> list(c, "226 Done.", hiding(choice), server, false);
      case EMPTY -> list(c, "226 Done.", path -> false, server, false);
      case GARBAGE -> {
        c.reply("150 Here it comes.");
        c.openData().send("what is this\r\ntype=;\r\n").finish();
        c.reply("226 Done.");
      }
      default -> c.reply("550 " + c.argument() + ": Permission denied.");
    }
  }

  /** Lists the entries of a folder that are chosen. */
  private static void list(Conversation c, String end, Chooser chosen, ScriptedServer server, boolean unix)
      throws IOException, InterruptedException {
    String folder = c.argument().startsWith("-") ? c.argument().replaceFirst("\\S+ ?", "") : c.argument();
    Set<String> lines = new TreeSet<>();
    for (String path : server.paths()) {
      if (path.startsWith(folder + "/") && chosen.lists(path)) {
        String rest = path.substring(folder.length() + 1);
        boolean isFolder = rest.contains("/");
        String name = isFolder ? rest.substring(0, rest.indexOf('/')) : rest;
        int size = isFolder ? 0 : server.content(path).length;
        lines.add(
            unix
                ? (isFolder ? "drwxr-xr-x" : "-rw-r--r--") + " 1 ftp ftp " + size + " Jan 02 2024 " + name
                : "type=" + (isFolder ? "dir" : "file") + ";size=" + size + "; " + name);
      }
    }
    c.reply("150 Here it comes.");
    DataPipe data = c.openData();
    for (String line : lines) {
      data.send(line + "\r\n");
    }
    data.finish();
    c.reply(end);
  }

  /** Runs one mirror with faults, then one without; returns what came of the first. */
  private String run(boolean download, Trouble trouble, long seed) throws Exception {
    Random random = new Random(seed);
    Set<String> source = tree(random);
    Set<String> copy = copy(source, random);
    Path local = temp.resolve((download ? "down" : "up") + trouble + seed);
    write(local, download ? copy : source);
    try (ScriptedServer server = ScriptedServer.start()) {
      write(server, download ? source : copy);
      Set<String> active = new HashSet<>(Set.of("on"));
      spoil(server, trouble, download ? source : copy, random, active);
      Mirror mirror = (download ? Mirror.download(ROOT, local) : Mirror.upload(local, ROOT)).delete(1);
      if (random.nextInt(4) == 0) {
        mirror = mirror.deleteExcluded();
      }
      String outcome;
      try (FtpPool pool = pool(server)) {
        outcome = apply(mirror, pool);
      }
      String where = "source " + source + ", copy " + copy;
      checkKept(download ? read(local) : present(server, copy), source, copy, where);
      active.clear();
      if (trouble != Trouble.OLD_AND_HIDING) {
        try (FtpPool pool = pool(server)) {
          MirrorPlan plan = mirror.plan(pool);
          MirrorReport report = plan.apply(pool);
          Set<String> now = download ? read(local) : new TreeSet<>(present(server, union(source, copy)));
          checkKept(now, source, copy, where);
          if (report.isWhole()) {
            assertTrue(now.equals(source), "after a run without faults: " + now + "; " + where);
          }
        }
      }
      return outcome;
    }
  }

  private static FtpPool pool(ScriptedServer server) {
    return FtpPool.builder(Truth.config(server.port(), "anonymous", "x")).size(2).patience(Duration.ofSeconds(20)).build();
  }

  private static String apply(Mirror mirror, FtpPool pool) {
    try {
      MirrorReport report = mirror.plan(pool).apply(pool);
      return report.isWhole() ? "whole" : report.notDeleted().isPresent() ? "nothing deleted" : "incomplete";
    } catch (IOException e) {
      return "failed";
    }
  }

  private static Set<String> union(Set<String> one, Set<String> other) {
    Set<String> all = new TreeSet<>(one);
    all.addAll(other);
    return all;
  }

  private static void checkKept(Set<String> now, Set<String> source, Set<String> copy, String where) {
    Set<String> lost = new TreeSet<>(copy);
    lost.retainAll(source);
    lost.removeAll(now);
    assertTrue(lost.isEmpty(), "deleted although the source has it: " + lost + "; " + where);
  }

  @Test
  void nothingThatTheSourceHasIsDeleted() throws Exception {
    Random random = new Random(Truth.SEED);
    Cases cases = new Cases("mirror deletes");
    for (int i = 0; i < (Truth.LONG ? ALL * Truth.ROUNDS : SAMPLE); i++) {
      boolean download = i % 2 == 0;
      Trouble trouble = Trouble.values()[i / 2 % Trouble.values().length];
      long seed = random.nextInt(1_000_000_000);
      cases.add(
          (download ? "down " : "up ") + trouble + " " + seed,
          () -> (download ? "down " : "up ") + trouble + " " + run(download, trouble, seed));
    }
    cases.run(4);
  }
}
