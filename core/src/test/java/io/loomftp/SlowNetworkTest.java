package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loomftp.testkit.ScriptedServer;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS records of data that take long to arrive, as they do on a slow network. */
@Timeout(60)
class SlowNetworkTest {
  private static final int PIECE = 200; // bytes
  private static final byte[] CONTENT = new byte[40_000];

  static {
    new Random(1).nextBytes(CONTENT);
  }

  @TempDir Path folder;

  /** Relays one data connection; what the server sends arrives in small pieces with a pause after each. */
  private static final class SlowLine implements Closeable {
    private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final long pause;
    private volatile boolean closed;

    SlowLine(int port, Duration pause) throws IOException {
      this.pause = pause.toNanos();
      Thread.ofVirtual().start(() -> run(port));
    }

    int port() {
      return listener.getLocalPort();
    }

    private void run(int port) {
      try (Socket client = listener.accept();
          Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
        Thread.ofVirtual().start(() -> relay(client, server, 64 << 10, 0));
        relay(server, client, PIECE, pause);
        client.shutdownOutput();
        client.getInputStream().transferTo(OutputStream.nullOutputStream());
      } catch (IOException e) {
        closed = true;
      }
    }

    private void relay(Socket from, Socket to, int piece, long nanos) {
      byte[] block = new byte[piece];
      try {
        InputStream in = from.getInputStream();
        for (int n = in.read(block); n >= 0 && !closed; n = in.read(block)) {
          to.getOutputStream().write(block, 0, n);
          LockSupport.parkNanos(nanos);
        }
      } catch (IOException e) {
        closed = true;
      }
    }

    @Override
    public void close() throws IOException {
      closed = true;
      listener.close();
    }
  }

  private static ScriptedServer server(Duration pause) {
    return ScriptedServer.start().file("/a", CONTENT).dataPatience(Duration.ofSeconds(20))
        .on("EPSV", c -> c.reply("229 Entering (|||" + new SlowLine(c.listen(), pause).port() + "|)"));
  }

  @Test
  void recordThatArrivesSlowlyIsRead() throws Exception {
    try (ScriptedServer server = server(Duration.ofMillis(10));
        FtpSession ftp = Ftp.open(SessionFixture.secured(server).timeouts(Timeouts.of(Duration.ofSeconds(20))).build())) {
      assertEquals(CONTENT.length, ftp.get("/a", folder.resolve("a")).bytes());
      assertArrayEquals(CONTENT, Files.readAllBytes(folder.resolve("a")));
      ftp.noop();
    }
  }

  @Test
  void recordThatNeverEndsIsATimeoutWithinItsBound() throws Exception {
    Timeouts timeouts = Timeouts.of(Duration.ofSeconds(20)).withData(Duration.ofMillis(600));
    try (ScriptedServer server = server(Duration.ofMillis(80));
        FtpSession ftp = Ftp.open(SessionFixture.secured(server).timeouts(timeouts).build())) {
      long start = System.nanoTime();
      FtpException e = assertThrows(FtpException.class, () -> ftp.get("/a", folder.resolve("a")));
      assertEquals(ErrorKind.TIMEOUT, e.kind(), e.toString());
      assertEquals(0, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start) / 10, "bounded");
    }
  }
}
