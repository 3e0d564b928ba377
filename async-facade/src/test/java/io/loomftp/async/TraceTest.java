package io.loomftp.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.loomftp.DataMode;
import io.loomftp.FtpConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The scripts whose events the original was watched with, on every server there is. Only vsftpd's words are known. */
@Timeout(60)
class TraceTest {
  /** Runs a script to the end of its session and gives what happened. */
  private static Recorder run(FtpConfig config, Consumer<AsyncFtpSession> script) throws Exception {
    Recorder recorder = new Recorder();
    try (AsyncFtp ftp = AsyncFtp.create()) {
      ftp.on("all", recorder);
      AsyncFtpSession s = ftp.session("trace", config);
      script.accept(s);
      s.connect();
      s.ended().get(30, TimeUnit.SECONDS);
    }
    recorder.check();
    return recorder;
  }

  /** Compares a trace with a text block; {@code ...} in it stands for anything. */
  private static void assertTrace(String expected, List<String> trace) {
    List<String> lines = expected.lines().toList();
    for (int i = 0; i < Math.min(lines.size(), trace.size()); i++) {
      StringBuilder pattern = new StringBuilder();
      for (String part : lines.get(i).split("\\.\\.\\.", -1)) {
        pattern.append(pattern.isEmpty() ? "" : ".*").append(Pattern.quote(part));
      }
      assertTrue(trace.get(i).matches(pattern.toString()), lines.get(i) + " expected, in " + trace);
    }
    assertEquals(lines.size(), trace.size(), () -> String.join("\n", trace));
  }

  /** Other servers use other words: names and arguments are the same, and so is whether there is a code. */
  private static List<String> shape(List<FtpEvent> events) {
    List<String> lines = new ArrayList<>();
    for (FtpEvent event : events) {
      String line = event.name() + (event.argument().isEmpty() ? "" : " " + event.argument());
      if (!event.name().equals("get_data") || !lines.getLast().equals(line)) {
        lines.add(line);
      }
    }
    return lines;
  }

  private static void simpleCommands(AsyncFtpSession s) {
    s.on(
        "authenticated",
        e -> {
          for (String command : List.of("pwd", "syst", "noop", "type I", "cd up", "pwd", "cdup", "mkdir newdir", "mkdir newdir",
              "rmdir newdir",
              "rmdir newdir", "size s.bin", "size nosuch", "mdtm s.bin", "stat", "site HELP", "cd nosuch", "quit")) {
            String[] words = command.split(" ", 2);
            if (words.length == 1) {
              s.post(words[0]);
            } else {
              s.post(words[0], words[1]);
            }
          }
        });
  }

  @Test
  void simpleCommandsGiveTheOriginalsTraceOnVsftpd() throws Exception {
    try (Place place = Place.Kind.VSFTPD.start()) {
      assertTrace(
          """
          connected(220 | (vsFTPd ...))
          authenticated(230 | Login successful.)
          pwd(257 | "/" is the current directory | undef)
          syst(215 | UNIX Type: L8 | undef)
          noop(200 | NOOP ok. | undef)
          type(200 | Switching to Binary mode. | I)
          cd(250 | Directory successfully changed. | up)
          pwd(257 | "/up" is the current directory | undef)
          cdup(250 | Directory successfully changed. | undef)
          mkdir(257 | "/newdir" created | newdir)
          mkdir_error(550 | Create directory operation failed. | newdir)
          rmdir(250 | Remove directory operation successful. | newdir)
          rmdir_error(550 | Remove directory operation failed. | newdir)
          size(213 | 65536 | s.bin)
          size_error(550 | Could not get file size. | nosuch)
          mdtm(213 | 20260102030405 | s.bin)
          stat(211 | FTP server status:\\n     Connected to ...\\n     Logged in as ... | undef)
          site(214 | CHMOD UMASK HELP | HELP)
          cd_error(550 | Failed to change directory. | nosuch)
          quit(221 | Goodbye. | undef)
          """,
          run(place.config(), TraceTest::simpleCommands).trace());
    }
  }

  @ParameterizedTest
  @EnumSource(Place.Kind.class)
  void simpleCommandsGiveTheSameEventsEverywhere(Place.Kind kind) throws Exception {
    try (Place place = kind.start()) {
      assertEquals(
          List.of("connected", "authenticated", "pwd", "syst", "noop", "type I", "cd up", "pwd", "cdup", "mkdir newdir",
              "mkdir_error newdir", "rmdir newdir", "rmdir_error newdir", "size s.bin", "size_error nosuch", "mdtm s.bin",
              "stat", "site HELP", "cd_error nosuch", "quit"),
          shape(run(place.config(), TraceTest::simpleCommands).events()));
    }
  }

