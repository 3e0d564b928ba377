package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.Certificates;
import io.loomftp.testkit.ScriptedServer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each verb on a correct server, in clear text and under TLS, passive and active. */
@Timeout(60)
class SessionVerbsTest {
  @TempDir Path folder;

  static Stream<FtpConfig.Builder> ways() {
    FtpConfig.Builder plain = FtpConfig.builder("localhost").credentials("alice", "secret");
    TlsPolicy.Secured tls = TlsPolicy.explicit().withContext(Certificates.trusting());
    return Stream.of(
        plain,
        plain.build().toBuilder().dataMode(DataMode.active()),
        plain.build().toBuilder().tls(tls),
        plain.build().toBuilder().tls(tls.withProtocols("TLSv1.2")),
        plain.build().toBuilder().tls(tls).dataMode(DataMode.active()),
        plain.build().toBuilder().tls(tls.withClearData()));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void everyVerbDoesWhatItSays(FtpConfig.Builder way) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a.txt", "hello").directory("/pub")) {
      FtpConfig config = way.port(server.port()).timeouts(Timeouts.of(Duration.ofSeconds(5))).build();
      try (FtpSession ftp = Ftp.open(config)) {
        assertEquals("/", ftp.pwd());
        assertEquals(5, ftp.size("a.txt"));
        assertEquals("hello", text(ftp.get("a.txt")));
        assertEquals("lo", text(ftp.getFrom("a.txt", 3)));
        assertEquals("/pub/new", ftp.mkdir("/pub/new"));
        ftp.cd("/pub/new");
        assertEquals("/pub/new", ftp.pwd());
        try (FtpOutputStream out = ftp.put("b.txt")) {
          out.write("one".getBytes(StandardCharsets.US_ASCII));
        }
        try (FtpOutputStream out = ftp.append("b.txt")) {
          out.write("two".getBytes(StandardCharsets.US_ASCII));
        }
        assertArrayEquals("onetwo".getBytes(StandardCharsets.US_ASCII), server.content("/pub/new/b.txt"));
        try (Listing rows = ftp.list()) {
          assertEquals(List.of("b.txt"), rows.stream().map(FtpEntry::name).toList());
        }
        assertEquals(List.of("b.txt"), ftp.names(""));
        ftp.rename("b.txt", "c.txt");
        assertTrue(ftp.exists("c.txt"));
        assertFalse(ftp.exists("b.txt"));
        Path local = folder.resolve("local.txt");
        TransferResult result = ftp.get("c.txt", local);
        assertEquals(6, result.bytes());
        assertEquals("onetwo", Files.readString(local));
        ftp.put(local, "d.txt");
        assertEquals("onetwo", new String(server.content("/pub/new/d.txt"), StandardCharsets.US_ASCII));
        Optional<String> unique = ftp.putUnique(local);
        assertTrue(unique.isPresent());
        ftp.delete(unique.get());
        ftp.delete("c.txt");
        ftp.delete("d.txt");
        ftp.cdup();
        ftp.rmdir("new");
        ftp.noop();
        assertTrue(ftp.systemType().contains("UNIX"));
        FtpReplyException refused = assertThrows(FtpReplyException.class, () -> ftp.get("nosuch"));
        assertEquals(ErrorKind.NOT_FOUND, refused.kind());
        assertTrue(refused.getMessage().startsWith("RETR nosuch refused: 550"), refused.getMessage());
        assertEquals(221, ftp.quit().code());
      }
      server.awaitIdle();
    }
  }

  private static String text(FtpInputStream in) throws Exception {
    try (in) {
      var out = new ByteArrayOutputStream();
      in.transferTo(out);
      return out.toString(StandardCharsets.UTF_8);
    }
  }
}
