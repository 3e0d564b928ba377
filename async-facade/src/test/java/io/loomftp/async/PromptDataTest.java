package io.loomftp.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpConfig;
import io.loomftp.RateLimit;
import io.loomftp.Timeouts;
import io.loomftp.TlsPolicy;
import io.loomftp.testkit.Certificates;
import io.loomftp.testkit.Conversation;
import io.loomftp.testkit.DataPipe;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Data that has arrived is delivered without waiting for more of it. */
@Timeout(60)
class PromptDataTest {
  private final CountDownLatch delivered = new CountDownLatch(1);
  private final AtomicBoolean prompt = new AtomicBoolean();
  private final AsyncFtp ftp = AsyncFtp.create();

  @AfterEach
  void leave() {
    ftp.close();
  }

  /** Sends a line, and the next one only when the first one was delivered. */
  private void sendTwoLines(Conversation c) throws IOException {
    c.reply("150 Here it comes.");
    try (DataPipe data = c.openData()) {
      data.send("first\r\n");
      try {
        prompt.set(delivered.await(10, TimeUnit.SECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      data.send("second\r\n");
    }
    c.reply("226 Done.");
  }

  private void receive(ScriptedServer server, FtpConfig config, String command, String path) throws Exception {
    server.on("RETR", this::sendTwoLines);
    server.on("LIST", this::sendTwoLines);
    AsyncFtpSession s = ftp.session("s", config);
    s.on(command + "_data", e -> delivered.countDown());
    s.connect().get(20, TimeUnit.SECONDS);
    s.post(command, path).get(20, TimeUnit.SECONDS);
    assertTrue(prompt.get(), "the first line was delivered when the second one came");
    assertEquals(0, delivered.getCount());
  }

  private static FtpConfig.Builder config(ScriptedServer server) {
    return FtpConfig.builder("localhost").port(server.port()).credentials("alice", "secret")
        .timeouts(Timeouts.of(Duration.ofSeconds(20)));
  }

  @Test
  void block() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      receive(server, config(server).build(), "get", "/a");
    }
  }

  @Test
  void line() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      receive(server, config(server).build(), "ls", "/");
    }
  }

  @Test
  void blockWithinARateLimit() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      receive(server, config(server).rateLimit(RateLimit.of(1 << 20)).build(), "get", "/a");
    }
  }

  @Test
  void blockUnderTls() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().tls(Certificates.server())) {
      receive(server, config(server).tls(TlsPolicy.explicit().withContext(Certificates.trusting())).build(), "get", "/a");
    }
  }
}
