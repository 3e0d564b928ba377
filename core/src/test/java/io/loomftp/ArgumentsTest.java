package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.ScriptedServer;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No argument injects a second command: every verb, every text argument, every trick. */
@Timeout(60)
class ArgumentsTest {
  private static final List<String> TRICKS =
      List.of(
          "a\rb", "a\nb", "a\r\nDELE b", "a\0b", "\r", "\n", "\0", "a\r\n", "\ud800", "a\udfffb", "\udc0a", "\udc0d",
          "\udc7f");

  /** Only where the charset is ISO 8859-1, into which they would be narrowed to line ends by careless code. */
  private static final List<String> NARROWED = List.of("\uffff", "\u010a", "\u0d0a", "\u560a", "\u2028", "\u0100");

  @TempDir Path folder;

  @FunctionalInterface
  private interface Verb {
    void call(FtpSession ftp, String argument) throws Exception;
  }

  private Map<String, Verb> verbs() throws Exception {
    Path local = Files.writeString(folder.resolve("local"), "x");
    Path target = folder.resolve("target");
    Map<String, Verb> verbs = new LinkedHashMap<>();
    verbs.put("login user", (ftp, a) -> ftp.login(Credentials.of(a, "p")));
    verbs.put("login password", (ftp, a) -> ftp.login(Credentials.of("bob", a)));
    verbs.put("login account", (ftp, a) -> ftp.login(Credentials.of("bob", "p").withAccount(a)));
    verbs.put("cd", FtpSession::cd);
    verbs.put("mkdir", FtpSession::mkdir);
    verbs.put("rmdir", FtpSession::rmdir);
    verbs.put("delete", FtpSession::delete);
    verbs.put("rename from", (ftp, a) -> ftp.rename(a, "b"));
    verbs.put("rename to", (ftp, a) -> ftp.rename("a.txt", a));
    verbs.put("size", FtpSession::size);
    verbs.put("mdtm", FtpSession::mdtm);
    verbs.put("hash", FtpSession::hash);
    verbs.put("mlst", FtpSession::mlst);
    verbs.put("exists", FtpSession::exists);
    verbs.put("list", FtpSession::list);
    verbs.put("names", FtpSession::names);
    verbs.put("walk", (ftp, a) -> ftp.walk(a, 1, EntryFilter.all()).forEach(found -> {}));
    verbs.put("glob", (ftp, a) -> ftp.glob(a + "/*"));
    verbs.put("data verb", (ftp, a) -> ftp.data("NLST" + a, ""));
    verbs.put("data argument", (ftp, a) -> ftp.data("NLST", a));
    verbs.put("mkdirs", FtpSession::mkdirs);
    verbs.put("deleteTree", FtpSession::deleteTree);
    verbs.put("previewDeleteTree", FtpSession::previewDeleteTree);
    verbs.put("getRange", (ftp, a) -> ftp.getRange(a, 1, 2));
    verbs.put("get stream", (ftp, a) -> ftp.get(a));
    verbs.put("getFrom", (ftp, a) -> ftp.getFrom(a, 1));
    verbs.put("get file", (ftp, a) -> ftp.get(a, target));
    verbs.put("get progress", (ftp, a) -> ftp.get(a, target, Progress.NONE));
    TransferOptions careful = TransferOptions.defaults().resume().atomic().overwrite(Overwrite.IF_NEWER).retry(Retry.standard());
    verbs.put("get options", (ftp, a) -> ftp.get(a, target, careful));
    verbs.put("get to stream", (ftp, a) -> ftp.get(a, OutputStream.nullOutputStream(), careful));
    verbs.put(
        "get to channel", (ftp, a) -> ftp.get(a, Channels.newChannel(OutputStream.nullOutputStream()), careful));
    verbs.put("put options", (ftp, a) -> ftp.put(local, a, careful));
    verbs.put("put from stream", (ftp, a) -> ftp.put(InputStream.nullInputStream(), a, careful));
    verbs.put(
        "put from channel", (ftp, a) -> ftp.put(Channels.newChannel(InputStream.nullInputStream()), a, careful));
    verbs.put("put stream", (ftp, a) -> ftp.put(a));
    verbs.put("put body", (ftp, a) -> ftp.put(a, out -> out.write(1)));
    verbs.put("put file", (ftp, a) -> ftp.put(local, a));
    verbs.put("put progress", (ftp, a) -> ftp.put(local, a, Progress.NONE));
    verbs.put("putFrom", (ftp, a) -> ftp.putFrom(a, 1));
    verbs.put("append", FtpSession::append);
    verbs.put("setModified", (ftp, a) -> ftp.setModified(a, Instant.EPOCH));
    verbs.put("chmod", (ftp, a) -> ftp.chmod(a, 0644));
    verbs.put("site", FtpSession::site);
    verbs.put("stat", (ftp, a) -> ftp.stat(a));
    verbs.put("quote verb", (ftp, a) -> ftp.quote("NOOP" + a));
    verbs.put("quote argument", (ftp, a) -> ftp.quote("CWD", a));
    verbs.put("quote second argument", (ftp, a) -> ftp.quote("CWD", "x", a));
    return verbs;
  }

