package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.Conversation;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that takes REST before STOR and then truncates: an upload to it is continued by APPE or sent whole, never by REST. */
@Timeout(60)
class UploadWithoutRestStreamTest {
  private static final int SIZE = 300_000;

  @TempDir Path folder;
  private final byte[] content = new byte[SIZE];
  private final ScriptedServer server = ScriptedServer.start();
  private Path source;

  @BeforeEach
  void fill() throws Exception {
    new Random(5).nextBytes(content);
    source = Files.write(folder.resolve("source"), content);
    Files.setLastModifiedTime(source, FileTime.from(Instant.parse("2024-01-02T03:04:05Z")));
    int[] offset = new int[1];
    server.on("REST", c -> {
      offset[0] = Integer.parseInt(c.argument());
      c.ordinary();
    });
    server.on("RETR", c -> {
      offset[0] = 0;
      c.ordinary();
    });
    server.on("STOR", c -> {
      int zeros = offset[0];
      offset[0] = 0;
      store(c, zeros);
    });
  }

  /** Writes behind so many zeros. */
  private static void store(Conversation c, int zeros) throws IOException {
    c.reply("150 Go on.");
    try (var data = c.openData()) {
      byte[] all = data.receiveAll();
      byte[] file = new byte[zeros + all.length];
      System.arraycopy(all, 0, file, zeros, all.length);
      c.server().file("/" + c.argument(), file);
    }
    c.reply("226 Done.");
  }

  @AfterEach
  void leave() {
    server.close();
  }

  private void takeHalf() {
    server.once("STOR", c -> {
      c.reply("150 Go on.");
      var data = c.openData();
      server.file("/" + c.argument(), data.receive(SIZE / 2));
      data.reset();
      c.reply("426 Broken.");
    });
  }

  private boolean sent(String verb) {
    return server.commands().stream().anyMatch(c -> c.startsWith(verb));
  }

  private void features(String kind) {
    if (kind.equals("none")) {
      server.on("FEAT", "502 What features?");
    } else if (kind.equals("rest")) {
      server.on("FEAT", "211-Features:", " SIZE", " MDTM", " REST", "211 End"); // not STREAM
    } else {
      server.on("FEAT", "211-Features:", " SIZE", " MDTM", "211 End");
    }
  }

  private TransferResult send(TransferOptions options) throws Exception {
    try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).pipelining(Pipelining.OFF).build())) {
      takeHalf();
      assertThrows(FtpTransferException.class, () -> ftp.put(source, "up.bin", options));
      return ftp.put(source, "up.bin", options);
    }
  }

  @ParameterizedTest
  @CsvSource({"some, true", "some, false", "rest, true", "none, true", "none, false"})
  void itIsAppendedTo(String features, boolean atomic) throws Exception {
    features(features);
    TransferOptions options = TransferOptions.defaults().resume();
    TransferResult result = send(atomic ? options.atomic() : options);
    assertEquals(SIZE / 2, result.resumedFrom());
    assertTrue(sent("APPE"));
    assertArrayEquals(content, server.content("/up.bin"));
    assertFalse(server.commands().stream().anyMatch(("REST " + SIZE / 2)::equals), server.commands().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"500 What?", "502 Not here.", "504 Not so.", "550 Appending is forbidden.", "553 Not allowed."})
  void itIsSentWholeWhereAppeIsRefused(String refusal) throws Exception {
    features("some");
    server.on("APPE", c -> {
      c.forgetData();
      c.reply(refusal);
    });
    for (TransferOptions options : new TransferOptions[] {
        TransferOptions.defaults().resume().atomic(), TransferOptions.defaults().resume()}) {
      TransferResult result = send(options);
      assertEquals(0, result.resumedFrom());
      assertArrayEquals(content, server.content("/up.bin"));
      server.remove("/up.bin");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"502 Not here.", "550 Not now.", "213 -1", "213 "})
  void itIsSentWholeWhereTheSizeOfWhatIsThereIsNotTold(String size) throws Exception {
    features("some");
    server.on("SIZE", size);
    TransferResult result = send(TransferOptions.defaults().resume().atomic());
    assertEquals(0, result.resumedFrom());
    assertFalse(sent("APPE"));
    assertArrayEquals(content, server.content("/up.bin"));
  }

  /** The server has lost a part of what it had taken: what is appended does not fit, and the sizes say so. */
  @ParameterizedTest
  @ValueSource(ints = {-1000, 1000})
  void wrongPlaceIsSeenByTheSizeAfterwards(int shift) throws Exception {
    features("some");
    server.on("APPE", c -> {
      byte[] there = server.content("/" + c.argument());
      c.reply("150 Go on.");
      try (var data = c.openData()) {
        byte[] more = data.receiveAll();
        byte[] all = Arrays.copyOf(there, there.length + shift + more.length);
        System.arraycopy(more, 0, all, there.length + shift, more.length);
        server.file("/" + c.argument(), all);
      }
      c.reply("226 Done.");
    });
    assertThrows(FtpException.class, () -> send(TransferOptions.defaults().resume().atomic()));
    assertFalse(server.exists("/up.bin"));
  }
}
