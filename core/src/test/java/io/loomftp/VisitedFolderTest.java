package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A folder that was entered only to find out something is left again, whatever happens meanwhile. */
@Timeout(40)
class VisitedFolderTest {
  private static final Retry AT_ONCE = new Retry(3, Duration.ofSeconds(20), Duration.ofMillis(1), Duration.ofMillis(5));

  @TempDir Path folder;

  /** Has neither MLST nor a reason in its refusals, so that a folder is found by entering it. */
  private static ScriptedServer terse() {
    return ScriptedServer.start()
        .directory("/d")
        .on("FEAT", "211-Features:", " SIZE", " MDTM", "211 End")
        .on("SIZE", "550 Could not get file size.");
  }

  @Test
  void relativePathsMeanTheSameAfterAnAbortInside() throws Exception {
    AtomicReference<FtpSession> session = new AtomicReference<>();
    SessionListener listener =
        new SessionListener() {
          @Override
          public void replyReceived(String command, Reply reply) {
            if (command.equals("CWD d")) {
              session.get().abort();
            }
          }
        };
    Path source = Files.writeString(folder.resolve("source"), "x");
    try (ScriptedServer server = terse();
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).listener(listener).build())) {
      session.set(ftp);
      TransferOptions options = TransferOptions.defaults().overwrite(Overwrite.FAIL);
      assertThrows(FtpException.class, () -> ftp.put(source, "d", options));
      assertEquals("/", ftp.pwd());
    }
  }

  @Test
  void uploadIsNotRepeatedInsideAfterTheConnectionWasLostThere() throws Exception {
    Path source = Files.writeString(folder.resolve("source"), "x");
    try (ScriptedServer server = terse();
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      server.on("CWD", c -> {
        if (c.argument().equals("/") && server.sessions() == 1) {
          c.close();
        } else {
          c.ordinary();
        }
      });
      TransferOptions options = TransferOptions.defaults().overwrite(Overwrite.SKIP).retry(AT_ONCE);
      ftp.put(source, "d", options);
      assertFalse(server.exists("/d/d"), server.commands().toString());
      assertEquals("/", ftp.pwd());
    }
  }
}
