package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loomftp.testkit.Fault;
import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transfers continue on servers that do not tell the working folder. */
@Timeout(60)
class WithoutPwdTest {
  private static final int SIZE = 200_000;
  private static final TransferOptions RESUMING = TransferOptions.defaults().resume();

  @TempDir Path folder;

  private static FtpSession open(ScriptedServer server, String reply) throws FtpException {
    server.on("PWD", reply).on("XPWD", reply);
    return Ftp.open(SessionFixture.plain(server).pipelining(Pipelining.OFF).build());
  }

  private static byte[] random() {
    byte[] content = new byte[SIZE];
    new Random(3).nextBytes(content);
    return content;
  }

  @ParameterizedTest
  @ValueSource(strings = {"500 What?", "502 No PWD here.", "550 No.", "257 here"})
  void aBrokenDownloadContinues(String reply) throws Exception {
    byte[] content = random();
    Path target = folder.resolve("a.bin");
    try (ScriptedServer server = ScriptedServer.start().file("/sub/a.bin", content);
        FtpSession ftp = open(server, reply)) {
      ftp.cd("sub");
      ftp.setModified("a.bin", Instant.parse("2026-01-02T03:04:05Z"));
      server.faultOnData(0, Fault.HALF_THEN_FIN);
      assertThrows(FtpTransferException.class, () -> ftp.get("a.bin", target, RESUMING));
      assertEquals(SIZE / 2, ftp.get("a.bin", target, RESUMING).resumedFrom());
      assertArrayEquals(content, Files.readAllBytes(target));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"500 What?", "502 No PWD here.", "550 No.", "257 here"})
  void aBrokenUploadContinues(String reply) throws Exception {
    byte[] content = random();
    Path source = Files.write(folder.resolve("source"), content);
    try (ScriptedServer server = ScriptedServer.start().directory("/sub");
        FtpSession ftp = open(server, reply)) {
      ftp.cd("sub");
      server.once("STOR", c -> {
        c.reply("150 Go on.");
        var data = c.openData();
        server.file("/sub/" + c.argument(), data.receive(SIZE / 2));
        data.reset();
        c.reply("426 Broken.");
      });
      assertThrows(FtpTransferException.class, () -> ftp.put(source, "b.bin", RESUMING.atomic()));
      assertEquals(SIZE / 2, ftp.put(source, "b.bin", RESUMING.atomic()).resumedFrom());
      assertArrayEquals(content, server.content("/sub/b.bin"));
      assertEquals(List.of("/sub/b.bin"), server.paths().stream().filter(path -> path.contains(".bin")).toList());
    }
  }
}