  private static void download(AsyncFtpSession s) {
    s.on(
        "authenticated",
        e -> {
          s.post("type", "I");
          s.post("get", "s.bin");
          s.post("get", "nosuch");
          s.post("size", "s.bin");
          s.post("quit");
        });
  }

  @Test
  void downloadGivesTheOriginalsTraceOnVsftpd() throws Exception {
    try (Place place = Place.Kind.VSFTPD.start()) {
      assertTrace(
          """
          connected(220 | (vsFTPd ...))
          authenticated(230 | Login successful.)
          type(200 | Switching to Binary mode. | I)
          get_connected(s.bin)
          get_server(s.bin)
          get_data(...)
          get_done(s.bin)
          get_connected(nosuch)
          get_error(550 | Failed to open file. | nosuch)
          size(213 | 65536 | s.bin)
          quit(221 | Goodbye. | undef)
          """,
          run(place.config(), TraceTest::download).trace());
    }
  }

  @ParameterizedTest
  @EnumSource(Place.Kind.class)
  void downloadGivesTheSameEventsEverywhere(Place.Kind kind) throws Exception {
    try (Place place = kind.start()) {
      List<String> shape = new ArrayList<>(shape(run(place.config(), TraceTest::download).events()));
      shape.remove("get_connected nosuch"); // a server may refuse before the data connection is up
      assertEquals(
          List.of("connected", "authenticated", "type I", "get_connected s.bin", "get_server s.bin", "get_data s.bin",
              "get_done s.bin", "get_error nosuch", "size s.bin", "quit"),
          shape);
    }
  }

  @ParameterizedTest
  @EnumSource(Place.Kind.class)
  void everyByteArrivesInBlocksOfTheSizeAskedFor(Place.Kind kind) throws Exception {
    try (Place place = kind.start()) {
      Recorder recorder =
          run(
              place.config(),
              s -> {
                s.post("blocksize", 10240);
                download(s);
              });
      List<Integer> sizes =
          recorder.events().stream()
              .filter(e -> e instanceof FtpEvent.Data)
              .map(e -> ((FtpEvent.Data) e).block().remaining())
              .toList();
      assertEquals(Place.BINARY, sizes.stream().mapToInt(n -> n).sum());
      assertTrue(sizes.stream().allMatch(n -> n > 0 && n <= 10240), () -> sizes.toString());
    }
  }

  private static void listing(AsyncFtpSession s) {
    s.on(
        "authenticated",
        e -> {
          s.post("ls", "small");
          s.post("dir", "small");
          s.post("quit");
        });
  }

  @Test
  void listingsGiveTheOriginalsTraceOnVsftpd() throws Exception {
    try (Place place = Place.Kind.VSFTPD.start()) {
      assertTrace(
          """
          connected(220 | (vsFTPd ...))
          authenticated(230 | Login successful.)
          ls_connected(small)
          ls_server(small)
          ls_data(-rw-r--r-- ... 2 ... a.txt | small)
          ls_data(drwxr-xr-x ... sub | small)
          ls_done(small)
          dir_connected(small)
          dir_server(small)
          dir_data(small/a.txt | small)
          dir_data(small/sub | small)
          dir_done(small)
          quit(221 | Goodbye. | undef)
          """,
          run(place.config(), TraceTest::listing).trace());
    }
  }

  @ParameterizedTest
  @EnumSource(Place.Kind.class)
  void listingsGiveTheSameEventsEverywhere(Place.Kind kind) throws Exception {
    try (Place place = kind.start()) {
      assertEquals(
          List.of("connected", "authenticated", "ls_connected small", "ls_server small", "ls_data small", "ls_data small",
              "ls_done small", "dir_connected small", "dir_server small", "dir_data small", "dir_data small",
              "dir_done small", "quit"),
          shape(run(place.config(), TraceTest::listing).events()));
    }
  }

  private static void upload(AsyncFtpSession s) {
    s.on("authenticated", e -> s.post("put", "a.txt"));
    s.on(
        "put_connected",
        e -> {
          s.post("put_data", "hello");
          s.post("put_data", "world!!");
          s.post("put_close");
        });
    s.on(
        "put_closed",
        e -> {
          s.post("size", "a.txt");
          s.post("rename", "a.txt", "b.txt");
          s.post("quit");
        });
  }

  @Test
  void uploadGivesTheOriginalsTraceOnVsftpdWithoutItsFaults() throws Exception {
    try (Place place = Place.Kind.VSFTPD.start()) {
      assertTrace(
          """
          connected(220 | (vsFTPd ...))
          authenticated(230 | Login successful.)
          put_connected(a.txt)
          put_server(a.txt)
          put_flushed(5 | a.txt)
          put_flushed(7 | a.txt)
          put_closed(a.txt)
          size(213 | 12 | a.txt)
          rename_partial(350 | Ready for RNTO. | a.txt)
          rename(250 | Rename successful. | b.txt)
          quit(221 | Goodbye. | undef)
          """,
          run(place.config(), TraceTest::upload).trace());
    }
  }

