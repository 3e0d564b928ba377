package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loomftp.testkit.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that was uploaded completely is not deleted because what follows fails. */
@Timeout(40)
class CompleteUploadTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"STOR a", "SIZE a"})
  void abortAfterTheConfirmationLeavesTheFile(String last) throws Exception {
    AtomicReference<FtpSession> session = new AtomicReference<>();
    SessionListener listener =
        new SessionListener() {
          @Override
          public void replyReceived(String command, Reply reply) {
            if (command.equals(last) && reply.isCompletion()) {
              session.get().abort();
            }
          }
        };
    Path source = Files.writeString(folder.resolve("source"), "new");
    try (ScriptedServer server = ScriptedServer.start().file("/a", "old");
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).listener(listener).build())) {
      session.set(ftp);
      TransferOptions options = TransferOptions.defaults().keepModified();
      FtpException e = assertThrows(FtpException.class, () -> ftp.put(source, "a", options));
      assertEquals(ErrorKind.ABORTED, e.kind());
      assertEquals("new", new String(server.content("/a"), StandardCharsets.UTF_8), server.commands().toString());
    }
  }
}
