package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.Behaviour;
import io.loomftp.testkit.FreshProfiles;
import io.loomftp.testkit.ScriptedServer;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names in listings that no command can carry are delivered, and fail no other entry. */
@Timeout(60)
@ExtendWith(FreshProfiles.class)
class UnusableNamesTest {
  private static Behaviour listing(String lines) {
    return c -> {
      c.reply("150 Here it comes.");
      c.openData().send(lines.getBytes(StandardCharsets.ISO_8859_1)).finish();
      c.reply("226 Done.");
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\rb", "a\0b"})
  void aFolderWithSuchANameIsNotEntered(String name) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/z", "x");
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      server.once("MLSD", listing("type=dir; " + name + "\r\ntype=file; z\r\n"));
      try (Stream<WalkEntry> walk = ftp.walk("", 9, EntryFilter.all())) {
        assertEquals(List.of(name, "z"), walk.map(WalkEntry::path).toList());
      }
      assertEquals("/", ftp.pwd());
    }
  }

  @Test
  void aPathThatIsTooLongIsAFailureOfTheWalk() throws Exception {
    String name = "n".repeat(3_000);
    try (ScriptedServer server = ScriptedServer.start().file("/" + name + "/" + name + "/x", "x");
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build());
        Stream<WalkEntry> walk = ftp.walk("", 9, EntryFilter.all())) {
      UncheckedIOException e = assertThrows(UncheckedIOException.class, walk::toList);
      assertEquals(ErrorKind.LIMIT, ((FtpException) e.getCause()).kind());
      assertEquals(ErrorKind.LIMIT, assertThrows(FtpException.class, () -> ftp.deleteTree(name)).kind());
      assertTrue(server.exists("/" + name + "/" + name + "/x"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\rb", "a\0b"})
  void theZoneIsNotDetectedByAFileWithSuchAName(String name) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().on("FEAT", "211 None.");
        FtpSession ftp =
            Ftp.open(SessionFixture.plain(server).serverZone(ServerZone.detect()).build())) {
      server.on("LIST", listing("-rw-r--r-- 1 u g 1 Jan 02 10:00 " + name + "\r\n"));
      try (Listing rows = assertDoesNotThrow(() -> ftp.list(""))) {
        assertEquals(name, rows.toList().getFirst().name());
      }
    }
  }
}
