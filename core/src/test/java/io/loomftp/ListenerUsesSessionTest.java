package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.ScriptedServer;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A listener that sends a command in the middle of another one is refused: each would get the reply to the other. */
@Timeout(30)
class ListenerUsesSessionTest {
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aListenerCannotSendACommand(boolean atCommand) throws Exception {
    AtomicReference<FtpSession> session = new AtomicReference<>();
    AtomicReference<Throwable> refused = new AtomicReference<>();
    SessionListener listener =
        new SessionListener() {
          @Override
          public void commandSent(String command) {
            if (atCommand) {
              use(command);
            }
          }

          @Override
          public void replyReceived(String command, Reply reply) {
            if (!atCommand) {
              use(command);
            }
          }

          private void use(String command) {
            if (command.startsWith("DELE")) {
              try {
                session.get().noop();
              } catch (FtpException | RuntimeException e) {
                refused.set(e);
              }
            }
          }
        };
    try (ScriptedServer server = ScriptedServer.start().file("/a", "x").on("DELE", "550 Permission denied");
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).listener(listener).build())) {
      session.set(ftp);
      assertEquals(550, assertThrows(FtpReplyException.class, () -> ftp.delete("/a")).reply().code());
      assertInstanceOf(IllegalStateException.class, refused.get());
      assertEquals(1, ftp.size("/a"));
      assertTrue(ftp.isOpen());
    }
  }
}
