package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** No lock is held while a listener or a progress runs: another thread can abort and close the session meanwhile. */
@Timeout(60)
class UserCodeOutsideLocksTest {
  @TempDir Path folder;

  /** Where the user's code runs. */
  enum Moment {
    COMMAND,
    PRELIMINARY,
    CONNECTED,
    PROTECTED,
    PROGRESS
  }

  /** At the moment, lets another thread call this and waits until it has returned. */
  private static final class Waiting implements SessionListener {
    private final Moment moment;
    private final AtomicBoolean armed = new AtomicBoolean();
    private final AtomicBoolean returned = new AtomicBoolean();
    private final AtomicReference<FtpSession> session = new AtomicReference<>();
    private final boolean closing;

    Waiting(Moment moment, boolean closing) {
      this.moment = moment;
      this.closing = closing;
    }

    void at(Moment now) {
      if (now != moment || !armed.compareAndSet(true, false)) {
        return;
      }
      CountDownLatch done = new CountDownLatch(1);
      Thread.startVirtualThread(() -> {
        if (closing) {
          session.get().close();
        } else {
          session.get().abort();
        }
        done.countDown();
      });
      try {
        returned.set(done.await(10, TimeUnit.SECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void commandSent(String command) {
      if (command.startsWith("RETR") || command.startsWith("STOR")) {
        at(Moment.COMMAND);
      }
    }

    @Override
    public void replyReceived(String command, Reply reply) {
      if (reply.isPreliminary()) {
        at(Moment.PRELIMINARY);
      }
    }

    @Override
    public void dataConnected(DataConnection connection) {
      at(Moment.CONNECTED);
    }

    @Override
    public void dataProtected(DataConnection.Protection protection) {
      at(Moment.PROTECTED);
    }
  }

  private FtpSession open(ScriptedServer server, Waiting listener) throws FtpException {
    FtpSession ftp = Ftp.open(SessionFixture.secured(server).listener(listener).build());
    listener.session.set(ftp);
    listener.armed.set(true);
    return ftp;
  }

  @ParameterizedTest
  @CsvSource({
      "COMMAND, false", "PRELIMINARY, false", "CONNECTED, false", "PROTECTED, false", "PROGRESS, false", "COMMAND, true",
      "PRELIMINARY, true", "CONNECTED, true", "PROTECTED, true", "PROGRESS, true"})
  void downloadIsAbortedOrClosedMeanwhile(Moment moment, boolean closing) throws Exception {
    Waiting listener = new Waiting(moment, closing);
    try (ScriptedServer server = ScriptedServer.start().file("/a", new byte[3_000_000]);
        FtpSession ftp = open(server, listener)) {
      TransferOptions options =
          TransferOptions.defaults().progressEvery(Duration.ZERO).progress(state -> listener.at(Moment.PROGRESS));
      FtpException e = assertThrows(FtpException.class, () -> ftp.get("/a", folder.resolve("a"), options));
      assertTrue(listener.returned.get(), "it waits for the listener: " + e);
      assertFalse(Files.exists(folder.resolve("a")));
      assertEquals(!closing, ftp.isOpen(), e.toString());
    }
  }

  @ParameterizedTest
  @EnumSource
  void uploadIsAbortedMeanwhile(Moment moment) throws Exception {
    Waiting listener = new Waiting(moment, false);
    Path source = Files.write(folder.resolve("source"), new byte[3_000_000]);
    try (ScriptedServer server = ScriptedServer.start();
        FtpSession ftp = open(server, listener)) {
      TransferOptions options =
          TransferOptions.defaults().progressEvery(Duration.ZERO).progress(state -> listener.at(Moment.PROGRESS));
      FtpException e = assertThrows(FtpException.class, () -> ftp.put(source, "/b", options));
      assertTrue(listener.returned.get(), "it waits for the listener: " + e);
      assertEquals(ErrorKind.ABORTED, e.kind(), e.toString());
      assertTrue(ftp.isOpen());
    }
  }
}
