package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.Certificates.Identity;
import io.loomftp.testkit.Certificates;
import io.loomftp.testkit.DataPipe;
import io.loomftp.testkit.Handshake;
import io.loomftp.testkit.Misbehaviour;
import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Configured TLS is established or fails, on both connections, and clear text is never trusted. */
@Timeout(40)
class TlsHostilityTest {
  private static final String CONTENT = "0123456789".repeat(100);

  @TempDir Path folder;

  private static void assertNoSecretWasSent(ScriptedServer server) {
    for (String command : server.commands()) {
      assertFalse(command.startsWith("USER") || command.startsWith("PASS") || command.startsWith("ACCT"), command);
    }
  }

  private static Timeouts impatient() {
    return SessionFixture.impatient().withHandshake(SessionFixture.SHORT);
  }

  // --- before TLS ---

  @ParameterizedTest
  @ValueSource(
      strings = {
          "500 No.", "502 No.", "504 No.", "530 Log in first.", "534 Policy.", "431 Not now.", "230 You are in.", "200 Fine.",
          "334 Go on.", "421 Bye.", "150 Wait.", "235 Fine without.", "no FTP at all"
      })
  void authRefusedInAnyWayIsAnErrorBeforeTheUserNameIsSent(String reply) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().on("AUTH", reply)) {
      FtpConfig config = SessionFixture.secured(server).timeouts(impatient()).build();
      FtpException e = assertThrows(FtpException.class, () -> Ftp.open(config));
      assertFalse(e.sessionUsable());
      assertNoSecretWasSent(server);
      assertEquals(List.of("AUTH TLS"), server.commands());
      server.awaitIdle();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Misbehaviour.class,
      names = {"AUTH_STALL", "AUTH_CLOSE", "AUTH_230", "STALL_HANDSHAKE", "CLOSE_AT_HANDSHAKE", "INJECT_BEFORE_TLS"})
  void noUserNameIsSentAfterAnyFailureBeforeTls(Misbehaviour trouble) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().misbehave(trouble)) {
      FtpConfig config = SessionFixture.secured(server).timeouts(impatient()).build();
      long start = System.nanoTime();
      FtpException e = assertThrows(FtpException.class, () -> Ftp.open(config));
      assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 5);
      assertFalse(e.sessionUsable());
      assertNoSecretWasSent(server);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"230 You are in already.", "120 Soon.", "331 Password?", "421 Full.", "HTTP/1.1 200 OK",
      "* OK IMAP4", "+OK POP"})
  void aGreetingOtherThan220IsAnErrorWhereTlsWasAskedFor(String greeting) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().greeting(greeting)) {
      FtpConfig config = SessionFixture.secured(server).timeouts(impatient()).build();
      FtpException e = assertThrows(FtpException.class, () -> Ftp.open(config));
      assertFalse(e.sessionUsable());
      assertNoSecretWasSent(server);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void repliesInjectedBeforeTheHandshakeAreNotBelieved(boolean onePiece) throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on("AUTH", c -> {
        if (onePiece) {
          c.raw("234 Begin.\r\n331 Password?\r\n230 Welcome.\r\n");
        } else {
          c.raw("234 Begin.\r\n");
          c.raw("331 Password?\r\n230 Welcome.\r\n");
        }
        c.startTls();
        while (true) {
          c.next();
        }
      });
      FtpConfig config = SessionFixture.secured(server).timeouts(impatient()).build();
      FtpTlsException e = assertThrows(FtpTlsException.class, () -> Ftp.open(config));
      assertEquals(ErrorKind.TLS, e.kind());
      assertNoSecretWasSent(server);
    }
  }

  @Test
  void aReplyInjectedBeforeAuthIsSentIsAnError() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().onConnect(c -> c.raw("220 hi\r\n234 Begin.\r\n331 x\r\n"))) {
      FtpConfig config = SessionFixture.secured(server).timeouts(impatient()).build();
      assertThrows(FtpException.class, () -> Ftp.open(config));
      assertNoSecretWasSent(server);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Misbehaviour.class,
      names = {"PBSZ_REFUSED", "PROT_REFUSED"})
  void dataThatCannotBeProtectedAreAnErrorBeforeTheUserNameIsSent(Misbehaviour refusal) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().misbehave(refusal)) {
      FtpTlsException e = assertThrows(FtpTlsException.class, () -> Ftp.open(SessionFixture.secured(server).build()));
      assertFalse(e.sessionUsable());
      assertNoSecretWasSent(server);
      server.awaitIdle();
    }
  }

  @Test
  void aServerThatWantsTheLoginBeforePbszIsAskedAgainAndHeldToIt() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().once("PBSZ", "530 Log in first.")) {
      try (FtpSession ftp = Ftp.open(SessionFixture.secured(server).build())) {
        assertEquals("", SessionFixture.text(new NoBytes(ftp).read()));
      }
      assertTrue(server.handshakes().stream().anyMatch(Handshake::data));
    }
    try (ScriptedServer server = ScriptedServer.start().on("PBSZ", "530 Log in first.")) {
      FtpConfig config = SessionFixture.secured(server).build();
      assertThrows(FtpTlsException.class, () -> Ftp.open(config));
    }
  }

  /** An empty file, put and fetched. */
  private record NoBytes(FtpSession ftp) {
    FtpInputStream read() throws FtpException {
      ftp.put("none", out -> {});
      return ftp.get("none");
    }
  }

  @Test
  void implicitTlsToAPlainServerFailsInTime() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      FtpConfig config =
          SessionFixture.plain(server)
              .tls(TlsPolicy.implicit().withContext(Certificates.trusting()))
              .timeouts(impatient())
              .build();
      assertThrows(FtpTlsException.class, () -> Ftp.open(config));
      assertEquals(List.of(), server.commands().stream().filter(c -> c.startsWith("USER")).toList());
    }
  }

  @Test
  void implicitTlsProtectsBothConnections() throws Exception {
    try (ScriptedServer server = ScriptedServer.startImplicitTls().file("/a", CONTENT)) {
      FtpConfig config = SessionFixture.plain(server).tls(TlsPolicy.implicit().withContext(Certificates.trusting())).build();
      try (FtpSession ftp = Ftp.open(config)) {
        assertEquals(CONTENT, SessionFixture.text(ftp.get("a")));
      }
      assertEquals(List.of(false, true), server.handshakes().stream().map(Handshake::data).toList());
      server.awaitIdle();
    }
  }

  // --- certificates: six bad ones, on control and on data, with each version ---

  static Stream<Arguments> badCertificates() {
    return Stream.of("TLSv1.2", "TLSv1.3")
        .flatMap(
            version -> Stream.of(
                Identity.WRONG_NAME, Identity.EXPIRED, Identity.SELF_SIGNED, Identity.OTHER_CA,
                Identity.OTHER_AUTHORITY)
                .map(identity -> Arguments.of(version, identity)));
  }

  @ParameterizedTest
  @MethodSource("badCertificates")
  void aBadCertificateIsRefusedOnControl(String version, Identity identity) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().tls(Certificates.server(identity))) {
      FtpTlsException e = assertThrows(FtpTlsException.class, () -> Ftp.open(SessionFixture.secured(server, version).build()));
      assertFalse(e.sessionUsable());
      assertEquals(ErrorKind.TLS, e.kind());
      assertNoSecretWasSent(server);
      server.awaitIdle();
    }
  }

  @ParameterizedTest
  @MethodSource("badCertificates")
  void aBadCertificateIsRefusedOnData(String version, Identity identity) throws Exception {
    for (boolean upload : new boolean[] {false, true}) {
      try (ScriptedServer server = ScriptedServer.start()) {
        server.on(upload ? "STOR" : "RETR", c -> {
          c.reply("150 Go.");
          try (DataPipe data = c.openData(Certificates.server(identity))) {
            data.send("evil");
          }
          c.reply("226 Done.");
        });
        FtpSession ftp = Ftp.open(SessionFixture.secured(server, version).build());
        FtpTlsException e =
            assertThrows(
                FtpTlsException.class,
                () -> {
                  if (upload) {
                    ftp.put("a", out -> out.write(1));
                  } else {
                    SessionFixture.text(ftp.get("a"));
                  }
                });
        assertTrue(e.getMessage().contains("not trusted"), e.getMessage());
        assertFalse(ftp.isOpen());
        assertThrows(FtpClosedException.class, ftp::noop);
        server.awaitIdle();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void theSixthBadCertificateIsTheRightOneForAnotherPin(String version) throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      TlsPolicy.Secured pinned = TlsPolicy.explicit().withProtocols(version);
      FtpConfig wrong = SessionFixture.plain(server).tls(pinned.withPin(Certificates.fingerprint(Identity.SECOND_SERVER)))
          .build();
      assertThrows(FtpTlsException.class, () -> Ftp.open(wrong));
      assertNoSecretWasSent(server);
      FtpConfig right = SessionFixture.plain(server).tls(pinned.withPin(Certificates.fingerprint(Identity.SERVER))).build();
      server.file("/a", CONTENT);
      try (FtpSession ftp = Ftp.open(right)) {
        assertEquals(CONTENT, SessionFixture.text(ftp.get("a")));
        server.on("RETR", c -> {
          c.reply("150 Go.");
          try (DataPipe data = c.openData(Certificates.server(Identity.SECOND_SERVER))) {
            data.send("evil");
          }
          c.reply("226 Done.");
        });
        FtpException e = assertThrows(FtpException.class, () -> SessionFixture.text(ftp.get("a")));
        assertFalse(e.sessionUsable());
      }
    }
  }

  @Test
  void theJvmsOwnTrustIsTheDefault() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      FtpConfig config = SessionFixture.plain(server).tls(TlsPolicy.explicit()).build();
      assertThrows(FtpTlsException.class, () -> Ftp.open(config));
      assertNoSecretWasSent(server);
    }
  }

  @Test
  void theNameIsTheOneTheCallerGave() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", CONTENT)) {
      FtpConfig byAddress =
          FtpConfig.builder("127.0.0.1")
              .port(server.port())
              .credentials("a", "b")
              .tls(TlsPolicy.explicit().withContext(Certificates.trusting()))
              .build();
      try (FtpSession ftp = Ftp.open(byAddress)) {
        assertEquals(CONTENT, SessionFixture.text(ftp.get("a")));
      }
    }
  }

  // --- data ---

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void plaintextOnProtectedDataIsNeverDelivered(String version) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().misbehave(Misbehaviour.PLAINTEXT_ON_PROTECTED_DATA)) {
      FtpSession ftp = Ftp.open(SessionFixture.secured(server, version).build());
      FtpException e = assertThrows(FtpException.class, () -> ftp.get("a").read());
      assertEquals(ErrorKind.TLS, e.kind(), e.toString());
      ftp.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aHandshakeThatStallsOnDataEndsInTime(String version) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().misbehave(Misbehaviour.STALL_DATA_HANDSHAKE)) {
      FtpSession hasty = Ftp.open(SessionFixture.secured(server, version).timeouts(SessionFixture.impatient()
          .withHandshake(Duration.ofSeconds(3))).build());
      long start = System.nanoTime();
      FtpException e = assertThrows(FtpException.class, () -> hasty.get("a"));
      assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 10, e.toString());
      hasty.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aDownloadWithoutCloseNotifyIsTruncatedUnlessConfiguredOtherwise(String version) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", CONTENT)) {
      server.misbehave(Misbehaviour.TRUNCATE_WITHOUT_CLOSE_NOTIFY);
      FtpConfig config = SessionFixture.secured(server, version).build();
      try (FtpSession ftp = Ftp.open(config)) {
        FtpTransferException e = assertThrows(FtpTransferException.class, () -> SessionFixture.text(ftp.get("a")));
        assertEquals(ErrorKind.TRUNCATED, e.kind());
        assertTrue(e.sessionUsable());
        ftp.noop();
        assertThrows(FtpTransferException.class, () -> ftp.get("a", folder.resolve("t")));
        assertFalse(Files.exists(folder.resolve("t")));
        assertThrows(FtpTransferException.class, () -> ftp.list().toList());
        assertThrows(FtpTransferException.class, () -> ftp.names(""));
        ftp.noop();
      }
      TlsPolicy.Secured lax = ((TlsPolicy.Secured) config.tls()).withoutCloseNotify();
      try (FtpSession ftp = Ftp.open(config.toBuilder().tls(lax).build())) {
        assertEquals(500, SessionFixture.text(ftp.get("a")).length());
        // The size still tells where it is known.
        assertThrows(FtpTransferException.class, () -> ftp.get("a", folder.resolve("t")));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void uploadsEndWithCloseNotifyAndLoseNothing(String version) throws Exception {
    byte[] much = new byte[3 << 20];
    IntStream.range(0, much.length).forEach(i -> much[i] = (byte) i);
    try (ScriptedServer server = ScriptedServer.start()) {
      try (FtpSession ftp = Ftp.open(SessionFixture.secured(server, version).build())) {
        for (int i = 0; i < 5; i++) {
          String name = "b" + i;
          ftp.put(name, out -> out.write(much));
          org.junit.jupiter.api.Assertions.assertArrayEquals(much, server.content("/" + name));
        }
      }
      assertEquals(0, server.endsWithoutCloseNotify());
      server.awaitIdle();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void everyDataConnectionResumesTheControlConnectionsSession(String version) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", CONTENT).demandSessionReuse()) {
      try (FtpSession ftp = Ftp.open(SessionFixture.secured(server, version).build())) {
        for (int i = 0; i < 5; i++) {
          String name = "b" + i;
          TransferResult up = ftp.put(name, out -> out.write(SessionFixture.bytes(CONTENT)));
          assertTrue(up.protection().orElseThrow().resumed());
          FtpInputStream in = ftp.get("a");
          assertTrue(in.protection().orElseThrow().resumed());
          assertEquals(version, in.protection().orElseThrow().protocol());
          assertEquals(CONTENT, SessionFixture.text(in));
          ftp.list().toList();
        }
      }
      List<Handshake> data = server.handshakes().stream().filter(Handshake::data).toList();
      assertEquals(15, data.size());
      assertTrue(data.stream().allMatch(Handshake::resumed), data.toString());
      assertEquals(1, server.sessions());
    }
  }

  @Test
  void sessionsDoNotShareTheirTlsSession() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", CONTENT)) {
      FtpConfig config = SessionFixture.secured(server).build();
      try (FtpSession one = Ftp.open(config);
          FtpSession two = Ftp.open(config)) {
        SessionFixture.text(one.get("a"));
        SessionFixture.text(two.get("a"));
      }
      List<Handshake> control = server.handshakes().stream().filter(h -> !h.data()).toList();
      assertEquals(List.of(false, false), control.stream().map(Handshake::resumed).toList());
    }
  }

  @Test
  void anAbortedTransferDoesNotCostTheResumption() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "x".repeat(8 << 20)).demandSessionReuse()) {
      try (FtpSession ftp = Ftp.open(SessionFixture.secured(server).build())) {
        for (int i = 0; i < 4; i++) {
          FtpInputStream in = ftp.get("a");
          assertEquals('x', in.read());
          in.close();
          ftp.noop();
        }
        ftp.put("b", out -> out.write(1));
      }
    }
  }

  @Test
  void clearDataIsNegotiatedAndNotProtected() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", CONTENT)) {
      FtpConfig config = SessionFixture.plain(server).tls(TlsPolicy.explicit().withContext(Certificates.trusting())
          .withClearData()).build();
      try (FtpSession ftp = Ftp.open(config)) {
        assertEquals(CONTENT, SessionFixture.text(ftp.get("a")));
      }
      assertTrue(server.commands().containsAll(List.of("PBSZ 0", "PROT C")));
      assertTrue(server.handshakes().stream().noneMatch(Handshake::data));
    }
  }

  @Test
  void oldVersionsAreNotOffered() throws Exception {
    assertEquals(List.of("TLSv1.3", "TLSv1.2"), TlsPolicy.explicit().protocols());
    assertEquals(List.of("TLSv1.3", "TLSv1.2"), TlsPolicy.implicit().protocols());
    try (ScriptedServer server = ScriptedServer.start().tlsVersions("TLSv1.2")) {
      FtpConfig newest = SessionFixture.secured(server, "TLSv1.3").build();
      assertThrows(FtpTlsException.class, () -> Ftp.open(newest));
      assertNoSecretWasSent(server);
    }
  }
}
