package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A data connection that is opened ahead is closed by an idle session. */
@Timeout(30)
class IdleDataSocketTest {
  @TempDir Path folder;

  private void get(FtpSession ftp, int... names) throws IOException {
    for (int name : names) {
      ftp.get("/" + name, folder.resolve(name + ".txt"));
      assertEquals("content of " + name, Files.readString(folder.resolve(name + ".txt")));
    }
  }

  private static ScriptedServer server() {
    ScriptedServer server = ScriptedServer.start();
    for (int i = 1; i < 6; i++) {
      server.file("/" + i, "content of " + i);
    }
    return server;
  }

  private static void assertClosed(Socket data) throws IOException {
    data.setSoTimeout(10_000);
    try {
      assertEquals(-1, data.getInputStream().read());
    } catch (SocketException e) {
      assertTrue(e.getMessage().contains("reset"), e.toString());
    }
  }

  @Test
  void anIdleSessionClosesItAfterAWhile() throws Exception {
    try (ScriptedServer server = server();
        ServerSocket port = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      get(ftp, 1, 2);
      server.once("EPSV", c -> c.reply("229 Go (|||" + port.getLocalPort() + "|)"));
      get(ftp, 3);
      try (Socket data = port.accept()) {
        assertClosed(data);
      }
      assertTrue(ftp.isOpen());
      get(ftp, 4, 5);
    }
  }

  @Test
  void aSessionThatIsClosedInTheMiddleOfAVerbClosesIt() throws Exception {
    try (ScriptedServer server = server().on("NOOP", c -> c.stall());
        ServerSocket port = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      FtpSession ftp = Ftp.open(SessionFixture.plain(server).build());
      get(ftp, 1, 2);
      server.once("EPSV", c -> c.reply("229 Go (|||" + port.getLocalPort() + "|)"));
      get(ftp, 3);
      try (Socket data = port.accept()) {
        Thread verb =
            Thread.startVirtualThread(
                () -> {
                  try {
                    ftp.noop();
                  } catch (FtpException e) {
                    assertEquals(ErrorKind.CLOSED, e.kind());
                  }
                });
        server.awaitCommand("NOOP");
        ftp.close();
        assertClosed(data);
        verb.join();
      }
    }
  }
}
