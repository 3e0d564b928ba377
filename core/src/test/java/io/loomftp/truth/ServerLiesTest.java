package io.loomftp.truth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpClosedException;
import io.loomftp.FtpException;
import io.loomftp.FtpSession;
import io.loomftp.testkit.Behaviour;
import io.loomftp.testkit.ScriptedServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A server may say anything of the size and the time of a file, or nothing: what a transfer says of its success is true all
 * the same, or it fails within its bounds, and the session is what the exception says.
 */
@Timeout(600)
class ServerLiesTest {
  private static final int SMALL = 200_000;
  private static final int LARGE = (3 << 20) + 1_234;
  private static final int USUAL_SAMPLE = 60;
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final String FOLDER = "/d";
  private static final String NAME = "f.bin";
  private static final String FILE = FOLDER + "/" + NAME;
  private static final String OTHER = "/other.bin";

  /** What is answered where a size is asked for; {@code %d} is the true one. */
  private static final List<String> SIZES =
      List.of("502 Not here.", "550 No such file.", "550 SIZE not allowed in ASCII mode.", "213 0", "213 1", "213 -1",
          "213 -9223372036854775808", "213 ", "213", "213 2147483648", "213 4294967297", "213 9007199254740993",
          "213 9223372036854775807", "213 9223372036854775808", "213 99999999999999999999999", "213 12 bytes", "213 File status",
          "213 /d/f.bin: 51", "213 0x10", "213 1.5e3", "213 200,000", "200 ok", "226 %d", "250 %d", "213 %d", "213  %d ",
          "213 %d bytes", "213-one\r\n %d\r\n213 two", "450 Busy.", "421 Going away.");

  /** The same for times. */
  private static final List<String> TIMES =
      List.of("502 Not here.", "550 No such file.", "213 20240302102030", "213 20240302102030.123", "213 20240302102031",
          "213 19700101000000", "213 20990101000000", "213 2003040a102659", "213 20200230000000", "213 19124030210203",
          "213 1240302102030", "213 00000000000000", "213 99999999999999", "213 ", "213", "213 -20240302102030",
          "253 20240302102030",
          "200 ok", "213 2024-03-02T10:20:30Z", "213 Sat Mar  2 10:20:30 2024", "213 20240302102030 /d/f.bin", "450 Busy.",
          "421 Going away.");

  /** What facts say of the file. */
  private static final List<String> FACTS =
      List.of("502 Not here.", "550 No such file.", "250-Listing\r\n type=file; /d/f.bin\r\n250 End",
          "250-Listing\r\n type=file;size=1;modify=20240302102030; /d/f.bin\r\n250 End",
          "250-Listing\r\n type=file;size=-1;modify=x; /d/f.bin\r\n250 End",
          "250-Listing\r\n type=file;size=99999999999999999999; /d/f.bin\r\n250 End",
          "250-Listing\r\n type=dir;modify=20240302102030; /d/f.bin\r\n250 End", "250 type=file;size=1; /d/f.bin",
          "213 type=file;size=1; /d/f.bin", "226 Nothing.", "250-Listing\r\n250 End");

  /** The line of the file in a listing by MLSD. */
  private static final List<String> LINES =
      List.of("type=file; f.bin", "type=file;size=1; f.bin", "type=file;size=0;modify=20240302102030; f.bin",
          "type=file;size=-5;modify=20240302102030; f.bin", "type=file;size=2147483648;modify=20240302102030; f.bin",
          "type=file;size=9007199254740993;modify=20240302102030; f.bin",
          "type=file;size=9223372036854775807;modify=20240302102030; f.bin",
          "type=file;size=99999999999999999999;modify=20240302102030; f.bin", "type=file;size=%d;modify=20240230000000; f.bin",
          "type=file;size=%d;modify=20990101000000; f.bin", "type=file;size=%d; f.bin", "size=%d;modify=20240302102030; f.bin",
          "type=file;size=x;modify=20240302102030; f.bin");

  /** The same by LIST. */
  private static final List<String> LONG_LINES =
      List.of("-rw-r--r--   1 ftp      ftp               0 Mar 02  2024 f.bin",
          "-rw-r--r--   1 ftp      ftp               1 Mar 02  2024 f.bin",
          "-rw-r--r--   1 ftp      ftp              -1 Mar 02  2024 f.bin",
          "-rw-r--r--   1 ftp      ftp      9007199254740993 Mar 02  2024 f.bin",
          "-rw-r--r--   1 ftp      ftp      99999999999999999999 Mar 02  2024 f.bin",
          "-rw-r--r--   1 ftp      ftp      %d Feb 30  2024 f.bin", "-rw-r--r--   1 ftp      ftp      %d Mar 02  2099 f.bin",
          "-rw-r--r--   1 ftp      ftp      %d Mar 02 f.bin", "03-02-24  10:20AM            %d f.bin");

