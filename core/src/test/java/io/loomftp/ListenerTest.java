package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.ScriptedServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The notifications of a listener, and the properties of exceptions. */
@Timeout(30)
class ListenerTest {
  private static final class Diary implements SessionListener {
    final List<String> lines = new ArrayList<>();
    final Thread owner = Thread.currentThread();

    private void write(String line) {
      assertSame(owner, Thread.currentThread());
      lines.add(line);
    }

    @Override
    public void commandSent(String command) {
      write("> " + command);
    }

    @Override
    public void replyReceived(String command, Reply reply) {
      write("< " + command + ": " + reply.code());
    }

    @Override
    public void dataConnected(DataConnection connection) {
      assertTrue(connection.local().getAddress().isLoopbackAddress());
      assertTrue(connection.remote().getAddress().isLoopbackAddress());
      assertTrue(connection.remote().getPort() > 1023 && connection.remote().getPort() < 65536);
      write("data " + connection.command() + (connection.passive() ? " passive" : " active"));
    }

    @Override
    public void dataProtected(DataConnection.Protection protection) {
      write("tls " + protection.protocol() + " " + protection.resumed());
    }
  }

  @Test
  void everyStepIsReportedInOrder() throws Exception {
    Diary diary = new Diary();
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello").on("FEAT", "500 What?")) {
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).listener(diary).build())) {
        SessionFixture.text(ftp.get("a"));
      }
    }
    assertEquals(
        List.of(
            "< GREETING: 220", "> USER alice", "< USER alice: 331", "> PASS ***", "< PASS ***: 230", "> FEAT", "< FEAT: 500",
            "> TYPE I", "< TYPE I: 200", "> EPSV", "< EPSV: 229", "data RETR a passive", "> RETR a", "< RETR a: 150",
            "< RETR a: 226", "> QUIT", "< QUIT: 221"),
        diary.lines);
  }

  @Test
  void theProtectionOfDataIsReported() throws Exception {
    Diary diary = new Diary();
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello")) {
      try (FtpSession ftp = Ftp.open(SessionFixture.secured(server, "TLSv1.3").listener(diary).build())) {
        SessionFixture.text(ftp.get("a"));
      }
    }
    int data = diary.lines.indexOf("data RETR a passive");
    assertTrue(data > 0);
    assertTrue(diary.lines.indexOf("tls TLSv1.3 true") > data, diary.lines.toString());
  }

  @Test
  void activeConnectionsAreReportedToo() throws Exception {
    Diary diary = new Diary();
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello")) {
      FtpConfig config = SessionFixture.plain(server).dataMode(DataMode.active()).listener(diary).build();
      try (FtpSession ftp = Ftp.open(config)) {
        SessionFixture.text(ftp.get("a"));
      }
    }
    assertTrue(diary.lines.contains("data RETR a active"), diary.lines.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"command", "reply", "connected", "protected"})
  void aListenerThatThrowsEndsTheSessionAndDoesNotShiftReplies(String where) throws Exception {
    boolean[] armed = new boolean[1];
    SessionListener bomb =
        new SessionListener() {
          private void maybe(String here) {
            if (armed[0] && here.equals(where)) {
              throw new ArithmeticException("boom");
            }
          }

          @Override
          public void commandSent(String command) {
            maybe("command");
          }

          @Override
          public void replyReceived(String command, Reply reply) {
            maybe("reply");
          }

          @Override
          public void dataConnected(DataConnection connection) {
            maybe("connected");
          }

          @Override
          public void dataProtected(DataConnection.Protection protection) {
            maybe("protected");
          }
        };
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello")) {
      try (FtpSession ftp = Ftp.open(SessionFixture.secured(server).listener(bomb).build())) {
        armed[0] = true;
        assertThrows(ArithmeticException.class, () -> ftp.get("a"));
        armed[0] = false;
        assertFalse(ftp.isOpen());
        FtpClosedException e = assertThrows(FtpClosedException.class, ftp::pwd);
        assertTrue(e.getMessage().contains("boom"), e.getMessage());
      }
      server.awaitIdle();
    }
  }

  /** No default: a new kind of exception must not compile without a decision here. */
  private static boolean worthTryingAgain(FtpException e) {
    return switch (e) {
      case FtpReplyException reply -> reply.reply().isTransientError();
      case FtpLoginException login -> login.kind() == ErrorKind.BUSY;
      case FtpTransferException transfer -> transfer.kind() == ErrorKind.TRUNCATED;
      case FtpLocalException local -> false;
      case FtpConnectException connect -> true;
      case FtpTlsException tls -> false;
      case FtpProtocolException protocol -> false;
      case FtpTimeoutException timeout -> true;
      case FtpClosedException closed -> true;
      case FtpInDoubtException doubt -> false;
    };
  }

  @Test
  void aSwitchOverTheExceptionsNeedsNoDefault() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().on("DELE", "450 Later.").on("RMD", "550 Never.");
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      assertTrue(worthTryingAgain(assertThrows(FtpException.class, () -> ftp.delete("a"))));
      assertFalse(worthTryingAgain(assertThrows(FtpException.class, () -> ftp.rmdir("a"))));
    }
  }
}
