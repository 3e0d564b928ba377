package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.ScriptedServer;
import java.io.ByteArrayInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Settings that change while a session is open, and the raw lines of listings. */
@Timeout(60)
class LiveSettingsTest {
  @Test
  void adoptedSettingsCountFromTheNextVerbOn() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "one\ntwo\n");
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      try (FtpInputStream in = ftp.get("a")) {
        assertEquals(8, in.readAllBytes().length);
      }
      ftp.adopt(
          ftp.config().toBuilder().dataMode(DataMode.active()).transferType(TransferType.ASCII).build());
      try (FtpInputStream in = ftp.get("a")) {
        assertEquals("one\ntwo\n", new String(in.readAllBytes(), StandardCharsets.US_ASCII));
      }
      List<String> said = server.commands();
      assertTrue(said.indexOf("TYPE A") > said.indexOf("TYPE I"), said::toString);
      assertEquals(1, said.stream().filter(command -> command.startsWith("EPRT")).count(), said::toString);
    }
  }

  @Test
  void rawLinesComeAsTheServerWroteThem() {
    byte[] text = "total 2\r\n-rw-r--r--  a \r\n\nb\u00e9".getBytes(StandardCharsets.UTF_8);
    FtpConfig config = FtpConfig.builder("example.org").build();
    List<String> lines = new ArrayList<>();
    Listing.lines(new ByteArrayInputStream(text), config).forEachRemaining(lines::add);
    assertEquals(List.of("total 2", "-rw-r--r--  a ", "b\u00e9"), lines.stream().filter(l -> !l.isEmpty()).toList());
  }

  @Test
  void rawLinesHaveABound() {
    FtpConfig config =
        FtpConfig.builder("example.org").limits(Limits.defaults().withListingEntries(2)).build();
    Iterator<String> lines =
        Listing.lines(new ByteArrayInputStream("a\nb\nc\n".getBytes(StandardCharsets.US_ASCII)), config);
    assertEquals("a", lines.next());
    assertEquals("b", lines.next());
    assertThrows(UncheckedIOException.class, lines::next);
  }
}
