package io.loomftp.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpTransferException;
import io.loomftp.pool.FtpPool;
import io.loomftp.pool.PoolFixture;
import io.loomftp.testkit.DataPipe;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a hostile server lists, nothing is written outside the root, and harmless entries still arrive. */
@Timeout(60)
class HostileTreeTest {
  private static final String STAMP = "modify=20260101000000;";

  @TempDir Path folder;
  private Path root;
  private Set<String> outside;

  @BeforeEach
  void guardTheOutside() throws IOException {
    root = folder.resolve("in/root");
    Files.createDirectories(root);
    Files.createDirectories(folder.resolve("evil"));
    Files.writeString(folder.resolve("evil/precious"), "gold");
    Files.writeString(folder.resolve("in/neighbour"), "silver");
    outside = outside();
  }

  @AfterEach
  void nothingOutsideTheRootHasChanged() throws IOException {
    assertEquals(outside, outside());
    assertEquals("gold", Files.readString(folder.resolve("evil/precious")));
    assertEquals("silver", Files.readString(folder.resolve("in/neighbour")));
  }

  private Set<String> outside() throws IOException {
    Set<String> paths = MirrorTest.paths(folder);
    paths.removeIf(path -> path.startsWith("in/root/") && !path.equals("in/root/"));
    return paths;
  }

  /** How the names are told: by MLSD, or by a server that has only LIST. */
  enum Dialect {
    MLSD {
      @Override
      String line(char type, String name) {
        String kind = type == 'd' ? "type=dir;" : type == 'l' ? "type=OS.unix=slink:/tmp/evil;" : "type=file;size=4;";
        return kind + STAMP + " " + name + "\r\n";
      }
    },
    LIST {
      @Override
      String line(char type, String name) {
        return type + "rwxr-xr-x   1 ftp      ftp               4 Jan 01  2026 " + name
            + (type == 'l' ? " -> /tmp/evil" : "") + "\r\n";
      }
    };

    abstract String line(char type, String name);

    /** A server whose folders are these; every file has the content "evil". */
    ScriptedServer server(Map<String, String> folders) {
      ScriptedServer server = ScriptedServer.start().charset(StandardCharsets.ISO_8859_1);
      if (this == LIST) {
        server.on("FEAT", "211-Features:", " UTF8", "211 End");
      }
      server.on(
          name(),
          c -> {
            c.reply("150 Here.");
            try (DataPipe data = c.openData()) {
              data.send(folders.getOrDefault(c.argument(), "").getBytes(StandardCharsets.ISO_8859_1));
            }
            c.reply("226 Done.");
          });
      server.on(
          "RETR",
          c -> {
            c.reply("150 Here.");
            try (DataPipe data = c.openData()) {
              data.send("evil".getBytes(StandardCharsets.US_ASCII));
            }
            c.reply("226 Done.");
          });
      server.on("SIZE", "213 4");
      return server;
    }
  }

  static Stream<Arguments> names() {
    List<String> bad =
        List.of(
            "../pwn", "../../pwn", "../../../../../../../../tmp/loomftp-pwn", "/tmp/loomftp-pwn", "..", "sub/../../pwn",
            "..\\..\\pwn", "C:pwn", "C:\\pwn", "pwn:stream", "a\u0001b", "a\u001b[2Jb", "a\u007f", "\u0080\u00ff\u00fe",
            "x".repeat(256));
    return Stream.of(Dialect.values()).flatMap(dialect -> bad.stream().map(name -> Arguments.of(dialect, name)));
  }

