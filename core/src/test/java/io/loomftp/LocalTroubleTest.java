package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Local failures are reported as such, leave nothing half done, and keep the session. */
@Timeout(30)
class LocalTroubleTest {
  private static final String CONTENT = "x".repeat(1 << 20);

  @TempDir Path folder;

  private ScriptedServer server;
  private FtpSession ftp;

  @BeforeEach
  void open() throws FtpException {
    server = ScriptedServer.start().file("/a", CONTENT);
    ftp = Ftp.open(SessionFixture.plain(server).build());
  }

  /** Whatever happened: the session goes on, no data connection is left, and no part file. */
  @AfterEach
  void nothingIsLeft() throws Exception {
    try (ScriptedServer ending = server) {
      try (FtpSession last = ftp) {
        assertEquals("/", last.pwd());
        assertEquals(200, last.noop().code());
        assertEquals(CONTENT, SessionFixture.text(last.get("a")));
      }
      ending.awaitIdle();
    }
    try (var left = Files.walk(folder)) {
      assertEquals(List.of(), left.filter(p -> p.toString().endsWith(".part")).toList());
    }
  }

  private long transfers() {
    return server.commands().stream().filter(c -> c.startsWith("RETR") || c.startsWith("STOR")).count();
  }

  @Test
  void noSuchLocalFile() {
    FtpLocalException e = assertThrows(FtpLocalException.class, () -> ftp.put(folder.resolve("nosuch"), "b"));
    assertEquals(ErrorKind.NOT_FOUND, e.kind());
    assertTrue(e.certain());
    assertTrue(e.sessionUsable());
    assertTrue(e.getMessage().startsWith("STOR b from " + folder.resolve("nosuch")), e.getMessage());
    assertEquals(0, transfers());
    assertFalse(server.exists("/b"));
  }

  @Test
  void theSourceIsAFolder() {
    FtpLocalException e = assertThrows(FtpLocalException.class, () -> ftp.put(folder, "b"));
    assertTrue(e.getMessage().contains("is a folder"), e.getMessage());
    assertEquals(0, transfers());
    assertThrows(FtpLocalException.class, () -> ftp.putUnique(folder));
  }

  @Test
  void theTargetIsAFolder() {
    FtpLocalException e = assertThrows(FtpLocalException.class, () -> ftp.get("a", folder));
    assertTrue(e.getMessage().contains("is a folder"), e.getMessage());
    assertEquals(0, transfers());
    assertThrows(FtpLocalException.class, () -> ftp.get("a", Path.of("/")));
  }

  @Test
  void theTargetsFolderIsMissing() {
    FtpLocalException e = assertThrows(FtpLocalException.class, () -> ftp.get("a", folder.resolve("no/such/t")));
    assertEquals(ErrorKind.NOT_FOUND, e.kind());
    assertTrue(e.getMessage().contains("no such folder"), e.getMessage());
    assertEquals(0, transfers());
  }

