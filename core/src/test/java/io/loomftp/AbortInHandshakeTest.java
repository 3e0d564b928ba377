package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.DataPipe;
import io.loomftp.testkit.RealServer;
import io.loomftp.testkit.RealServers;
import io.loomftp.testkit.ScriptedServer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An abort in the middle of the TLS handshake of the data lets that end first: servers do not expect ABOR there. */
@Timeout(60)
class AbortInHandshakeTest {
  @Test
  void theHandshakeEndsBeforeAborIsSent() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch aborted = new CountDownLatch(1);
    AtomicReference<String> next = new AtomicReference<>();
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on(
          "STOR",
          c -> {
            c.reply("150 Send it.");
            begun.countDown();
            assertTrue(aborted.await(10, TimeUnit.SECONDS));
            try (DataPipe data = c.openData()) {
              next.set(c.next().verb());
              data.reset();
            }
            c.reply("426 Cut.", "226 Aborted.");
          });
      try (FtpSession ftp = Ftp.open(SessionFixture.secured(server).build())) {
        AtomicReference<FtpException> thrown = new AtomicReference<>();
        Thread upload =
            Thread.startVirtualThread(
                () -> {
                  try {
                    ftp.put("a").close();
                  } catch (FtpException e) {
                    thrown.set(e);
                  }
                });
        assertTrue(begun.await(10, TimeUnit.SECONDS));
        ftp.abort();
        aborted.countDown();
        assertTrue(upload.join(Duration.ofSeconds(20)));
        assertNotNull(thrown.get(), "the upload ended well");
        assertEquals(ErrorKind.ABORTED, thrown.get().kind());
        assertEquals(200, ftp.noop().code());
        assertEquals("ABOR", next.get(), ftp.transcript().toString());
        assertEquals(2, server.handshakes().size());
        assertEquals(1, server.sessions());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(RealServers.Kind.class)
  void realServersKeepTheSession(RealServers.Kind kind) throws Exception {
    try (RealServer server = RealServers.start(kind, RealServers.Variant.TLS_1_3_REUSE)) {
      AtomicReference<FtpSession> session = new AtomicReference<>();
      SessionListener aborting =
          new SessionListener() {
            @Override
            public void dataConnected(DataConnection connection) {
              FtpSession ftp = session.get();
              if (ftp != null) {
                ftp.abort();
              }
            }
          };
      try (FtpSession ftp = Ftp.open(SessionInteropTest.config(server).toBuilder().listener(aborting).build())) {
        session.set(ftp);
        for (int i = 0; i < 5; i++) {
          int number = i;
          FtpException e =
              assertThrows(
                  FtpException.class, () -> ftp.put("up" + number, out -> out.write(new byte[100_000])));
          assertEquals(ErrorKind.ABORTED, e.kind(), e.toString());
          assertTrue(e.sessionUsable());
          assertEquals("/", ftp.pwd().substring(0, 1));
        }
      }
    }
  }
}
