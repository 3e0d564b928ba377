package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.pool.FtpPool;
import io.loomftp.pool.Lease;
import io.loomftp.testkit.Certificates;
import io.loomftp.testkit.ScriptedServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins on servers with other orders of steps, and the commands sent after login. */
@Timeout(60)
class LoginQuirksTest {
  private static List<String> sent(ScriptedServer server, String... verbs) {
    return server.commands().stream().filter(c -> List.of(verbs).contains(c.split(" ")[0])).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"530 Log in first.", "503 Log in first."})
  void protectionRefusedBeforeTheLoginIsAskedForAfterIt(String refusal) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "x")) {
      server.once("PBSZ", refusal);
      try (FtpSession ftp = Ftp.open(SessionFixture.secured(server).build())) {
        assertEquals("x", SessionFixture.text(ftp.get("a")));
      }
      assertEquals(
          List.of("PBSZ 0", "USER alice", "PASS secret", "PBSZ 0", "PROT P"), sent(server, "PBSZ", "PROT", "USER", "PASS"));
    }
  }

  private static FtpConfig.Builder implicit(ScriptedServer server, boolean clearData) {
    TlsPolicy.Secured policy = TlsPolicy.implicit().withContext(Certificates.trusting());
    return SessionFixture.plain(server).tls(clearData ? policy.withClearData() : policy);
  }

  @ParameterizedTest
  @ValueSource(strings = {"530 Log in first.", "503 Log in first."})
  void underImplicitTlsProtectionRefusedBeforeTheLoginIsAskedForAfterItToo(String refusal) throws Exception {
    try (ScriptedServer server = ScriptedServer.startImplicitTls().file("/a", "x")) {
      server.once("PBSZ", refusal);
      try (FtpSession ftp = Ftp.open(implicit(server, false).build())) {
        assertEquals("x", SessionFixture.text(ftp.get("a")));
        assertTrue(ftp.isOpen());
      }
      assertEquals(
          List.of("PBSZ 0", "USER alice", "PASS secret", "PBSZ 0", "PROT P"), sent(server, "PBSZ", "PROT", "USER", "PASS"));
    }
  }

  @Test
  void protectionRefusedTwiceFailsTheLogin() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().on("PBSZ", "503 Never.")) {
      assertThrows(FtpTlsException.class, () -> Ftp.open(SessionFixture.secured(server).build()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PBSZ", "PROT"})
  void clearDataNeedsNoProtectionCommands(String refused) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "x").on(refused, "502 Not here.")) {
      FtpConfig config =
          SessionFixture.plain(server).tls(TlsPolicy.explicit().withContext(Certificates.trusting()).withClearData()).build();
      try (FtpSession ftp = Ftp.open(config)) {
        assertEquals("x", SessionFixture.text(ftp.get("a")));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PBSZ", "PROT"})
  void underImplicitTlsClearDataNeedsNoProtectionCommandsEither(String refused) throws Exception {
    for (String refusal : List.of("500 What?", "502 Not here.", "533 Denied.", "536 Not that level.")) {
      try (ScriptedServer server = ScriptedServer.startImplicitTls().file("/a", "x").on(refused, refusal);
          FtpSession ftp = Ftp.open(implicit(server, true).build())) {
        assertEquals("x", SessionFixture.text(ftp.get("a")));
      }
    }
  }

  @Test
  void privateDataStillNeedsThem() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().on("PROT", "502 Not here.")) {
      assertThrows(FtpTlsException.class, () -> Ftp.open(SessionFixture.secured(server).build()));
    }
  }

  @Test
  void userAndPasswordAreNotSentWhenTheGreetingSaysLoggedIn() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().greeting("230 You are in.").on("FEAT", "211 None.")) {
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
        ftp.noop();
      }
      assertEquals(List.of(), sent(server, "USER", "PASS"));
    }
  }

  @Test
  void aGreetingOf230BeforeTlsIsRefused() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().greeting("230 You are in.")) {
      assertThrows(FtpConnectException.class, () -> Ftp.open(SessionFixture.secured(server).build()));
    }
  }

  @Test
  void afterLoginCommandsAreSentByEverySessionOfAPool() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().on("SITE", "200 Fine.")) {
      FtpConfig config = SessionFixture.plain(server).afterLogin("SITE NAMEFMT 1", "OPTS MLST size;").build();
      try (FtpPool pool = FtpPool.builder(config).build();
          Lease one = pool.lease();
          Lease other = pool.lease()) {
        one.session().noop();
        other.session().noop();
      }
      assertTrue(server.sessions() > 0);
      assertEquals(server.sessions(), sent(server, "SITE").size());
      assertEquals(server.sessions(), server.commands().stream().filter("OPTS MLST size;"::equals).count());
    }
  }

  @Test
  void afterLoginCommandsAreSentAgainByAReconnect() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello").on("SITE", "200 Fine.");
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).afterLogin("SITE NAMEFMT 1").build())) {
      server.once("RETR", c -> c.close());
      ftp.get("a", new java.io.ByteArrayOutputStream(), TransferOptions.defaults().retry(Retry.standard()));
      assertEquals(2, server.sessions());
      assertEquals(2, sent(server, "SITE").size());
    }
  }

  @Test
  void aRefusedAfterLoginCommandFailsTheLogin() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().on("SITE", "504 Not here.")) {
      FtpClosedException e =
          assertThrows(
              FtpClosedException.class,
              () -> Ftp.open(SessionFixture.plain(server).afterLogin("SITE NAMEFMT 1").build()));
      assertEquals(ErrorKind.UNSUPPORTED, e.kind());
      assertTrue(e.getMessage().startsWith("SITE NAMEFMT 1, configured to be sent after login, was refused: 504"), e
          .getMessage());
      server.awaitIdle();
    }
  }

  @Test
  void anOptionalOneMayBeRefused() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().on("SITE", "504 Not here.")) {
      FtpConfig config = SessionFixture.plain(server).afterLogin(LoginCommand.optional("SITE NAMEFMT 1")).build();
      try (FtpSession ftp = Ftp.open(config)) {
        ftp.noop();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " SITE X", "SITE X\r\nDELE a", "SITE X\0", "MODE Z", "user bob", "STOR a"})
  void whatIsNoCommandForAfterTheLoginIsRefusedAtOnce(String command) {
    assertThrows(IllegalArgumentException.class, () -> LoginCommand.required(command));
  }

  @Test
  void argumentsOfAfterLoginCommandsAreNotPrinted() {
    assertFalse(LoginCommand.required("SITE PSWD old new").toString().contains("old"));
  }
}
