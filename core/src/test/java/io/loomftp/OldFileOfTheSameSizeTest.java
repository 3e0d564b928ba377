package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loomftp.testkit.Behaviour;
import io.loomftp.testkit.ScriptedServer;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** After a lost final reply, an older file of the same size is not taken for the one that was sent. */
@Timeout(60)
class OldFileOfTheSameSizeTest {
  private static final Retry AT_ONCE = new Retry(3, Duration.ofSeconds(20), Duration.ofMillis(1), Duration.ofMillis(5));
  private static final TransferOptions AGAIN = TransferOptions.defaults().retry(AT_ONCE);

  @TempDir Path folder;
  private final ScriptedServer server = ScriptedServer.start();
  private FtpSession ftp;

  @BeforeEach
  void connect() throws Exception {
    ftp = Ftp.open(SessionFixture.plain(server).build());
  }

  @AfterEach
  void leave() {
    ftp.close();
    server.close();
  }

  /** Takes all data, keeps it or does not, and loses the connection or says that something is wrong. */
  private static Behaviour taking(ScriptedServer server, boolean keeping, boolean refusing) {
    return c -> {
      c.reply("150 Go on.");
      var data = c.openData();
      byte[] all = data.receiveAll();
      data.close();
      if (keeping) {
        server.file("/" + c.argument(), all);
      }
      if (refusing) {
        c.reply("451 Something is wrong.");
      } else {
        c.close();
      }
    };
  }

  private byte[] replace(int size) throws Exception {
    byte[] old = new byte[size];
    server.file("/t.dat", old);
    ftp.setModified("t.dat", Instant.parse("2020-01-01T00:00:00Z"));
    byte[] content = new byte[size];
    new Random(3).nextBytes(content);
    return content;
  }

  @ParameterizedTest
  @CsvSource({"8, false", "8, true", "500000, false", "500000, true"})
  void uploadOfAFile(int size, boolean keeping) throws Exception {
    byte[] content = replace(size);
    Path source = Files.write(folder.resolve("s"), content);
    server.once("STOR", taking(server, keeping, false));
    if (keeping) {
      assertEquals(TransferResult.Outcome.SETTLED, ftp.put(source, "t.dat", AGAIN).outcome());
      assertArrayEquals(content, server.content("/t.dat"));
    } else {
      assertThrows(FtpInDoubtException.class, () -> ftp.put(source, "t.dat", AGAIN));
    }
  }

  @ParameterizedTest
  @CsvSource({"8, false", "500000, true"})
  void uploadOfAStream(int size, boolean keeping) throws Exception {
    byte[] content = replace(size);
    server.once("STOR", taking(server, keeping, false));
    if (keeping) {
      assertEquals(
          TransferResult.Outcome.SETTLED, ftp.put(new ByteArrayInputStream(content), "t.dat", AGAIN).outcome());
    } else {
      assertThrows(FtpInDoubtException.class, () -> ftp.put(new ByteArrayInputStream(content), "t.dat", AGAIN));
    }
  }

  @ParameterizedTest
  @CsvSource({"8", "500000"})
  void uploadThatWasRefusedAtItsEndIsSentAgain(int size) throws Exception {
    byte[] content = replace(size);
    Path source = Files.write(folder.resolve("s"), content);
    server.once("STOR", taking(server, false, true));
    assertEquals(2, ftp.put(source, "t.dat", AGAIN).attempts());
    assertArrayEquals(content, server.content("/t.dat"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"450 Busy.", "550 SIZE not allowed in ASCII mode.", "550 Permission denied."})
  void oldFileWhoseSizeWasNotToldBeforeIsNotTakenForTheNewOne(String refusal) throws Exception {
    Path source = Files.write(folder.resolve("s"), replace(500_000));
    server.once("STOR", taking(server, false, false));
    server.once("SIZE", refusal);
    assertThrows(FtpInDoubtException.class, () -> ftp.put(source, "t.dat", AGAIN));
  }
}
