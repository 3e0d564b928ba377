package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.Certificates;
import io.loomftp.testkit.DataPipe;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A listener that sends a command in the middle of another one is refused: each would get the reply to the other. */
@Timeout(30)
class ListenerUsesSessionTest {
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aListenerCannotSendACommand(boolean atCommand) throws Exception {
    AtomicReference<FtpSession> session = new AtomicReference<>();
    AtomicReference<Throwable> refused = new AtomicReference<>();
    SessionListener listener =
        new SessionListener() {
          @Override
          public void commandSent(String command) {
            if (atCommand) {
              use(command);
            }
          }

          @Override
          public void replyReceived(String command, Reply reply) {
            if (!atCommand) {
              use(command);
            }
          }

          private void use(String command) {
            if (command.startsWith("DELE")) {
              try {
                session.get().noop();
              } catch (FtpException | RuntimeException e) {
                refused.set(e);
              }
            }
          }
        };
    try (ScriptedServer server = ScriptedServer.start().file("/a", "x").on("DELE", "550 Permission denied");
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).listener(listener).build())) {
      session.set(ftp);
      assertEquals(550, assertThrows(FtpReplyException.class, () -> ftp.delete("/a")).reply().code());
      assertInstanceOf(IllegalStateException.class, refused.get());
      assertEquals(1, ftp.size("/a"));
      assertTrue(ftp.isOpen());
    }
  }

  @Test
  void listenersOfTwoThreadsAtATimeLeaveTheSessionUsable() throws Exception {
    CountDownLatch connected = new CountDownLatch(1);
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch secured = new CountDownLatch(1);
    SessionListener listener =
        new SessionListener() {
          @Override
          public void dataConnected(DataConnection connection) {
            connected.countDown();
            await(started);
          }

          @Override
          public void replyReceived(String command, Reply reply) {
            if (command.startsWith("RETR") && reply.isPreliminary()) {
              started.countDown();
              await(secured); // so the other thread has left its listener
            }
          }
        };
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on(
          "RETR",
          c -> {
            CompletableFuture<DataPipe> opening = new CompletableFuture<>();
            Thread.ofVirtual()
                .start(
                    () -> {
                      try {
                        opening.complete(c.openData());
                      } catch (IOException e) {
                        opening.completeExceptionally(e);
                      }
                    });
            await(connected);
            c.reply("150 Here it comes.");
            DataPipe data = opening.join();
            secured.countDown();
            data.send("0123456789").finish();
            c.reply("226 Done.");
          });
      FtpConfig config =
          SessionFixture.plain(server)
              .dataMode(DataMode.active()).tls(TlsPolicy.explicit().withContext(Certificates.trusting())).listener(listener)
              .build();
      try (FtpSession ftp = Ftp.open(config)) {
        ftp.get("a", OutputStream.nullOutputStream(), TransferOptions.defaults());
        assertEquals("/", ftp.pwd());
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(10, TimeUnit.SECONDS), "the other thread is there");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
