package io.loomftp.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.Credentials;
import io.loomftp.DataMode;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpSession;
import io.loomftp.TransferOptions;
import io.loomftp.TransferResult;
import io.loomftp.TransferType;
import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a lease left behind, the next one gets the session in the state after login. */
@Timeout(60)
class DirtySessionTest {
  @TempDir Path folder;

  @FunctionalInterface
  private interface Use {
    void of(FtpSession ftp) throws Exception;
  }

  private static Arguments use(String name, Use use) {
    return Arguments.of(Named.of(name, use));
  }

  private static ScriptedServer server() {
    return ScriptedServer.start()
        .file("/a", "hello")
        .file("/sub/b", "x".repeat(300_000))
        .file("/sub/deeper/c", "c")
        .on("SITE", "200 Done.")
        .on("OPTS", "200 Done.");
  }

  static Stream<Arguments> washable() {
    return Stream.of(
        use("entered a folder", ftp -> ftp.cd("sub")),
        use("entered folders and came back", ftp -> {
          ftp.cd("/sub/deeper");
          ftp.cdup();
        }),
        use("quoted CWD", ftp -> ftp.quote("CWD", "sub")),
        use("adopted other settings", ftp -> ftp.adopt(ftp.config().toBuilder()
            .transferType(TransferType.ASCII).dataMode(DataMode.active()).blockSize(1)
            .timeouts(ftp.config().timeouts().withReply(Duration.ofSeconds(1))).build())),
        use("said TYPE A", ftp -> ftp.type(TransferType.ASCII)),
        use("was refused", ftp -> assertThrows(FtpReplyException.class, () -> ftp.delete("nosuch"))),
        use("was refused a download", ftp -> assertThrows(FtpReplyException.class, () -> ftp.get("nosuch"))),
        use("called a download off", ftp -> {
          try (var in = ftp.get("/sub/b")) {
            assertEquals('x', in.read());
          }
        }),
        use("read from an offset", ftp -> {
          try (var in = ftp.getFrom("/sub/b", 299_999)) {
            assertEquals(1, in.readAllBytes().length);
          }
        }),
        use("changed a mode", ftp -> ftp.chmod("a", 0644)));
  }

  @ParameterizedTest
  @MethodSource("washable")
  void sessionIsBroughtBack(Use use) throws Exception {
    try (ScriptedServer server = server(); FtpPool pool = PoolFixture.pool(server, 1).build()) {
      FtpSession first = dirty(pool, use);
      try (Lease next = pool.lease()) {
        assertSame(first, next.session());
        assertPristine(pool, next.session());
      }
      assertEquals(1, server.sessions());
    }
  }

  static Stream<Arguments> suspicious() {
    return Stream.of(
        use("was refused a download with an offset: REST may hold", ftp -> assertThrows(FtpReplyException.class, () -> ftp
            .getFrom("nosuch", 100))),
        use("said RNFR and no more", ftp -> ftp.quote("RNFR", "a")),
        use("set options", ftp -> ftp.quote("OPTS", "HASH", "MD5")),
        use("said SITE UMASK", ftp -> ftp.site("UMASK 077")),
        use("said what nobody knows", ftp -> ftp.quote("XYZZY")),
        use("logged in again", ftp -> ftp.login(Credentials.of("bob", "secret"))),
        use("left a download open", ftp -> assertEquals('x', ftp.get("/sub/b").read())),
        use("left an upload open", ftp -> ftp.put("/new").write(1)),
        use("left a listing open", ftp -> assertTrue(ftp.list("/").iterator().hasNext())),
        use("closed it", FtpSession::close),
        use("said good-bye", FtpSession::quit));
  }

  @ParameterizedTest
  @MethodSource("suspicious")
  void sessionIsNeverHandedOutAgain(Use use) throws Exception {
    try (ScriptedServer server = server(); FtpPool pool = PoolFixture.pool(server, 1).build()) {
      FtpSession first = dirty(pool, use);
      try (Lease next = pool.lease()) {
        assertNotSame(first, next.session());
        assertPristine(pool, next.session());
      }
      assertTrue(!first.isOpen());
      assertEquals(2, server.sessions());
      assertEquals(1, pool.limiter().open());
    }
  }

  private static FtpSession dirty(FtpPool pool, Use use) throws Exception {
    try (Lease lease = pool.lease()) {
      use.of(lease.session());
      return lease.session();
    }
  }

