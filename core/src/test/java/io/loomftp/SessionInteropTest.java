package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.Certificates;
import io.loomftp.testkit.RealServer;
import io.loomftp.testkit.RealServers.Kind;
import io.loomftp.testkit.RealServers.Variant;
import io.loomftp.testkit.RealServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sessions with vsftpd and ProFTPD, plain and with TLS whose session must be resumed. */
@Timeout(180)
class SessionInteropTest {
  /** What the JVM must be started with for TLS 1.2 with vsftpd; the build runs these tests a second time that way. */
  private static final boolean TICKETS_OFF =
      "false".equals(System.getProperty("jdk.tls.client.enableSessionTicketExtension"));

  private static final List<String> AWKWARD =
      List.of(
          "two words.txt", " leading", "trailing ", "  both  ", "a\"quote\".txt", "100%.txt", "%41", "süß-日本.txt",
          "semi;colon", "a&b", "#hash", "[x]", "~tilde", "it's", "-la", "a*b?c", "back\\slash", "{a,b}", "'", "\u00A0nbsp",
          "1234", "-> arrow", "x -> y", "Nov 22 12:34 x", "type=file; x", "...", "tab\there");

  @TempDir Path local;

  static Stream<Arguments> servers() {
    Stream.Builder<Arguments> all = Stream.builder();
    for (Kind kind : Kind.values()) {
      for (Variant variant : List.of(Variant.PLAIN, Variant.TLS_1_2_REUSE, Variant.TLS_1_3_REUSE, Variant.TLS_1_3,
          Variant.IMPLICIT)) {
        boolean needsTicketsOff = kind == Kind.VSFTPD && variant == Variant.TLS_1_2_REUSE;
        if (needsTicketsOff == TICKETS_OFF) {
          all.add(Arguments.of(kind, variant));
        }
      }
    }
    return all.build();
  }

  static FtpConfig config(RealServer server) {
    TlsPolicy.Secured tls =
        server.variant() == Variant.IMPLICIT ? TlsPolicy.implicit() : TlsPolicy.explicit();
    return FtpConfig.builder("localhost")
        .port(server.port())
        .credentials(server.user(), server.password())
        .tls(server.variant() == Variant.PLAIN ? TlsPolicy.none() : tls.withContext(Certificates.trusting()))
        .timeouts(Timeouts.of(Duration.ofSeconds(20)))
        .build();
  }

