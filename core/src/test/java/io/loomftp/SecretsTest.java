package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.loomftp.testkit.ScriptedServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Passwords are sent to the server and appear nowhere else. */
@Timeout(30)
class SecretsTest {
  private final String password = "pw-" + UUID.randomUUID();
  private final String account = "acct-" + UUID.randomUUID();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger root = (Logger) LoggerFactory.getLogger("io.loomftp");
  private final List<String> seen = new ArrayList<>();

  @BeforeEach
  void listen() {
    log.start();
    root.setLevel(Level.TRACE);
    root.setAdditive(false);
    root.addAppender(log);
  }

  @AfterEach
  void stopListening() {
    root.detachAppender(log);
    root.setAdditive(true);
    root.setLevel(null);
  }

  private FtpConfig.Builder config(ScriptedServer server) {
    return SessionFixture.plain(server)
        .credentials("alice", password)
        .account(account)
        .listener(
            new SessionListener() {
              @Override
              public void commandSent(String command) {
                seen.add(command);
              }

              @Override
              public void replyReceived(String command, Reply reply) {
                seen.add(command + " " + reply + " " + reply.text());
              }
            });
  }

  private void see(Throwable e) {
    StringWriter text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    seen.add(text.toString());
    if (e instanceof FtpException ftp) {
      seen.addAll(ftp.transcript());
    }
    if (e instanceof FtpLoginException login) {
      seen.add(login.reply().text());
    }
  }

  private void see(FtpSession ftp) {
    seen.add(ftp.toString());
    seen.add(ftp.config().toString());
    seen.add(ftp.config().credentials().toString());
    seen.addAll(ftp.transcript());
    Thread.getAllStackTraces().keySet().forEach(t -> seen.add(t.getName()));
  }

  private void assertNothingLeaked() {
    assertFalse(log.list.isEmpty(), "nothing was logged at all");
    log.list.forEach(e -> seen.add(e.getThreadName() + " " + e.getFormattedMessage()));
    log.list.stream().filter(e -> e.getThrowableProxy() != null).forEach(e -> seen.add(e.getThrowableProxy().getMessage()));
    for (String text : seen) {
      assertFalse(text.contains(password), text);
      assertFalse(text.contains(account), text);
    }
  }

  @Test
  void aLoginIsLoggedWithoutItsSecrets() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().account(account)) {
      try (FtpSession ftp = Ftp.open(config(server).build())) {
        see(ftp);
        see(assertThrows(FtpReplyException.class, () -> ftp.delete("nosuch")));
      }
      assertTrue(server.commands().contains("PASS " + password));
      assertTrue(server.commands().contains("ACCT " + account));
    }
    assertTrue(log.list.stream().anyMatch(e -> e.getFormattedMessage().equals("> PASS ***")));
    assertTrue(log.list.stream().anyMatch(e -> e.getFormattedMessage().equals("> ACCT ***")));
    assertTrue(seen.contains("PASS ***"));
    assertNothingLeaked();
  }

  @Test
  void aServerThatRepeatsThePasswordDoesNotGetItIntoTheLog() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().on("PASS", c -> c.reply("530-You said " + c.argument(),
        "530 Wrong: " + c.argument()))) {
      FtpConfig config = config(server).build();
      FtpLoginException e = assertThrows(FtpLoginException.class, () -> Ftp.open(config));
      assertTrue(e.getMessage().contains("***"), e.getMessage());
      see(e);
    }
    try (ScriptedServer server = ScriptedServer.start().on("PASS", "332 Account?").on("ACCT",
        c -> c.reply("530 Wrong: " + c.argument()))) {
      FtpConfig config = config(server).build();
      see(assertThrows(FtpLoginException.class, () -> Ftp.open(config)));
    }
    assertNothingLeaked();
  }

  @Test
  void aServerThatRepeatsThePasswordLaterDoesNotGetItIntoTheLog() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().account(account)) {
      server.on("SYST", "215 UNIX " + password).on("DELE", "550 " + account + " may not " + password);
      try (FtpSession ftp = Ftp.open(config(server).build())) {
        assertTrue(ftp.syst().text().contains(password), "the reply itself is the server's own");
        FtpReplyException e = assertThrows(FtpReplyException.class, () -> ftp.delete("a"));
        seen.clear();
        seen.addAll(e.transcript());
        see(ftp);
      }
    }
    assertNothingLeaked();
  }

  @Test
  void aServerThatSpeaksNoFtpAfterThePasswordDoesNotGetItIntoTheLog() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().on("PASS", c -> c.raw("what is " + c.argument() + "?\r\n"))) {
      FtpConfig config = config(server).build();
      see(assertThrows(FtpProtocolException.class, () -> Ftp.open(config)));
    }
    assertNothingLeaked();
  }

  @Test
  void aPasswordThatCannotBeSentIsNotShown() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      FtpConfig config = config(server).credentials("alice", password + "\r\n").build();
      see(assertThrows(IllegalArgumentException.class, () -> Ftp.open(config)));
    }
    assertNothingLeaked();
  }

  @Test
  void nothingIsLoggedAboveDebugInAnOrdinarySession() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello");
        FtpSession ftp = Ftp.open(config(server).build())) {
      ftp.cd("/");
      SessionFixture.text(ftp.get("a"));
    }
    assertTrue(log.list.stream().allMatch(e -> !e.getLevel().isGreaterOrEqual(Level.INFO)), log.list.toString());
    List<String> lines = log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    assertTrue(lines.contains("> CWD /"), lines.toString());
    assertTrue(lines.contains("< 250 Now in \"/\"."), lines.toString());
  }

  @Test
  void anArrayIsCopied() {
    char[] mine = {'a', 'b', 'c', 'd'};
    Credentials credentials = Credentials.of("alice", mine);
    mine[0] = 'x';
    assertEquals('a', credentials.password()[0]);
    credentials.password()[0] = 'y';
    assertEquals('a', credentials.password()[0]);
    assertEquals("Credentials[user=alice, password=***]", credentials.toString());
  }
}
