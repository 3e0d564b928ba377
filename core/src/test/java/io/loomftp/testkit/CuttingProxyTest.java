package io.loomftp.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.ErrorKind;
import io.loomftp.Ftp;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.FtpInputStream;
import io.loomftp.FtpSession;
import io.loomftp.Timeouts;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The proxy changes nothing until it cuts, and cuts at the given byte. */
@Timeout(30)
class CuttingProxyTest {
  private static final String TEXT = "x".repeat(100_000);

  private ScriptedServer server;
  private CuttingProxy proxy;

  @BeforeEach
  void start() {
    server = ScriptedServer.start().file("/a", TEXT);
    proxy = CuttingProxy.before(server.port());
  }

  @AfterEach
  void end() {
    proxy.close();
    server.close();
  }

  private FtpConfig.Builder config(Duration patience) {
    return FtpConfig.builder("127.0.0.1").port(proxy.port()).credentials("alice", "secret").timeouts(Timeouts.of(patience));
  }

  private FtpSession open() throws FtpException {
    return Ftp.open(config(Duration.ofSeconds(10)).build());
  }

  @Test
  void transfersAreRecordedWithTheirBytesAndReplies() throws Exception {
    for (boolean old : new boolean[] {false, true}) {
      if (old) {
        server.on("EPSV", "500 What?");
      }
      proxy.begin(null, () -> {});
      try (FtpSession ftp = open()) {
        try (FtpInputStream in = ftp.getFrom("a", 99_990)) {
          assertEquals(10, in.readAllBytes().length);
        }
        ftp.put("b", out -> out.write(new byte[1_000]));
      }
      assertTrue(proxy.awaitEnd(Duration.ofSeconds(10)));
      assertEquals(
          List.of(new ProxyTransfer("RETR", "a", 99_990, 10, 226), new ProxyTransfer("STOR", "b", 0, 1_000, 226)),
          proxy.transfers());
      assertEquals(1_010, proxy.passed(Cut.Line.DATA));
      assertFalse(proxy.wasCut());
    }
    assertArrayEquals(new byte[1_000], server.content("/b"));
  }

  @Test
  void finEndsTheDataAtTheByteAndLeavesTheRest() throws Exception {
    proxy.begin(Cut.of(Cut.How.FIN, Cut.Line.DATA, 12_345, false));
    try (FtpSession ftp = open()) {
      try (FtpInputStream in = ftp.get("a")) {
        assertEquals(12_345, in.readAllBytes().length);
      }
      assertTrue(proxy.wasCut());
      assertEquals(12_345, proxy.passedBeforeCut(Cut.Line.DATA));
      ftp.noop();
    }
  }

  @Test
  void resetOfAllBreaksTheControlConnectionToo() throws Exception {
    proxy.begin(Cut.of(Cut.How.RST, Cut.Line.DATA, 50_000, true));
    try (FtpSession ftp = open()) {
      assertThrows(IOException.class, () -> {
        try (FtpInputStream in = ftp.get("a")) {
          in.readAllBytes();
        }
      });
      assertThrows(FtpException.class, ftp::noop);
    }
    assertTrue(proxy.awaitClients(Duration.ofSeconds(10)));
  }

  @Test
  void stallSaysNothing() throws Exception {
    proxy.begin(Cut.of(Cut.How.STALL, Cut.Line.DATA, 100, false));
    try (FtpSession ftp = Ftp.open(config(Duration.ofMillis(500)).build())) {
      try (FtpInputStream in = ftp.get("a")) {
        assertEquals(100, in.readNBytes(100).length);
        assertThrows(IOException.class, in::read);
      }
    }
  }

  @Test
  void connectionsAreRefusedAfterACutForGood() throws Exception {
    proxy.begin(Cut.of(Cut.How.FIN, Cut.Line.CONTROL, 0, true).andForGood());
    assertThrows(FtpException.class, this::open);
    assertThrows(FtpException.class, this::open);
    proxy.begin(null, () -> {});
    open().close();
  }

  @Test
  void whatIsDoneMeanwhileIsDoneAtTheByte() throws Exception {
    long[] seen = new long[1];
    proxy.begin(Cut.with(() -> seen[0] = proxy.passed(Cut.Line.DATA), true, true, Cut.Line.DATA, 70_001));
    try (FtpSession ftp = open()) {
      assertThrows(IOException.class, () -> {
        try (FtpInputStream in = ftp.get("a")) {
          in.readAllBytes();
        }
      });
    }
    assertEquals(70_001, seen[0]);
  }

  @Test
  void failureOfTheWitnessIsReported() throws Exception {
    proxy.begin(null, () -> {
      throw new AssertionError("seen");
    });
    assertThrows(FtpException.class, this::open);
    assertThrows(AssertionError.class, proxy::end);
  }

  @Test
  void commandsArriveCompletelyOrNotAtAll() throws Exception {
    // Somewhere within "MKD /new"; whatever is before it is longer than that.
    for (int more = 1; more < 12; more++) {
      proxy.begin(null, () -> {});
      try (FtpSession ftp = open()) {
        long before = proxy.passed(Cut.Line.CONTROL);
        ftp.noop();
        proxy.begin(Cut.of(Cut.How.FIN, Cut.Line.CONTROL, before + more, true));
      }
      try (FtpSession ftp = open()) {
        ftp.mkdir("/new" + more);
      } catch (FtpException e) {
        assertEquals(ErrorKind.CLOSED, e.kind());
      }
      assertTrue(
          server.commands().stream().filter(line -> line.startsWith("M")).allMatch(line -> line.matches("MKD /new\\d+")));
    }
  }
}