  @ParameterizedTest(name = "{0} [{index}]")
  @MethodSource("names")
  void hostileNameIsRefusedAndTheRestArrives(Dialect dialect, String name) throws Exception {
    for (char type : new char[] {'-', 'd'}) {
      String rows = dialect.line(type, name) + dialect.line('-', "good");
      try (ScriptedServer server = dialect.server(Map.of("/pub", rows));
          FtpPool pool = PoolFixture.pool(server, 2).build()) {
        MirrorReport report = Mirror.download("/pub", root).plan(pool).apply(pool);
        assertEquals(1, report.transferred(), report.toString());
        assertTrue(MirrorTest.paths(root).equals(Set.of("good")), MirrorTest.paths(root).toString());
        List<MirrorResult> refused = report.refusals();
        boolean parent = name.equals("..") && refused.isEmpty(); // a listing's own word for the folder above
        assertTrue(parent || refused.getFirst().action().reason() == MirrorReason.ILLEGAL_NAME, refused.toString());
        assertTrue(server.commands().stream().noneMatch(line -> line.contains("pwn")), server.commands().toString());
      }
      Files.delete(root.resolve("good"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void linkThatBecomesAFolderIsNotEntered(Dialect dialect) throws Exception {
    String rows = dialect.line('l', "link") + dialect.line('d', "link") + dialect.line('-', "good");
    try (ScriptedServer server = dialect.server(Map.of("/pub", rows, "/pub/link", dialect.line('-', "pwn")));
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      MirrorPlan plan = Mirror.download("/pub", root).plan(pool);
      plan.apply(pool);
      assertEquals(1, plan.count(MirrorAction.Kind.REFUSE), plan.describe());
      assertEquals(Set.of("good"), MirrorTest.paths(root));
    }
  }

  @ParameterizedTest
  @EnumSource
  void folderBehindALocalLinkIsNotEntered(Dialect dialect) throws Exception {
    Files.createSymbolicLink(root.resolve("link"), folder.resolve("evil"));
    Files.createSymbolicLink(root.resolve("file"), folder.resolve("evil/precious"));
    Files.createSymbolicLink(root.resolve("new"), folder.resolve("evil/new"));
    String rows =
        dialect.line('d', "link") + dialect.line('-', "file") + dialect.line('-', "new") + dialect.line('-', "good");
    try (ScriptedServer server = dialect.server(Map.of("/pub", rows, "/pub/link", dialect.line('-', "pwn")));
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      MirrorPlan plan = Mirror.download("/pub", root).delete(1).plan(pool);
      MirrorReport report = plan.apply(pool);
      assertEquals(
          List.of("file LINK", "link LINK", "new LINK"),
          report.refusals().stream().map(r -> r.action().path() + " " + r.action().reason()).toList());
      assertEquals(1, report.transferred());
      assertTrue(Files.isSymbolicLink(root.resolve("link")));
    }
  }

  @Test
  void linkPutThereAfterPlanningIsNotFollowed() throws Exception {
    String rows = Dialect.MLSD.line('d', "sub") + Dialect.MLSD.line('-', "file") + Dialect.MLSD.line('-', "part");
    Map<String, String> tree = Map.of("/pub", rows, "/pub/sub", Dialect.MLSD.line('-', "pwn"));
    try (ScriptedServer server = Dialect.MLSD.server(tree);
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      MirrorPlan plan = Mirror.download("/pub", root).plan(pool);
      Files.createSymbolicLink(root.resolve("sub"), folder.resolve("evil"));
      Files.createSymbolicLink(root.resolve("file"), folder.resolve("evil/precious"));
      Files.createSymbolicLink(root.resolve("part.part"), folder.resolve("evil/precious"));
      MirrorReport report = plan.apply(pool);
      assertEquals(0, report.count(MirrorAction.Kind.MAKE_FOLDER, MirrorResult.Outcome.DONE));
      assertTrue(report.failures().size() >= 3, report.results().toString());
      assertTrue(Files.isSymbolicLink(root.resolve("file")));
    }
  }

  @Test
  void nothingBehindALocalLinkIsDeleted() throws Exception {
    Files.createSymbolicLink(root.resolve("link"), folder.resolve("evil"));
    try (ScriptedServer server = Dialect.MLSD.server(Map.of("/pub", Dialect.MLSD.line('-', "good")));
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      Mirror.download("/pub", root).delete(1).plan(pool).apply(pool).orThrow();
      assertEquals(Set.of("good"), MirrorTest.paths(root));
    }
  }

  @ParameterizedTest
  @EnumSource
  void nameThatIsListedTwiceIsRefusedTheSecondTime(Dialect dialect) throws Exception {
    String rows = dialect.line('-', "a") + dialect.line('-', "a") + dialect.line('-', "b") + dialect.line('d', "b");
    try (ScriptedServer server = dialect.server(Map.of("/pub", rows));
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      MirrorPlan plan = Mirror.download("/pub", root).plan(pool);
      assertEquals(2, plan.count(MirrorAction.Kind.TRANSFER));
      assertEquals(
          List.of("a DUPLICATE", "b DUPLICATE"),
          plan.actions().stream().filter(a -> a.kind() == MirrorAction.Kind.REFUSE).map(a -> a.path() + " " + a.reason())
              .toList());
      plan.apply(pool);
      assertEquals(Set.of("a", "b"), MirrorTest.paths(root));
    }
  }

  @Test
  void namesThatDifferInCaseOrUnicodeFormCollideWhereTheyMustBePortable() throws Exception {
    String rows =
        Dialect.MLSD.line('-', "README") + Dialect.MLSD.line('-', "readme") + Dialect.MLSD.line('d', "ReadMe")
            + utf8(Dialect.MLSD.line('-', "gr\u00fcn")) + utf8(Dialect.MLSD.line('-', "gru\u0308n"));
    try (ScriptedServer server = Dialect.MLSD.server(Map.of("/pub", rows));
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      MirrorPlan plan = Mirror.download("/pub", root).names(LocalNames.PORTABLE).plan(pool);
      assertEquals(2, plan.count(MirrorAction.Kind.TRANSFER), plan.describe());
      assertEquals(3, plan.actions().stream().filter(a -> a.reason() == MirrorReason.CASE_COLLISION).count());
    }
  }

  /** As the server's charset of single bytes sends it. */
  private static String utf8(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  @Test
  void remoteFileWithTheNameOfAPartIsRefused() throws Exception {
    String rows = Dialect.MLSD.line('-', "a") + Dialect.MLSD.line('-', "a.part") + Dialect.MLSD.line('-', "b.part");
    try (ScriptedServer server = Dialect.MLSD.server(Map.of("/pub", rows));
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      MirrorReport report = Mirror.download("/pub", root).plan(pool).apply(pool);
      assertEquals(List.of(MirrorReason.PART_NAME), report.refusals().stream().map(r -> r.action().reason()).toList());
      assertEquals(Set.of("a", "b.part"), MirrorTest.paths(root));
    }
  }

  @Test
  void fileInThePlaceOfAFolderIsRefused() throws Exception {
    Files.writeString(root.resolve("sub"), "a file");
    Files.createDirectory(root.resolve("file"));
    String rows = Dialect.MLSD.line('d', "sub") + Dialect.MLSD.line('-', "file");
    try (ScriptedServer server = Dialect.MLSD.server(Map.of("/pub", rows));
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      MirrorReport report = Mirror.download("/pub", root).delete(1).plan(pool).apply(pool);
      assertEquals(2, report.refusals().size());
      assertEquals(Set.of("sub", "file/"), MirrorTest.paths(root));
    }
  }

  /** A folder that contains itself, for ever. */
  @Test
  void bottomlessTreeEndsAtTheDepthLimit() throws Exception {
    try (ScriptedServer server = Dialect.LIST.server(Map.of());
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      server.on("LIST", c -> {
        c.reply("150 Here.");
        try (DataPipe data = c.openData()) {
          data.send((Dialect.LIST.line('d', "d") + Dialect.LIST.line('-', "f")).getBytes(StandardCharsets.US_ASCII));
        }
        c.reply("226 Done.");
      });
      MirrorPlan plan = Mirror.download("/pub", root).plan(pool);
      assertEquals(65, plan.count(MirrorAction.Kind.TRANSFER));
      assertEquals(MirrorReason.TOO_DEEP, plan.actions().getLast().reason());
      assertFalse(plan.isComplete());
    }
  }

  @Test
  void folderThatIsItsOwnChildIsKnownByItsUniqueFact() throws Exception {
    String rows = "type=dir;unique=X1; sub\r\ntype=file;size=4;" + STAMP + " f\r\n";
    try (ScriptedServer server = Dialect.MLSD.server(Map.of("/pub", rows, "/pub/sub", rows, "/pub/sub/sub", rows));
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      MirrorPlan plan = Mirror.download("/pub", root).plan(pool);
      assertEquals(2, plan.count(MirrorAction.Kind.TRANSFER));
      assertEquals(MirrorReason.LOOP, plan.actions().getLast().reason());
    }
  }

  @Test
  void treeWithoutEndIsGivenUp() throws Exception {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      rows.append(Dialect.MLSD.line('d', "d" + i));
    }
    try (ScriptedServer server = Dialect.MLSD.server(Map.of());
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      server.on("MLSD", c -> {
        c.reply("150 Here.");
        try (DataPipe data = c.openData()) {
          data.send(rows.toString().getBytes(StandardCharsets.US_ASCII));
        }
        c.reply("226 Done.");
      });
      Mirror mirror = Mirror.download("/pub", root).entries(1_000);
      FtpException thrown = assertThrows(FtpTransferException.class, () -> mirror.plan(pool));
      assertEquals(ErrorKind.LIMIT, thrown.kind());
      long listed = server.commands().stream().filter(line -> line.startsWith("MLSD")).count();
      assertTrue(listed <= 12, listed + " listings");
    }
  }

  @Test
  void namesOfTheServerThatLeadElsewhereAreNotDeleted() throws Exception {
    String rows = Dialect.MLSD.line('-', "../pwn") + Dialect.MLSD.line('d', "/") + Dialect.MLSD.line('d', "..");
    try (ScriptedServer server = Dialect.MLSD.server(Map.of("/pub", rows));
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      Mirror.upload(root, "/pub").delete(1).plan(pool).apply(pool);
      assertTrue(server.commands().stream().noneMatch(line -> line.matches("(DELE|RMD|MLSD) ?.*(pwn|\\.\\.|/pub/).*")),
          server.commands().toString());
    }
  }
}
