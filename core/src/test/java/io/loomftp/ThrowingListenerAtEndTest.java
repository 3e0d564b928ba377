package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.loomftp.testkit.ScriptedServer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** close() throws nothing, also when the listener fails at QUIT, and leaves nothing open. */
@Timeout(30)
class ThrowingListenerAtEndTest {
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void closeThrowsNothing(boolean atCommand) throws Exception {
    SessionListener listener =
        new SessionListener() {
          @Override
          public void commandSent(String command) {
            if (atCommand && command.equals("QUIT")) {
              throw new IllegalStateException("the listener fails");
            }
          }

          @Override
          public void replyReceived(String command, Reply reply) {
            if (!atCommand && command.equals("QUIT")) {
              throw new IllegalStateException("the listener fails");
            }
          }
        };
    try (ScriptedServer server = ScriptedServer.start()) {
      FtpSession ftp = Ftp.open(SessionFixture.plain(server).listener(listener).build());
      assertDoesNotThrow(ftp::close);
      assertFalse(ftp.isOpen());
      server.awaitIdle();
    }
  }
}