  @ParameterizedTest
  @MethodSource("servers")
  @Tag("tickets-off")
  void everydayWork(Kind kind, Variant variant) throws Exception {
    try (RealServer server = RealServers.start(kind, variant);
        FtpSession ftp = Ftp.open(config(server))) {
      byte[] contents = random(300_000);
      Path source = Files.write(local.resolve("source"), contents);
      ftp.mkdir("folder");
      ftp.cd("folder");
      assertTrue(ftp.pwd().endsWith("/folder"));
      TransferResult up = ftp.put(source, "a.bin");
      assertEquals(contents.length, up.bytes());
      assertEquals(variant != Variant.PLAIN, up.protection().isPresent());
      assertEquals(contents.length, ftp.size("a.bin"));
      assertTrue(Duration.between(ftp.mdtm("a.bin"), Instant.now()).abs().toMinutes() < 5);
      ftp.setModified("a.bin", Instant.parse("2024-05-06T07:08:09Z"));
      assertEquals(Instant.parse("2024-05-06T07:08:09Z"), ftp.mdtm("a.bin"));
      Path target = local.resolve("target");
      ftp.get("a.bin", target);
      assertArrayEquals(contents, Files.readAllBytes(target));
      try (FtpInputStream in = ftp.getFrom("a.bin", 299_990)) {
        assertEquals(10, in.readAllBytes().length);
      }
      try (FtpOutputStream out = ftp.append("a.bin")) {
        out.write("more".getBytes(StandardCharsets.US_ASCII));
      }
      assertEquals(300_004, ftp.size("a.bin"));
      try (FtpOutputStream out = ftp.putFrom("a.bin", 300_000)) {
        out.write("MORE".getBytes(StandardCharsets.US_ASCII));
      }
      try (FtpInputStream in = ftp.getFrom("a.bin", 300_000)) {
        assertEquals("MORE", new String(in.readAllBytes(), StandardCharsets.US_ASCII));
      }
      try (Listing rows = ftp.list()) {
        List<FtpEntry> all = rows.toList();
        assertEquals(1, all.size());
        assertEquals("a.bin", all.getFirst().name());
        assertEquals(300_004, all.getFirst().size().orElseThrow());
      }
      assertEquals(List.of("a.bin"), ftp.names(""));
      assertTrue(ftp.exists("a.bin"));
      assertFalse(ftp.exists("b.bin"));
      assertTrue(ftp.exists(ftp.pwd()));
      ftp.rename("a.bin", "b.bin");
      FtpReplyException refused = assertThrows(FtpReplyException.class, () -> ftp.get("a.bin"));
      assertEquals(io.loomftp.ErrorKind.NOT_FOUND, refused.kind());
      assertThrows(FtpReplyException.class, () -> ftp.put("/nosuchfolder/x"));
      assertTrue(ftp.putUnique(source).isPresent());
      // Called off in the middle, and after it the session goes on.
      try (FtpInputStream in = ftp.get("b.bin")) {
        assertTrue(in.read(new byte[1000]) > 0);
      }
      FtpOutputStream half = ftp.put("half.bin");
      half.write(contents);
      half.abort();
      assertFalse(ftp.exists("half.bin"));
      ftp.delete("b.bin");
      ftp.cdup();
      for (String name : namesOf(ftp, "folder")) {
        ftp.delete("folder/" + name);
      }
      ftp.rmdir("folder");
      ftp.quit();
    }
  }