  @Test
  void everyPublicMethodWithTextIsInTheTable() throws Exception {
    var withText =
        Arrays.stream(FtpSession.class.getMethods())
            .filter(m -> m.getDeclaringClass() == FtpSession.class)
            .filter(m -> Arrays.stream(m.getParameterTypes()).anyMatch(t -> t == String.class || t == String[].class))
            .map(java.lang.reflect.Method::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    var tried = verbs().keySet().stream().map(v -> v.split(" ")[0]).collect(Collectors.toCollection(TreeSet::new));
    tried.remove("login");
    assertEquals(withText, tried);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "ISO-8859-1"})
  void noTrickSendsAByte(String charset) throws Exception {
    boolean narrow = charset.equals("ISO-8859-1");
    try (ScriptedServer server = ScriptedServer.start().file("/a.txt", "hello").charset(Charset.forName(charset))) {
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).charset(Charset.forName(charset)).build())) {
        ftp.noop();
        byte[] before = server.received();
        for (Map.Entry<String, Verb> verb : verbs().entrySet()) {
          for (String trick : TRICKS) {
            refused(ftp, verb, trick);
          }
          if (narrow) {
            NARROWED.forEach(trick -> refused(ftp, verb, trick));
          }
          assertArrayEquals(before, server.received(), verb.getKey());
        }
        assertEquals(1, server.sessions());
        assertEquals(0, server.dataConnections());
        assertTrue(ftp.isOpen());
        ftp.noop();
        byte[] after = server.received();
        assertEquals("NOOP\r\n", new String(after, before.length, after.length - before.length, StandardCharsets.US_ASCII));
      }
      try (var left = Files.list(folder)) {
        assertEquals(List.of("local"), left.map(p -> p.getFileName().toString()).toList());
      }
    }
  }

  private static void refused(FtpSession ftp, Map.Entry<String, Verb> verb, String trick) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> verb.getValue().call(ftp, trick),
            () -> verb.getKey() + " took " + trick.codePoints().mapToObj(Integer::toHexString).toList());
    assertTrue(String.valueOf(e.getMessage()).chars().noneMatch(Character::isISOControl), e.getMessage());
  }

  @Test
  void credentialsAreLookedAtBeforeTheUserNameIsSent() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      for (Credentials bad : List.of(
          Credentials.of("alice\r\nDELE a", "x"),
          Credentials.of("alice", "hush\r\nDELE a"),
          Credentials.of("alice", "x").withAccount("hush\nDELE a"))) {
        FtpConfig config = SessionFixture.plain(server).credentials(bad).build();
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Ftp.open(config));
        assertFalse(String.valueOf(e.getMessage()).contains("hush"), e.getMessage());
      }
      assertFalse(server.commands().stream().anyMatch(c -> c.startsWith("USER") || c.startsWith("PASS")));
      server.awaitIdle();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a\r\nb", "a\0b", "\tx"})
  void aHostIsOneWord(String host) {
    assertThrows(IllegalArgumentException.class, () -> FtpConfig.builder(host));
  }

  @Test
  void interpretAsCommandIsDoubledOnTheWire() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().charset(StandardCharsets.ISO_8859_1);
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).charset(StandardCharsets.ISO_8859_1).build())) {
      byte[] before = server.received();
      assertEquals("/a\u00ffb", ftp.mkdir("/a\u00ffb"));
      byte[] after = server.received();
      assertEquals(
          "MKD /a\u00ff\u00ffb\r\n",
          new String(after, before.length, after.length - before.length, StandardCharsets.ISO_8859_1));
      assertTrue(server.exists("/a\u00ffb"));
    }
  }

  @Test
  void namesTravelUnchanged() throws Exception {
    List<String> names = List.of(" lead", "trail ", "-la", "a*b", "[x]", "~", "\"q\"", "%41", " ", "gr\u00fc\u00dfe",
        "a\\b", "\ud83d\ude00");
    try (ScriptedServer server = ScriptedServer.start();
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      for (String name : names) {
        ftp.put(name, out -> out.write(name.length()));
        assertEquals(1, ftp.size(name));
        assertEquals(name.length(), SessionFixture.text(ftp.get(name)).codePointAt(0));
      }
      assertEquals(names.stream().map(n -> "/" + n).sorted().toList(), server.paths().stream().sorted().toList());
      try (Listing rows = ftp.list()) {
        assertEquals(names.stream().sorted().toList(), rows.stream().map(FtpEntry::name).sorted().toList());
      }
    }
  }

  @Test
  void aServerThatDemandsPretGetsTheRealName() throws Exception {
    String name = "a\udce4\ud83d\ude00.txt";
    try (ScriptedServer server = ScriptedServer.start().charset(StandardCharsets.ISO_8859_1);
        FtpSession ftp = open(server.on("FEAT", "211-Features:", " PRET", "211 End").on("PRET", "200 Thanks."))) {
      assertThrows(FtpReplyException.class, () -> ftp.get(name));
      List<String> said = server.commands().stream().filter(c -> c.contains(".txt")).toList();
      String wire = new String(SessionFixture.bytes("\ud83d\ude00.txt"), StandardCharsets.ISO_8859_1);
      assertEquals(List.of("PRET RETR a\u00e4" + wire, "RETR a\u00e4" + wire), said);
    }
  }

  private static FtpSession open(ScriptedServer server) throws FtpException {
    return Ftp.open(SessionFixture.plain(server).build());
  }

  @Test
  void commandsOfTheSessionItselfCannotBeQuoted() throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        FtpSession ftp = open(server)) {
      byte[] before = server.received();
      for (String verb : List.of("USER", "pass", "QUIT", "ABOR", "REIN", "PASV", "EPSV", "PORT", "EPRT", "REST", "AUTH",
          "RETR")) {
        assertThrows(IllegalArgumentException.class, () -> ftp.quote(verb, "x"), verb);
      }
      assertArrayEquals(before, server.received());
    }
  }
}
