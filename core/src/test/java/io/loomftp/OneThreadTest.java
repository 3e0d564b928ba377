package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A session belongs to one thread at a time; scripts have a thread of their own. */
@Timeout(30)
class OneThreadTest {
  private static List<SessionFixture.Use> verbs() {
    return List.of(
        FtpSession::noop,
        FtpSession::pwd,
        ftp -> ftp.cd("x"),
        ftp -> ftp.get("a"),
        ftp -> ftp.put("b"),
        FtpSession::list,
        ftp -> ftp.names(""),
        ftp -> ftp.quote("NOOP"),
        ftp -> ftp.login(Credentials.of("a", "b")),
        FtpSession::quit);
  }

  @Test
  void aSecondThreadInTheMiddleOfAVerbIsRefused() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    try (ScriptedServer server = ScriptedServer.start()) {
      server.once("NOOP", c -> {
        asked.countDown();
        answer.await();
        c.reply("200 At last.");
      });
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
        AtomicReference<Reply> reply = new AtomicReference<>();
        Thread first =
            Thread.ofVirtual()
                .name("first")
                .start(
                    () -> {
                      try {
                        reply.set(ftp.noop());
                      } catch (FtpException e) {
                        reply.set(Reply.of(599, e.toString()));
                      }
                    });
        asked.await();
        byte[] before = server.received();
        for (SessionFixture.Use verb : verbs()) {
          IllegalStateException e = assertThrows(IllegalStateException.class, () -> verb.with(ftp));
          assertTrue(e.getMessage().contains("'first'"), e.getMessage());
        }
        assertEquals(before.length, server.received().length);
        answer.countDown();
        first.join();
        assertEquals("At last.", reply.get().text());
        ftp.noop();
      }
    }
  }

  @Test
  void aVerbWhileAStreamIsOpenNamesIt() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/some file", "hello")) {
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
        try (FtpInputStream in = ftp.get("/some file")) {
          assertEquals('h', in.read());
          for (SessionFixture.Use verb : verbs()) {
            IllegalStateException e = assertThrows(IllegalStateException.class, () -> verb.with(ftp));
            assertTrue(e.getMessage().contains("RETR /some file"), e.getMessage());
          }
          assertEquals("ello", new String(in.readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII));
        }
        try (FtpOutputStream out = ftp.put("up")) {
          IllegalStateException e = assertThrows(IllegalStateException.class, ftp::noop);
          assertTrue(e.getMessage().contains("STOR up"), e.getMessage());
          out.write(1);
        }
        try (Listing rows = ftp.list("/")) {
          IllegalStateException e = assertThrows(IllegalStateException.class, ftp::noop);
          assertTrue(e.getMessage().contains("MLSD /"), e.getMessage());
          assertTrue(rows.next().isPresent());
        }
        ftp.noop();
      }
      server.awaitIdle();
    }
  }

  @Test
  void aStreamThatWasClosedIsNotUsedAgain() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello");
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      FtpInputStream in = ftp.get("a");
      in.close();
      in.close();
      assertThrows(IllegalStateException.class, in::read);
      FtpOutputStream out = ftp.put("b");
      out.close();
      assertThrows(IllegalStateException.class, () -> out.write(1));
      assertThrows(IndexOutOfBoundsException.class, () -> out.write(new byte[1], 0, 2));
      out.abort();
      ftp.noop();
      assertTrue(server.exists("/b"));
    }
  }

  @Test
  void closingASessionWithAStreamOpenClosesBoth() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "x".repeat(4 << 20))) {
      FtpSession ftp = Ftp.open(SessionFixture.plain(server).build());
      FtpInputStream in = ftp.get("a");
      ftp.close();
      FtpClosedException e = assertThrows(FtpClosedException.class, in::read);
      assertFalse(e.sessionUsable());
      in.close();
      server.awaitIdle();
    }
  }

  // --- scripts ---

  @Test
  void aScriptRunsOnItsOwnNamedVirtualThreadAndItsResultIsGivenBack() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello")) {
      FtpConfig config = SessionFixture.plain(server).build();
      String name =
          Ftp.run(
              config,
              ftp -> {
                assertTrue(Thread.currentThread().isVirtual());
                return Thread.currentThread().getName();
              });
      assertTrue(name.matches("ftp-session-\\d+"), name);
      assertEquals(5L, (long) Ftp.<Long>run(config, ftp -> ftp.size("a")));
      assertEquals(5L, (long) Ftp.<Long>start(config, ftp -> ftp.size("a")).get());
      server.awaitIdle();
      assertEquals(3, server.commands().stream().filter("QUIT"::equals).count());
    }
  }

  @Test
  void whatAScriptThrowsIsThrown() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      FtpConfig config = SessionFixture.plain(server).build();
      assertThrows(FtpReplyException.class, () -> Ftp.run(config, ftp -> ftp.size("nosuch")));
      assertThrows(
          IOException.class,
          () -> Ftp.run(
              config,
              ftp -> {
                throw new IOException("mine");
              }));
      assertThrows(
          ArithmeticException.class,
          () -> Ftp.run(
              config,
              ftp -> {
                throw new ArithmeticException();
              }));
      ExecutionException e = assertThrows(ExecutionException.class, () -> Ftp.start(config, ftp -> ftp.size("nosuch"))
          .get());
      assertInstanceOf(FtpReplyException.class, e.getCause());
      server.awaitIdle();
    }
  }

  @Test
  void cancellingAScriptEndsItsConnection() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on("NOOP", c -> {
        asked.countDown();
        c.next();
      });
      Future<Reply> later = Ftp.start(SessionFixture.plain(server).build(), FtpSession::noop);
      asked.await();
      assertTrue(later.cancel(true));
      assertThrows(CancellationException.class, later::get);
      server.awaitIdle();
    }
  }

  @Test
  void interruptingTheCallerOfRunEndsTheScript() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    AtomicReference<Throwable> outcome = new AtomicReference<>();
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on("NOOP", c -> {
        asked.countDown();
        c.next();
      });
      FtpConfig config = SessionFixture.plain(server).build();
      Thread caller =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      Ftp.run(config, FtpSession::noop);
                    } catch (Throwable e) {
                      outcome.set(e);
                    }
                  });
      asked.await();
      caller.interrupt();
      assertTrue(caller.join(Duration.ofSeconds(10)));
      assertInstanceOf(InterruptedException.class, outcome.get());
      server.awaitIdle();
    }
  }

  @Test
  void interruptingAScriptThatConnectsEndsIt() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().onConnect(c -> c.next())) {
      Future<Reply> later = Ftp.start(SessionFixture.plain(server).build(), FtpSession::noop);
      server.awaitSessions(1);
      later.cancel(true);
      server.awaitIdle();
      assertTrue(later.isDone());
    }
  }

  @Test
  void aPlatformThreadMayUseASessionToo() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello");
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      AtomicReference<String> text = new AtomicReference<>("");
      Thread thread =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      text.set(SessionFixture.text(ftp.get("a")));
                    } catch (Exception e) {
                      text.set(e.toString());
                    }
                  });
      assertTrue(thread.join(Duration.ofNanos(TimeUnit.SECONDS.toNanos(10))));
      assertEquals("hello", text.get());
    }
  }
}
