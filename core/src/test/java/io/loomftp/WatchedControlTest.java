package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.DataPipe;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A final reply on the control connection ends every wait for data, and the session stays usable. */
@Timeout(40)
class WatchedControlTest {
  /** All bounds are so long that a test that waits for one of them fails. */
  private static final Timeouts LONG = Timeouts.of(Duration.ofSeconds(60)).withClose(Duration.ofSeconds(20));

  @TempDir Path folder;

  /** Work on a session that throws. */
  private interface Work {
    void with(FtpSession ftp) throws IOException;
  }

  private static FtpException failsSoon(FtpConfig config, Work work) throws Exception {
    try (FtpSession ftp = Ftp.open(config)) {
      long start = System.nanoTime();
      FtpException e = assertThrows(FtpException.class, () -> work.with(ftp));
      long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
      assertTrue(seconds < 10, "it took " + seconds + " s: " + e);
      assertTrue(e.sessionUsable(), e.toString());
      assertEquals(200, ftp.noop().code());
      return e;
    }
  }

  @Test
  void inTheHandshakeOfTheData() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on(
          "RETR",
          c -> {
            c.reply("150 Here it comes.");
            try (DataPipe silent = c.openDataInTheClear()) {
              Objects.requireNonNull(silent); // no handshake ever comes
              c.reply("550 No, it is not there.");
              c.next();
              c.ordinary();
            }
          });
      FtpException e =
          failsSoon(
              SessionFixture.secured(server).timeouts(LONG).build(), ftp -> ftp.get("nosuch", folder.resolve("t")));
      assertTrue(e.getMessage().contains("550"), e.getMessage());
      assertEquals(1, server.commands().stream().filter("RETR nosuch"::equals).count());
    }
  }

  @Test
  void whileTheServerTakesNoData() throws Exception {
    for (boolean tls : new boolean[] {false, true}) {
      try (ScriptedServer server = ScriptedServer.start()) {
        server.on(
            "STOR",
            c -> {
              c.reply("150 Send it.");
              try (DataPipe data = c.openData()) {
                data.receive(1_000);
                c.reply("550 Not that.");
                c.next();
                c.ordinary();
              }
            });
        FtpConfig config = (tls ? SessionFixture.secured(server) : SessionFixture.plain(server)).timeouts(LONG).build();
        FtpException e =
            failsSoon(
                config,
                ftp -> {
                  try (FtpOutputStream out = ftp.put("a")) {
                    while (true) {
                      out.write(new byte[1 << 20]);
                    }
                  }
                });
        assertTrue(e.getMessage().contains("550 Not that."), e.getMessage());
      }
    }
  }

  @Test
  void whileNoDataArrives() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on(
          "RETR",
          c -> {
            c.reply("150 Here it comes.");
            try (DataPipe data = c.openData()) {
              data.send("half");
              c.reply("451 The disk has failed.");
              c.next();
              c.ordinary();
            }
          });
      FtpException e =
          failsSoon(SessionFixture.plain(server).timeouts(LONG).build(), ftp -> ftp.get("a").readAllBytes());
      assertTrue(e.getMessage().contains("451"), e.getMessage());
    }
  }

  @Test
  void whileTheServerDoesNotConnect() throws Exception {
    for (boolean tls : new boolean[] {false, true}) {
      try (ScriptedServer server = ScriptedServer.start()) {
        server.on(
            "RETR",
            c -> {
              c.reply("150 I shall connect.", "425 I cannot.");
              c.forgetData();
            });
        FtpConfig config =
            (tls ? SessionFixture.secured(server) : SessionFixture.plain(server))
                .timeouts(LONG)
                .dataMode(DataMode.active())
                .build();
        FtpException e = failsSoon(config, ftp -> ftp.get("a").readAllBytes());
        assertTrue(e.getMessage().contains("425"), e.getMessage());
      }
    }
  }

  @Test
  void whileTheServerDoesNotEndTheTlsOfAnUpload() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on(
          "STOR",
          c -> {
            c.reply("150 Send it.");
            try (DataPipe data = c.openData()) {
              data.receive(3);
              c.reply("552 The disk is full.");
              c.next();
              c.ordinary();
            }
          });
      FtpException e =
          failsSoon(
              SessionFixture.secured(server).timeouts(LONG).build(),
              ftp -> {
                FtpOutputStream out = ftp.put("a");
                out.write(new byte[3]);
                out.close();
              });
      assertEquals(ErrorKind.QUOTA, e.kind());
    }
  }
}
