package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.pool.FtpPool;
import io.loomftp.pool.PoolFixture;
import io.loomftp.testkit.Conversation;
import io.loomftp.testkit.Handshake;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The events of JDK Flight Recorder say what happened, and no secret. */
@Timeout(60)
class FlightRecorderTest {
  @TempDir Path folder;

  private static List<String> verbs(ScriptedServer server) {
    return server.commands().stream().map(line -> line.split(" ")[0]).toList();
  }

  private static List<String> lines(List<RecordedEvent> events, String... fields) {
    return events.stream()
        .map(event -> Stream.of(fields).map(field -> Objects.toString(event.getValue(field))).collect(Collectors.joining(" ")))
        .toList();
  }

  @Test
  void aSessionIsRecordedFromItsConnectToItsQuit() throws Exception {
    List<RecordedEvent> events;
    List<String> sent;
    int port;
    try (FlightRecording recording = FlightRecording.ofAll();
        ScriptedServer server = ScriptedServer.start().file("/a", "hello").on("FEAT", "500 What?")) {
      port = server.port();
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
        SessionFixture.text(ftp.get("a"));
        assertThrows(FtpReplyException.class, () -> ftp.delete("nosuch"));
      }
      server.awaitIdle();
      sent = verbs(server);
      events = recording.events();
    }
    RecordedEvent connect = FlightRecording.named(events, "Connect").getFirst();
    assertEquals(List.of("localhost " + port + " 127.0.0.1 "), lines(List.of(connect), "host", "port", "address", "failure"));
    assertTrue(connect.getDuration().isPositive());
    List<RecordedEvent> commands = FlightRecording.named(events, "Command");
    assertEquals(sent, commands.stream().map(event -> event.getString("verb")).toList());
    assertEquals(
        List.of("USER 331", "PASS 230", "FEAT 500", "TYPE 200", "EPSV 229", "RETR 226", "DELE 550", "QUIT 221"),
        lines(commands, "verb", "code"));
    for (RecordedEvent command : commands) {
      assertTrue(command.getDuration("latency").isPositive(), command.toString());
      assertTrue(command.getDuration("latency").compareTo(command.getDuration()) <= 0, command.toString());
      assertTrue(command.getStackTrace() == null, command.toString());
    }
    List<RecordedEvent> transfers = FlightRecording.named(events, "Transfer");
    assertEquals(
        List.of("RETR a down 5 DONE "), lines(transfers, "verb", "path", "direction", "bytes", "outcome", "failure"));
    RecordedEvent transfer = transfers.getFirst();
    assertTrue(transfer.getLong("bytesPerSecond") > 0, transfer.toString());
    assertTrue(transfer.getDuration("setup").compareTo(transfer.getDuration("firstByte")) <= 0, transfer.toString());
    assertTrue(transfer.getDuration("firstByte").compareTo(transfer.getDuration()) <= 0, transfer.toString());
    assertEquals(List.of("LoomFTP"), transfer.getEventType().getCategoryNames());
  }

  @Test
  void failuresAreRecordedWithTheirKinds() throws Exception {
    List<RecordedEvent> events;
    int nobody;
    try (ServerSocket bound = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = bound.getLocalPort();
    }
    try (FlightRecording recording = FlightRecording.ofAll();
        ScriptedServer server = ScriptedServer.start().file("/a", "hello").file("/big", new byte[1 << 20])) {
      FtpConfig none = FtpConfig.builder("127.0.0.1").port(nobody).anonymous().build();
      assertThrows(FtpConnectException.class, () -> Ftp.open(none));
      server.on("SITE", Conversation::close);
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).pipelining(Pipelining.OFF).build())) {
        assertThrows(FtpReplyException.class, () -> ftp.get("nosuch"));
        ftp.get("big").close();
        ftp.put("b", out -> out.write(new byte[7]));
        server.once("RETR", c -> {
          c.reply("150 Here it comes.");
          c.openData().send("hel").reset();
          c.reply("426 Broken.");
        });
        assertThrows(FtpTransferException.class, () -> SessionFixture.text(ftp.get("a")));
        assertThrows(FtpClosedException.class, () -> ftp.site("HELP"));
      }
      server.awaitIdle();
      events = recording.events();
    }
    List<RecordedEvent> connects = FlightRecording.named(events, "Connect");
    assertEquals(List.of("127.0.0.1 " + nobody + "  CONNECT"), lines(connects.subList(0, 1), "host", "port", "address",
        "failure"));
    List<RecordedEvent> transfers = FlightRecording.named(events, "Transfer");
    assertEquals(
        List.of("RETR nosuch down FAILED NOT_FOUND", "RETR big down ABORTED ABORTED", "STOR b up DONE ",
            "RETR a down FAILED TRUNCATED"),
        lines(transfers, "verb", "path", "direction", "outcome", "failure"));
    assertTrue(transfers.getFirst().getDuration("setup").isNegative(), transfers.getFirst().toString());
    assertEquals(7, transfers.get(2).getLong("bytes"));
    assertEquals(List.of("SITE 0"), lines(FlightRecording.named(events, "Command").reversed().subList(0, 1), "verb", "code"));
  }

  @Test
  void handshakesAreRecordedAsTheServerSawThem() throws Exception {
    for (String version : List.of("TLSv1.2", "TLSv1.3")) {
      List<RecordedEvent> events;
      List<Handshake> seen;
      try (FlightRecording recording = FlightRecording.of("TlsHandshake");
          ScriptedServer server = ScriptedServer.start().file("/a", "hello")) {
        try (FtpSession ftp = Ftp.open(SessionFixture.secured(server, version).build())) {
          SessionFixture.text(ftp.get("a"));
          SessionFixture.text(ftp.get("a"));
        }
        server.awaitHandshakes(3);
        server.awaitIdle();
        seen = server.handshakes();
        events = recording.events();
      }
      assertEquals(
          seen.stream().map(h -> (h.data() ? "data" : "control") + " " + h.protocol() + " " + h.resumed() + " ").toList(),
          lines(events, "channel", "protocol", "resumed", "failure"));
      assertTrue(seen.getLast().resumed(), seen.toString());
      events.forEach(event -> assertTrue(event.getString("cipher").startsWith("TLS_"), event.toString()));
    }
  }

  @Test
  void aFailedHandshakeIsRecorded() throws Exception {
    try (FlightRecording recording = FlightRecording.of("TlsHandshake"); ScriptedServer server = ScriptedServer.start()) {
      FtpConfig distrusting = SessionFixture.plain(server).tls(TlsPolicy.explicit()).build();
      assertThrows(FtpTlsException.class, () -> Ftp.open(distrusting));
      assertEquals(List.of("control false TLS"), lines(recording.events(), "channel", "resumed", "failure"));
    }
  }

  @Test
  void waitsForAPoolAndRetriesAreRecorded() throws Exception {
    List<RecordedEvent> events;
    try (FlightRecording recording = FlightRecording.ofAll();
        ScriptedServer server = ScriptedServer.start().file("/a", "hello").once("RETR", "451 Later.");
        FtpPool pool = PoolFixture.pool(server, 1).build()) {
      pool.run(ftp -> {
        pool.run(same -> same.pwd()); // no wait: this thread has it already
        Thread other = Thread.ofVirtual().start(() -> {
          try {
            pool.lease(Duration.ofMillis(1));
          } catch (FtpException e) {
            throw new IllegalStateException(e);
          }
        });
        try {
          other.join();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
        Retry soon = new Retry(3, Duration.ofSeconds(10), Duration.ofMillis(1), Duration.ofMillis(1));
        return ftp.get("a", folder.resolve("a"), TransferOptions.defaults().retry(soon));
      });
      events = recording.events();
      assertEquals(
          List.of(pool.config() + " DONE ", pool.config() + " TIMED_OUT "),
          lines(FlightRecording.named(events, "PoolWait"), "pool", "outcome", "failure"));
    }
    List<RecordedEvent> retries = FlightRecording.named(events, "Retry");
    assertEquals(List.of("RETR a to " + folder.resolve("a") + " 2 BUSY"), lines(retries, "what", "attempt", "reason"));
    assertTrue(retries.getFirst().getDuration("pause").compareTo(Duration.ofMillis(1)) <= 0, retries.toString());
    assertEquals(
        List.of("FAILED BUSY", "DONE "), lines(FlightRecording.named(events, "Transfer"), "outcome", "failure"));
  }

  @Test
  void noEventHasASecret() throws Exception {
    List<RecordedEvent> events;
    List<String> measured = new CopyOnWriteArrayList<>();
    try (FlightRecording recording = FlightRecording.ofAll();
        ScriptedServer server = ScriptedServer.start().account("acct-pst").file("/a", "hello")) {
      server.on("SITE", "550 oldsecret is not valid, newsecret is not set").on("DELE", "550 pw-hush");
      server.once("RETR", "451 pw-hush later.");
      FtpConfig config =
          SessionFixture.secured(server)
              .credentials("alice", "pw-hush")
              .account("acct-pst")
              .metrics(measurement -> measured.add(measurement.toString()))
              .build();
      try (FtpSession ftp = Ftp.open(config)) {
        assertThrows(FtpReplyException.class, () -> ftp.site("PASSWD oldsecret newsecret"));
        assertThrows(FtpReplyException.class, () -> ftp.delete("pw-hush"));
        Retry soon = new Retry(2, Duration.ofSeconds(10), Duration.ofMillis(1), Duration.ofMillis(1));
        TransferOptions again = TransferOptions.defaults().retry(soon);
        assertThrows(FtpReplyException.class, () -> ftp.get("pw-hush.newsecret", folder.resolve("b"), again));
        SessionFixture.text(ftp.get("a"));
      }
      server.awaitIdle();
      events = recording.events();
    }
    assertTrue(events.size() > 15, events.toString());
    for (String name : List.of("Connect", "TlsHandshake", "Command", "Transfer", "Retry")) {
      assertFalse(FlightRecording.named(events, name).isEmpty(), name);
    }
    for (RecordedEvent event : events) {
      for (ValueDescriptor field : event.getFields()) {
        measured.add(field.getName() + " " + event.getValue(field.getName()));
      }
      measured.add(event.toString());
    }
    for (String text : measured) {
      for (String secret : List.of("pw-hush", "acct-pst", "oldsecret", "newsecret")) {
        assertFalse(text.contains(secret), text);
      }
    }
  }

  @Test
  void onlyWhatIsEnabledIsRecorded() throws Exception {
    try (FlightRecording recording = FlightRecording.of("Transfer");
        FlightRecording nothing = FlightRecording.of();
        ScriptedServer server = ScriptedServer.start().file("/a", "hello")) {
      try (FtpSession ftp = Ftp.open(SessionFixture.secured(server).build())) {
        SessionFixture.text(ftp.get("a"));
      }
      assertEquals(List.of("RETR"), lines(recording.events(), "verb"));
      assertEquals(List.of(), nothing.events().stream().filter(e -> !e.getEventType().getName().endsWith("Transfer")).toList());
    }
  }

  @Test
  void aSessionRunsWhereTheImageHasNoFlightRecorder() throws Exception {
    Path said = folder.resolve("said");
    Process process =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--limit-modules",
            "java.base,java.naming,java.xml,java.logging,jdk.net",
            "-cp",
            System.getProperty("java.class.path"),
            WithoutFlightRecorder.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
      String text = Files.readString(said);
      assertEquals(0, process.exitValue(), text);
      assertTrue(text.lines().anyMatch("flight recorder: false, read: hello, commands: 7"::equals), text);
    } finally {
      process.destroyForcibly();
    }
  }

  /** A session in a JVM of its own. */
  static final class WithoutFlightRecorder {
    private WithoutFlightRecorder() {}

    public static void main(String[] args) throws Exception {
      FtpMetrics metrics = new FtpMetrics();
      try (ScriptedServer server = ScriptedServer.start().file("/a", "hello").on("FEAT", "500 What?")) {
        String text;
        try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).metrics(metrics).build())) {
          text = SessionFixture.text(ftp.get("a"));
        }
        boolean there = ModuleLayer.boot().findModule("jdk.jfr").isPresent();
        long commands = metrics.snapshot().commands().values().stream().mapToLong(Long::longValue).sum();
        System.out.println("flight recorder: " + there + ", read: " + text + ", commands: " + commands);
      }
    }
  }
}
