package io.loomftp.async;

import static io.loomftp.async.Ends.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.testkit.ScriptedServer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A quit also ends a session that never had a connection. */
@Timeout(30)
class QuitWithoutConnectionTest {
  @Test
  void quitAfterAFailedConnectEndsTheSession() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().greeting("530 Go away.");
        AsyncFtp ftp = AsyncFtp.create()) {
      Recorder recorder = new Recorder();
      AsyncFtpSession s =
          ftp.session("s", FtpConfig.builder("localhost").port(server.port()).credentials("alice", "secret").build());
      s.on("all", recorder);
      assertInstanceOf(FtpException.class, failure(s.connect()));
      failure(s.quit());
      s.ended().get(10, TimeUnit.SECONDS);
      assertEquals("connect_error", recorder.names().getFirst());
      assertTrue(List.of("quit_error").containsAll(recorder.names().subList(1, recorder.names().size())), recorder.names()
          .toString());
    }
  }
}