  @Test
  void theTargetsFolderIsAFile() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertThrows(FtpLocalException.class, () -> ftp.get("a", file.resolve("t")));
    assertEquals(0, transfers());
  }

  @Test
  void theTargetCannotBeWritten() throws Exception {
    // Not even root may create files in /proc.
    Path target = Path.of("/proc/loomftp");
    if (!Files.isDirectory(target.getParent())) {
      target = folder.resolve("none").resolve("t");
    }
    Path where = target;
    FtpLocalException e = assertThrows(FtpLocalException.class, () -> ftp.get("a", where));
    assertTrue(e.sessionUsable());
    assertEquals(0, transfers());
  }

  @Test
  void thePartFileIsNotWrittenThroughALink() throws Exception {
    Path victim = Files.writeString(folder.resolve("victim"), "precious");
    Path link = Files.createSymbolicLink(folder.resolve("t.part"), victim);
    assertThrows(FtpLocalException.class, () -> ftp.get("a", folder.resolve("t")));
    assertEquals("precious", Files.readString(victim));
    Files.delete(link);
  }

  @Test
  void aForeignPartFileIsNotTouched() throws Exception {
    Path other = Files.writeString(folder.resolve("t.part"), "mine");
    ftp.get("a", folder.resolve("t"));
    assertEquals(CONTENT, Files.readString(folder.resolve("t")));
    assertEquals("mine", Files.readString(other));
    Files.delete(other);
  }

  @Test
  void theDiskIsFull() throws Exception {
    Path full = Path.of("/dev/full");
    IOException noSpace =
        Files.isWritable(full)
            ? assertThrows(IOException.class, () -> Files.write(full, new byte[1]))
            : new IOException("No space left on device");
    FtpLocalException e =
        assertThrows(
            FtpLocalException.class,
            () -> ftp.put(
                "b",
                out -> {
                  out.write(new byte[1000]);
                  throw noSpace;
                }));
    assertEquals(ErrorKind.QUOTA, e.kind());
    assertSame(noSpace, e.getCause());
    assertFalse(server.exists("/b"));
  }

  @Test
  void aBodyThatThrowsIsTheCause() {
    IOException mine = new IOException("the source is gone");
    FtpLocalException e =
        assertThrows(
            FtpLocalException.class,
            () -> ftp.put(
                "b",
                out -> {
                  throw mine;
                }));
    assertSame(mine, e.getCause());
    assertTrue(e.sessionUsable());
    assertFalse(server.exists("/b"));
    assertEquals(0, server.paths().stream().filter("/b"::equals).count());
  }

  @Test
  void aBodyThatThrowsAnErrorIsTakenBackToo() {
    assertThrows(
        StackOverflowError.class,
        () -> ftp.put(
            "b",
            out -> {
              out.write(1);
              throw new StackOverflowError();
            }));
    assertFalse(server.exists("/b"));
  }

  @Test
  void aProgressThatThrowsCallsTheTransferOff() throws Exception {
    Progress nervous =
        state -> {
          throw new IllegalArgumentException("enough");
        };
    Path target = folder.resolve("t");
    assertThrows(IllegalArgumentException.class, () -> ftp.get("a", target, nervous));
    assertFalse(Files.exists(target));
    ftp.noop();
    Path source = Files.writeString(folder.resolve("s"), CONTENT);
    assertThrows(IllegalArgumentException.class, () -> ftp.put(source, "b", nervous));
    assertFalse(server.exists("/b"));
    assertThrows(IllegalArgumentException.class, () -> ftp.get("a", target, nervous));
  }

  @Test
  void progressCountsUpToTheWhole() throws Exception {
    AtomicLong last = new AtomicLong(-1);
    Progress counting =
        state -> {
          assertTrue(state.bytes() > last.get());
          assertEquals(CONTENT.length(), state.total().orElseThrow());
          last.set(state.bytes());
        };
    ftp.get("a", folder.resolve("t"), counting);
    assertEquals(CONTENT.length(), last.get());
    last.set(-1);
    ftp.put(folder.resolve("t"), "b", counting);
    assertEquals(CONTENT.length(), last.get());
  }

  @Test
  void theServersRefusalLeavesTheTargetAlone() throws Exception {
    Path target = Files.writeString(folder.resolve("t"), "old");
    assertThrows(FtpReplyException.class, () -> ftp.get("nosuch", target));
    assertEquals("old", Files.readString(target));
  }

  @Test
  void localFailureOnAServerThatIgnoresAborReconnects() throws Exception {
    try (ScriptedServer deaf = ScriptedServer.start()) {
      deaf.on("STOR", c -> {
        c.reply("150 Go.");
        c.openData().stall();
      });
      FtpConfig config = SessionFixture.plain(deaf).timeouts(Timeouts.of(SessionFixture.GENEROUS).withClose(SessionFixture.SHORT))
          .build();
      try (FtpSession session = Ftp.open(config)) {
        FtpLocalException e =
            assertThrows(
                FtpLocalException.class,
                () -> session.put(
                    "b",
                    out -> {
                      throw new IOException("mine");
                    }));
        assertTrue(e.sessionUsable());
        assertEquals(200, session.noop().code());
        assertEquals(2, deaf.sessions());
      }
    }
  }
}