  @ParameterizedTest
  @EnumSource(Place.Kind.class)
  void uploadGivesTheSameEventsEverywhere(Place.Kind kind) throws Exception {
    try (Place place = kind.start()) {
      Recorder recorder = run(place.config(), TraceTest::upload);
      assertEquals(
          List.of("connected", "authenticated", "put_connected a.txt", "put_server a.txt", "put_flushed a.txt",
              "put_flushed a.txt", "put_closed a.txt", "size a.txt", "rename_partial a.txt", "rename b.txt", "quit"),
          shape(recorder.events()));
      assertTrue(recorder.trace().stream().anyMatch(line -> line.startsWith("size(213 | 12 |")), "12 bytes are there");
    }
  }

  @ParameterizedTest
  @EnumSource(Place.Kind.class)
  void refusedUploadIsNeverClosedWell(Place.Kind kind) throws Exception {
    try (Place place = kind.start()) {
      Recorder recorder =
          run(
              place.config(),
              s -> {
                s.on("authenticated", e -> s.post("put", "/nosuchdir/a.txt"));
                s.on(
                    "put_connected",
                    e -> {
                      s.post("put_data", "hello");
                      s.post("put_close");
                    });
                s.on(
                    "put_error",
                    e -> {
                      s.post("pwd");
                      s.post("quit");
                    });
              });
      List<String> shape = new ArrayList<>(shape(recorder.events()));
      shape.removeAll(List.of("put_connected /nosuchdir/a.txt", "put_flushed /nosuchdir/a.txt", "put_server /nosuchdir/a.txt"));
      assertEquals(List.of("connected", "authenticated", "put_error /nosuchdir/a.txt", "pwd", "quit"), shape);
      FtpEvent refused = recorder.events().stream().filter(e -> e.name().equals("put_error")).findFirst().orElseThrow();
      assertEquals(5, refused.code() / 100, refused::toString);
    }
  }

  @ParameterizedTest
  @EnumSource(Place.Kind.class)
  void wrongPasswordIsFollowedByTheRightOne(Place.Kind kind) throws Exception {
    try (Place place = kind.start()) {
      String user = place.config().credentials().orElseThrow().user();
      String right = new String(place.config().credentials().orElseThrow().password());
      assumeTrue(!user.equals("anonymous"), "anonymous has no wrong password");
      Recorder recorder =
          run(
              place.config().toBuilder().credentials(user, "wrong").build(),
              s -> {
                s.on("login_error", e -> s.post("login", user, right));
                s.on("authenticated", e -> s.post("quit"));
              });
      assertEquals(List.of("connected", "login_error", "authenticated", "quit"), recorder.names());
      assertEquals(530, recorder.events().get(1).code());
      assertEquals(230, recorder.events().get(2).code());
    }
  }

  @Test
  void refusedConnectionHasTheErrorOfTheSystemAndConnectMayBeCalledAgain() throws Exception {
    int port = freePort();
    List<String> trace = new ArrayList<>();
    try (AsyncFtp ftp = AsyncFtp.create()) {
      Recorder recorder = new Recorder();
      AsyncFtpSession s = ftp.session("x", FtpConfig.builder("127.0.0.1").port(port).anonymous().build());
      s.on("all", recorder);
      s.connect().handle((reply, refused) -> s.post("connect")).get(10, TimeUnit.SECONDS).handle((a, b) -> b).get();
      recorder.check();
      trace.addAll(recorder.trace());
    }
    assertEquals(List.of("connect_error(111 | Connection refused)", "connect_error(111 | Connection refused)"),
        trace);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @ParameterizedTest
  @EnumSource(Place.Kind.class)
  void activeModeGivesTheSameEventsInItsOwnOrder(Place.Kind kind) throws Exception {
    try (Place place = kind.start()) {
      Recorder recorder =
          run(
              place.config().toBuilder().dataMode(DataMode.active()).build(),
              s -> s.on(
                  "authenticated",
                  e -> {
                    s.post("get", "s.bin");
                    s.post("mode", "passive");
                    s.post("get", "s.bin");
                    s.post("quit");
                  }));
      List<String> shape = new ArrayList<>(shape(recorder.events()));
      assertTrue(shape.subList(2, 4).containsAll(List.of("get_connected s.bin", "get_server s.bin")), shape::toString);
      assertEquals(
          List.of("get_data s.bin", "get_done s.bin", "get_connected s.bin", "get_server s.bin", "get_data s.bin",
              "get_done s.bin", "quit"),
          shape.subList(4, shape.size()));
    }
  }
}
