package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.EmbeddedServer;
import io.loomftp.testkit.RealServer;
import io.loomftp.testkit.RealServers.Variant;
import io.loomftp.testkit.RealServers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Careful transfers of whole files with vsftpd and ProFTPD, and with Apache FtpServer, none of which is ours. */
@Timeout(120)
class WholeFileInteropTest {
  private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");
  private static final int SIZE = 2_000_000;

  @TempDir Path folder;

  static Stream<Arguments> servers() {
    return Stream.of(RealServers.Kind.values())
        .flatMap(kind -> Stream.of(Arguments.of(kind, Variant.PLAIN), Arguments.of(kind, Variant.TLS_1_3_REUSE)));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void carefulTransfersOnRealServers(RealServers.Kind kind, Variant variant) throws Exception {
    try (RealServer server = RealServers.start(kind, variant);
        FtpSession ftp = Ftp.open(SessionInteropTest.config(server))) {
      careful(ftp);
    }
  }

  @Test
  void carefulTransfersOnApacheFtpServer() throws Exception {
    try (EmbeddedServer server = EmbeddedServer.plain();
        FtpSession ftp =
            Ftp.open(
                FtpConfig.builder("localhost")
                    .port(server.port())
                    .credentials(server.user(), server.password())
                    .timeouts(Timeouts.of(Duration.ofSeconds(20)))
                    .build())) {
      careful(ftp);
    }
  }

  private void careful(FtpSession ftp) throws Exception {
    byte[] content = new byte[SIZE];
    new Random(7).nextBytes(content);
    Path source = Files.write(folder.resolve("source"), content);
    Files.setLastModifiedTime(source, FileTime.from(THEN));
    TransferOptions options =
        TransferOptions.defaults().atomic().resume().keepModified().verify(Verify.HASH_IF_OFFERED).digest("SHA-256");

    // An upload that this side breaks off goes on under its temporary name.
    assertThrows(IllegalStateException.class, () -> ftp.put(source, "a.bin", breakingOff(options)));
    assertEquals(List.of(), visible(ftp));
    TransferResult up = ftp.put(source, "a.bin", options);
    // How much the server had taken when it was broken off is chance; nothing of that is sent again.
    assertEquals(SIZE, up.resumedFrom() + up.bytes(), up.toString());
    assertEquals(List.of("a.bin"), visible(ftp));
    assertEquals(THEN, ftp.mdtm("a.bin"));
    assertEquals(VerifyTest.digest("SHA-256", content), up.digest().orElseThrow().hex());

    // So does a download.
    Path target = folder.resolve("target");
    assertThrows(IllegalStateException.class, () -> ftp.get("a.bin", target, breakingOff(options)));
    TransferResult down = ftp.get("a.bin", target, options);
    assertTrue(down.resumedFrom() > 0, down.toString());
    assertArrayEquals(content, Files.readAllBytes(target));
    assertEquals(THEN, Files.getLastModifiedTime(target).toInstant());
    assertEquals(up.digest(), down.digest());
    boolean hashes = ftp.features().names().stream().anyMatch(f -> f.startsWith("XSHA") || f.matches("HASH|X?MD5|XCRC"));
    assertEquals(hashes ? TransferResult.Verified.HASH : TransferResult.Verified.SIZE, down.verified());

    // What is the same is not moved again, and what is there is respected.
    TransferOptions sync = options.overwrite(Overwrite.IF_DIFFERENT);
    assertTrue(ftp.get("a.bin", target, sync).isSkipped());
    assertTrue(ftp.put(source, "a.bin", sync).isSkipped());
    TransferOptions never = TransferOptions.defaults().overwrite(Overwrite.FAIL);
    assertEquals(ErrorKind.EXISTS, assertThrows(FtpException.class, () -> ftp.put(source, "a.bin", never)).kind());

    // An atomic upload replaces what is there.
    ftp.put(new ByteArrayInputStream(new byte[10]), "a.bin", TransferOptions.defaults().atomic());
    assertEquals(10, ftp.size("a.bin"));
    assertEquals(List.of("a.bin"), visible(ftp));
  }

  private static TransferOptions breakingOff(TransferOptions options) {
    return options
        .progressEvery(Duration.ZERO)
        .progress(
            now -> {
              if (now.bytes() > SIZE / 2) {
                throw new IllegalStateException("enough");
              }
            });
  }

  private static List<String> visible(FtpSession ftp) throws IOException {
    try (Listing rows = ftp.list()) {
      return rows.stream().map(FtpEntry::name).filter(name -> !name.startsWith(".")).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