  private static List<String> namesOf(FtpSession ftp, String path) throws Exception {
    try (Listing rows = ftp.list(path)) {
      return rows.stream().map(FtpEntry::name).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("servers")
  void awkwardNamesAreListedFetchedRenamedAndDeleted(Kind kind, Variant variant) throws Exception {
    try (RealServer server = RealServers.start(kind, variant);
        FtpSession ftp = Ftp.open(config(server))) {
      ftp.mkdir("odd");
      ftp.cd("odd");
      List<String> names = variant == Variant.PLAIN ? twoHundred() : new ArrayList<>(AWKWARD);
      // Bytes that are no UTF-8, as an old client may have left them.
      if (kind == Kind.VSFTPD) {
        names.add("latin\uDCE9.txt");
      }
      for (String name : names) {
        ftp.put(name, out -> out.write(contentsOf(name)));
      }
      List<String> listed = namesOf(ftp, "");
      assertEquals(names.stream().sorted().toList(), listed.stream().sorted().toList());
      for (String name : listed) {
        try (FtpInputStream in = ftp.get(name)) {
          assertArrayEquals(contentsOf(name), in.readAllBytes());
        }
        assertTrue(ftp.exists(name), name);
        ftp.rename(name, name + "2");
        ftp.delete(name + "2");
      }
      assertEquals(List.of(), namesOf(ftp, ""));
      for (String name : AWKWARD) {
        if (kind == Kind.PROFTPD && name.contains("*")) {
          continue; // refuses folders with a star in their name
        }
        ftp.mkdir(name);
        ftp.cd(name);
        assertTrue(ftp.pwd().endsWith("/odd/" + name), ftp.pwd());
        ftp.cdup();
        assertTrue(ftp.pwd().endsWith("/odd"), ftp.pwd());
        ftp.rmdir(name);
      }
    }
  }

  /** The awkward names, alone and combined. */
  private static List<String> twoHundred() {
    List<String> names = new ArrayList<>(AWKWARD);
    for (int i = 0; names.size() < 200; i++) {
      String one = AWKWARD.get(i % AWKWARD.size());
      String other = AWKWARD.get((i * 7 + 3) % AWKWARD.size());
      String both = one + (i / AWKWARD.size()) + other;
      if (!names.contains(both)) {
        names.add(both);
      }
    }
    return names;
  }

  private static byte[] contentsOf(String name) {
    return Integer.toHexString(name.hashCode()).getBytes(StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @MethodSource("servers")
  @Tag("tickets-off")
  void aHundredMebibytesAreTheSameAfterBothWays(Kind kind, Variant variant) throws Exception {
    Path source = local.resolve("source");
    byte[] block = random(1 << 20);
    try (var out = Files.newOutputStream(source)) {
      for (int i = 0; i < 100; i++) {
        block[i] ^= 1;
        out.write(block);
      }
    }
    try (RealServer server = RealServers.start(kind, variant);
        FtpSession ftp = Ftp.open(config(server))) {
      assertEquals(100 << 20, ftp.put(source, "big").bytes());
      assertEquals(-1, Files.mismatch(source, server.home().resolve("big")));
      Path target = local.resolve("target");
      assertEquals(100 << 20, ftp.get("big", target).bytes());
      assertEquals(-1, Files.mismatch(source, target));
    }
  }

  @ParameterizedTest
  @MethodSource("servers")
  @Tag("tickets-off")
  void everyDataConnectionOfEightSessionsIsResumed(Kind kind, Variant variant) throws Exception {
    try (RealServer server = RealServers.start(kind, variant)) {
      FtpConfig config = config(server);
      List<Future<List<TransferResult>>> sessions = new ArrayList<>();
      for (int s = 0; s < 8; s++) {
        int number = s;
        sessions.add(Ftp.start(config, ftp -> tenTransfers(ftp, number)));
      }
      for (Future<List<TransferResult>> session : sessions) {
        for (TransferResult result : session.get()) {
          assertTrue(variant == Variant.PLAIN || result.protection().orElseThrow().resumed(), result.toString());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("servers")
  @Tag("tickets-off")
  void abortedTransfersDoNotUseUpTheSession(Kind kind, Variant variant) throws Exception {
    try (RealServer server = RealServers.start(kind, variant);
        FtpSession ftp = Ftp.open(config(server))) {
      byte[] contents = random(2_000_000);
      ftp.mkdir("deep");
      ftp.cd("deep");
      ftp.put("a", out -> out.write(contents));
      for (int i = 0; i < 6; i++) {
        FtpOutputStream upload = ftp.put("half");
        upload.write(contents, 0, 10_000);
        upload.abort();
        try (FtpInputStream download = ftp.get("a")) {
          assertTrue(download.read(new byte[100]) > 0);
        }
        ftp.put("b" + i, out -> out.write(contents, 0, 50_000));
        assertEquals(50_000, Files.size(server.home().resolve("deep").resolve("b" + i)));
        assertTrue(ftp.pwd().endsWith("/deep"));
      }
      assertFalse(Files.exists(server.home().resolve("deep").resolve("half")));
    }
  }

  /** Uploads and downloads in turn, then uploads only: nothing there brings new tickets by itself. */
  private static List<TransferResult> tenTransfers(FtpSession ftp, int number) throws FtpException {
    byte[] contents = random(20_000 + number);
    List<TransferResult> results = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      String name = "s" + number + "-" + i;
      results.add(ftp.put(name, out -> out.write(contents)));
      if (i < 3) {
        try (FtpInputStream in = ftp.get(name)) {
          assertArrayEquals(contents, in.readAllBytes());
          results.add(in.result().orElseThrow());
        } catch (FtpException e) {
          throw e;
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return results;
  }

  @Test
  void vsftpdWithTls12SaysWhatToDo() throws Exception {
    try (RealServer server = RealServers.start(Kind.VSFTPD, Variant.TLS_1_2_REUSE);
        FtpSession ftp = Ftp.open(config(server))) {
      FtpException refused = assertThrows(FtpException.class, () -> ftp.put("a", out -> out.write(1)));
      assertTrue(
          String.valueOf(refused.getMessage()).contains("-Djdk.tls.client.enableSessionTicketExtension=false"),
          refused.toString());
    }
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