  /** What is said before the data comes. */
  private static final List<String> PRELIMINARIES =
      List.of("150 Opening BINARY mode data connection for f.bin (1 bytes).",
          "150 Opening BINARY mode data connection for f.bin (0 bytes).", "150 (-1 bytes)",
          "150 Opening data connection for f.bin (9007199254740993 bytes)", "150 (99999999999999999999 bytes)",
          "125 Data connection already open; transfer starting (2147483648 bytes).", "150-Two\r\n150 lines (5 bytes)", "150 ",
          "150 12345");

  @TempDir Path folder;

  /** A lie and how it is told. */
  private record Lie(String name, boolean large, LieTold told) {}

  @FunctionalInterface
  private interface LieTold {
    void install(ScriptedServer server, byte[] file);
  }

  private static List<Lie> lies() {
    List<Lie> all = new ArrayList<>();
    Map<String, List<String>> verbs = new LinkedHashMap<>();
    verbs.put("SIZE", SIZES);
    verbs.put("MDTM", TIMES);
    verbs.put("MLST", FACTS);
    verbs.forEach((verb, answers) -> answers.forEach(answer -> {
      all.add(new Lie(verb + " " + answer, false, (server, file) -> server.on(verb, aboutTheFile(answer, file))));
      all.add(new Lie("second " + verb + " " + answer, false, (server, file) -> {
        server.once(verb, aboutTheFile("213 " + (verb.equals("SIZE") ? file.length : "20240302102030"), file));
        server.on(verb, aboutTheFile(answer, file));
      }));
    }));
    LINES.forEach(line -> all.add(new Lie("MLSD " + line, false, (server, file) -> listing(server, "MLSD", line, file))));
    LONG_LINES.forEach(line -> all.add(new Lie("LIST " + line, false, (server, file) -> {
      server.on("FEAT", "211-Features:", " SIZE", " MDTM", " REST STREAM", "211 End");
      listing(server, "LIST", line, file);
    })));
    PRELIMINARIES.forEach(line -> all.add(new Lie(line, false, (server, file) -> preliminary(server, line, file))));
    return all;
  }

  private static Behaviour aboutTheFile(String answer, byte[] file) {
    String said = answer.replace("%d", Integer.toString(file.length));
    return c -> {
      if (!c.argument().endsWith(NAME)) {
        c.ordinary();
        return;
      }
      c.reply(said.split("\r\n", -1));
      if (said.startsWith("421")) {
        c.close();
      }
    };
  }

  private static void listing(ScriptedServer server, String verb, String line, byte[] file) {
    server.on(verb, c -> {
      c.reply("150 Here.");
      c.openData().send(line.replace("%d", Integer.toString(file.length)) + "\r\n").close();
      c.reply("226 Done.");
    });
  }

  private static void preliminary(ScriptedServer server, String line, byte[] file) {
    long[] restart = new long[1];
    server.on("REST", c -> {
      restart[0] = Long.parseLong(c.argument());
      c.reply("350 There.");
    });
    server.on("RETR", c -> {
      long from = restart[0];
      restart[0] = 0;
      c.reply(line.split("\r\n", -1));
      c.openData().send(Arrays.copyOfRange(file, (int) from, file.length)).close();
      c.reply("226 Done.");
    });
  }

  @ParameterizedTest
  @EnumSource
  void aDownloadIsRightOrFailsWithinItsBounds(Fetch kind) throws Exception {
    Random random = new Random(Truth.SEED + kind.ordinal());
    Cases cases = new Cases("server lies, " + kind);
    int number = 0;
    List<Runnable> all = new ArrayList<>();
    for (Lie lie : lies()) {
      boolean shared = kind.isSegmented() && lie.name.startsWith("1"); // its REST is of one session
      if (!shared) {
        Path place = folder.resolve(Integer.toString(number++));
        all.add(() -> cases.add(lie.name, () -> down(kind, lie, place)));
      }
    }
    Truth.sample(all, USUAL_SAMPLE, random).forEach(Runnable::run);
    cases.run(4);
  }