  /** As after login: the folder, the settings, no offset; and in step. */
  private static void assertPristine(FtpPool pool, FtpSession ftp) throws Exception {
    assertEquals("/", ftp.pwd());
    assertEquals(pool.config().transferType(), ftp.config().transferType());
    assertEquals(pool.config().dataMode(), ftp.config().dataMode());
    assertEquals(pool.config().blockSize(), ftp.config().blockSize());
    assertEquals(pool.config().timeouts(), ftp.config().timeouts());
    try (var in = ftp.get("a")) {
      assertEquals("hello", new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  @Test
  void discardedSessionIsNeverHandedOutAgain() throws Exception {
    try (ScriptedServer server = server(); FtpPool pool = PoolFixture.pool(server, 1).build()) {
      Lease lease = pool.lease();
      FtpSession first = lease.session();
      lease.discard();
      assertTrue(first.isOpen(), "only when the lease is closed");
      lease.close();
      try (Lease next = pool.lease()) {
        assertNotSame(first, next.session());
      }
    }
  }

  /** A session that connects anew in the middle of a transfer goes back to the folder it believes to be in. */
  @Test
  void folderOfAnEarlierUserIsForgotten() throws Exception {
    try (ScriptedServer server = server(); FtpPool pool = PoolFixture.pool(server, 1).build()) {
      dirty(pool, ftp -> ftp.cd("/sub/deeper"));
      server.once("RETR", c -> {
        c.reply("150 Here it comes.");
        c.openData().send("hello").finish();
        c.close(); // the last word is lost
      });
      try (Lease lease = pool.lease()) {
        var result = lease.session().get("a", folder.resolve("a"), TransferOptions.defaults());
        assertEquals(TransferResult.Outcome.SETTLED, result.outcome());
        assertEquals("/", lease.session().pwd());
      }
    }
  }

  @Test
  void manualTypeThatWasChangedIsNotHandedOut() throws Exception {
    try (ScriptedServer server = server();
        FtpPool pool = FtpPool.builder(PoolFixture.plain(server).transferType(TransferType.MANUAL).build())
            .limiter(PoolFixture.limiter(server)).size(1).build()) {
      FtpSession first = dirty(pool, ftp -> ftp.type(TransferType.ASCII));
      assertNotSame(first, dirty(pool, ftp -> {}));
    }
  }

  @Test
  void folderThatWasLeftIsNoGoodWhereTheServerDoesNotTellIt() throws Exception {
    try (ScriptedServer server = server().on("PWD", "550 No.").on("XPWD", "550 No.");
        FtpPool pool = PoolFixture.pool(server, 1).build()) {
      FtpSession first = dirty(pool, FtpSession::noop);
      assertSame(first, dirty(pool, ftp -> ftp.cd("sub")));
      assertNotSame(first, dirty(pool, FtpSession::noop));
    }
  }

  @Test
  void folderThatCannotBeEnteredAgainEndsTheSession() throws Exception {
    try (ScriptedServer server = server(); FtpPool pool = PoolFixture.pool(server, 1).build()) {
      FtpSession first = dirty(pool, ftp -> {
        ftp.cd("sub");
        server.on("CWD", "550 Gone.");
      });
      assertNotSame(first, dirty(pool, FtpSession::noop));
    }
  }

  @Test
  void leaseClosedInTheMiddleOfAnAbortEndsTheSession() throws Exception {
    CountDownLatch aborting = new CountDownLatch(1);
    CountDownLatch leaseIsClosed = new CountDownLatch(1);
    try (ScriptedServer server = server(); FtpPool pool = PoolFixture.pool(server, 1).build()) {
      server.on("RETR", c -> {
        c.reply("150 Here it comes.");
        c.openData().send("half");
        c.next(); // ABOR
        aborting.countDown();
        try {
          leaseIsClosed.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        c.reply("426 Aborted.", "226 Done.");
      });
      Lease lease = pool.lease();
      FtpSession first = lease.session();
      Thread reading = Thread.ofVirtual().start(() -> {
        try (var in = first.get("/sub/b")) {
          in.readNBytes(4);
        } catch (java.io.IOException e) {
          assertTrue(e.getMessage() != null);
        }
      });
      aborting.await();
      lease.close();
      leaseIsClosed.countDown();
      reading.join();
      server.on("RETR", c -> c.ordinary());
      try (Lease next = pool.lease()) {
        assertNotSame(first, next.session());
        assertPristine(pool, next.session());
      }
    }
  }

  @Test
  void traffickingWithManyVerbsKeepsTheSession() throws Exception {
    try (ScriptedServer server = server(); FtpPool pool = PoolFixture.pool(server, 1).build()) {
      Map<String, Use> harmless =
          Map.of("stat", FtpSession::stat, "feat", ftp -> ftp.quote("FEAT"), "mkdir", ftp -> ftp.mkdir("new"),
              "rename", ftp -> ftp.rename("/a", "/z"), "mfmt", ftp -> ftp.setModified("/z", Instant.EPOCH));
      List<FtpSession> used = new java.util.ArrayList<>();
      for (Use use : harmless.values()) {
        used.add(dirty(pool, ftp -> {
          try {
            use.of(ftp);
          } catch (FtpReplyException e) {
            assertTrue(e.sessionUsable());
          }
        }));
      }
      assertEquals(1, used.stream().distinct().count());
    }
  }
}