  @ParameterizedTest
  @EnumSource
  void anUploadIsRightOrFailsWithinItsBounds(Send kind) throws Exception {
    Random random = new Random(Truth.SEED + 100 + kind.ordinal());
    Cases cases = new Cases("server lies, put " + kind);
    int number = 0;
    List<Runnable> all = new ArrayList<>();
    for (Lie lie : lies()) {
      Path place = folder.resolve(Integer.toString(number++));
      if (!lie.name.startsWith("1")) {
        all.add(() -> cases.add(lie.name, () -> up(kind, lie, place)));
      }
    }
    Truth.sample(all, USUAL_SAMPLE, random).forEach(Runnable::run);
    cases.run(4);
  }

  private static String down(Fetch kind, Lie lie, Path local) throws Exception {
    byte[] file = Truth.content(kind.isSegmented() || kind == Fetch.MIRROR ? LARGE : SMALL, Truth.SEED);
    Files.createDirectories(local);
    Path target = local.resolve(NAME);
    try (ScriptedServer server = ScriptedServer.start()) {
      server.file(FILE, file, Truth.BEFORE).file(OTHER, "abc");
      if (kind.isResumed()) {
        Parts.leave(server, kind, FOLDER, NAME, target, file.length);
      }
      lie.told.install(server, file);
      long start = System.nanoTime();
      try (Fetch.Way way = kind.open(Truth.config(server.port(), "alice", "secret"))) {
        FtpSession session = kind.isSegmented() || kind == Fetch.MIRROR ? null : way.session();
        try {
          byte[] got = way.fetch(FOLDER, NAME, target, kind.options(), new ByteArrayOutputStream());
          assertTrue(Arrays.equals(file, got), () -> "told as whole, but " + got.length + " bytes, equal up to "
              + Arrays.mismatch(got, file) + "; " + server.commands());
          assertUsable(session);
          return "whole";
        } catch (IOException e) {
          if (Files.exists(target)) {
            byte[] got = Files.readAllBytes(target);
            assertTrue(Arrays.equals(file, got), () -> "failed, and left " + got.length + " bytes: " + e);
          }
          return end(e, session);
        }
      } finally {
        assertInTime(start, server);
      }
    }
  }

  private static String up(Send kind, Lie lie, Path local) throws Exception {
    byte[] file = Truth.content(SMALL, Truth.SEED);
    Path source = Files.createDirectories(local.resolve("source")).resolve(NAME);
    Files.write(source, file);
    Files.setLastModifiedTime(source, java.nio.file.attribute.FileTime.from(Truth.BEFORE));
    byte[] old = Truth.content(777, 3);
    try (ScriptedServer server = ScriptedServer.start()) {
      server.file(FILE, old, Truth.BEFORE.minusSeconds(100_000)).file(OTHER, "abc");
      lie.told.install(server, file);
      long start = System.nanoTime();
      try (Send.Way way = kind.open(Truth.config(server.port(), "alice", "secret"))) {
        try {
          way.send(source, FOLDER, kind.options());
          byte[] got = server.content(FILE);
          boolean unchanged = kind == Send.MIRROR && lie.name.matches("(MLSD|LIST) .*") && Arrays.equals(got, old);
          assertTrue(unchanged || Arrays.equals(file, got), () -> "told as whole, but " + got.length + " bytes, equal up to "
              + Arrays.mismatch(got, file) + "; " + server.commands());
          assertUsable(way.session());
          return unchanged ? "left" : "whole";
        } catch (IOException e) {
          byte[] got = server.content(FILE);
          assertTrue(kind.isInPlace() || Arrays.equals(file, got) || Arrays.equals(old, got),
              () -> "failed, and left " + got.length + " bytes: " + e);
          return end(e, way.session());
        }
      } finally {
        assertInTime(start, server);
      }
    }
  }

  private static void assertInTime(long start, ScriptedServer server) {
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.compareTo(BOUND) < 0, () -> "took " + took + ": " + server.commands());
  }

  private static String end(IOException e, FtpSession session) throws FtpException {
    if (!(e instanceof FtpException failure)) {
      return e.getClass().getSimpleName();
    }
    if (session != null && failure.sessionUsable()) {
      assertUsable(session);
    } else if (session != null) {
      assertFalse(session.isOpen(), () -> "said to be closed: " + failure);
      assertThrows(FtpClosedException.class, session::pwd);
    }
    return failure.kind().toString();
  }

  private static void assertUsable(FtpSession session) throws FtpException {
    if (session != null) {
      assertEquals("/", session.pwd());
      assertEquals(3, session.size(OTHER));
    }
  }
}
