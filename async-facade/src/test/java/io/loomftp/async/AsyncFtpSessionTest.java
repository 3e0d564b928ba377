package io.loomftp.async;

import static io.loomftp.async.Ends.failure;
import static io.loomftp.async.Ends.get;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpClosedException;
import io.loomftp.FtpConfig;
import io.loomftp.FtpEntry;
import io.loomftp.FtpLocalException;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpTlsException;
import io.loomftp.Overwrite;
import io.loomftp.Timeouts;
import io.loomftp.TlsPolicy;
import io.loomftp.TransferOptions;
import io.loomftp.TransferResult;
import io.loomftp.testkit.Certificates;
import io.loomftp.testkit.ScriptedServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The behaviour of the facade beyond the traces, on a correct server. */
@Timeout(60)
class AsyncFtpSessionTest {
  @TempDir Path folder;

  private final ScriptedServer server = ScriptedServer.start().file("/s.bin", new byte[200_000]).file("/a.txt", "one\r\ntwo\r\n");
  private final AsyncFtp ftp = AsyncFtp.create();
  private final Recorder recorder = new Recorder();

  @AfterEach
  void rulesWereKept() {
    ftp.close();
    server.close();
    recorder.check();
  }

  private FtpConfig.Builder config() {
    return FtpConfig.builder("localhost")
        .port(server.port())
        .credentials("alice", "secret")
        .timeouts(Timeouts.of(Duration.ofSeconds(10)));
  }

  /** A session that writes down its events and is not connected. */
  private AsyncFtpSession session(String alias, FtpConfig config) {
    AsyncFtpSession s = ftp.session(alias, config);
    s.on("all", recorder);
    return s;
  }

  private AsyncFtpSession connected() throws Exception {
    AsyncFtpSession s = session("s", config().build());
    get(s.connect());
    return s;
  }

  // --- names ---

  @Test
  void unknownNamesAndWrongArgumentsFailAtOnce() {
    AsyncFtpSession s = session("s", config().build());
    assertThrows(IllegalArgumentException.class, () -> s.on("get_dat", e -> {}));
    assertThrows(IllegalArgumentException.class, () -> ftp.on("gone", e -> {}));
    assertThrows(IllegalArgumentException.class, () -> s.post("chdir", "/"));
    assertThrows(IllegalArgumentException.class, () -> s.post("cd"));
    assertThrows(IllegalArgumentException.class, () -> s.post("noop", "now"));
    assertThrows(IllegalArgumentException.class, () -> s.post("type", "E"));
    assertThrows(IllegalArgumentException.class, () -> s.post("mode", "neither"));
    assertThrows(IllegalArgumentException.class, () -> s.post("blocksize", 0));
    assertThrows(IllegalArgumentException.class, () -> s.filter("put", DataFilter.lines()));
    assertThrows(IllegalArgumentException.class, () -> s.on("size", FtpEvent.Data.class, e -> {}));
    assertThrows(IllegalArgumentException.class, () -> ftp.post("nobody", "noop"));
    assertThrows(IllegalArgumentException.class, () -> ftp.session("s", config().build()));
    assertEquals(0, server.sessions());
  }

  @Test
  void everyNameOfACommandMakesOne() {
    for (String name : FtpCommand.names()) {
      Object[] arguments =
          switch (name) {
            case "login", "rename" -> new Object[] {"one", "two"};
            case "cd", "mkdir", "rmdir", "delete", "size", "mdtm", "site", "quot", "get", "put", "append", "put_data" ->
                new Object[] {"one"};
            case "type" -> new Object[] {"A"};
            case "trans_mode" -> new Object[] {"manual"};
            case "mode", "conn_mode" -> new Object[] {"active"};
            case "blocksize", "timeout" -> new Object[] {"120"};
            default -> new Object[0];
          };
      String made = FtpCommand.of(name, arguments).name();
      assertEquals(name.equals("mode") ? "conn_mode" : name, made);
    }
  }

  @Test
  void passwordIsInNoText() {
    assertFalse(FtpCommand.of("login", "alice", "geheim").toString().contains("geheim"));
    String message =
        assertThrows(IllegalArgumentException.class, () -> FtpCommand.of("login", "alice", "geheim", "x")).getMessage();
    assertFalse(message.contains("geheim"), message);
  }

  // --- futures ---

  @Test
  void futuresChainAndGiveWhatTheCoreGives() throws Exception {
    server.directory("/pub").file("/pub/a", "12345").file("/pub/b", "1234567");
    AsyncFtpSession s = session("s", config().build());
    long total =
        get(
            s.connect()
                .thenCompose(greeting -> s.cd("/pub"))
                .thenCompose(reply -> s.list("."))
                .thenApply(rows -> rows.stream().mapToLong(row -> row.size().orElse(0)).sum()));
    assertEquals(12, total);
    assertEquals("/pub", get(s.pwd()));
    assertEquals(5L, get(s.size("a")));
    assertTrue(get(s.exists("b")));
    assertEquals("a", get(s.mlst("a")).name().substring(get(s.mlst("a")).name().lastIndexOf('/') + 1));
    assertEquals(List.of("a", "b"), get(s.names("")));
    assertTrue(get(s.features()).has("MLST"));
    assertInstanceOf(FtpReplyException.class, failure(s.cd("nosuch")));
  }

  @Test
  void connectingAConnectedSessionSendsNothing() throws Exception {
    AsyncFtpSession s = connected();
    assertEquals(220, get(s.connect()).code());
    assertEquals(1, server.sessions());
    assertEquals(List.of("connected", "authenticated"), recorder.namesUpTo("authenticated"));
  }

  @Test
  void commandBeforeConnectFailsAndConnectStillWorks() throws Exception {
    AsyncFtpSession s = session("s", config().build());
    assertInstanceOf(IllegalStateException.class, failure(s.noop()));
    assertEquals(220, get(s.connect()).code());
    assertEquals(200, get(s.noop()).code());
  }

  @Test
  void listenerMayJoinFuturesOfItsOwnSession() throws Exception {
    AsyncFtpSession s = session("s", config().build());
    CompletableFuture<String> seen = new CompletableFuture<>();
    List<String> second = Collections.synchronizedList(new ArrayList<>());
    s.on(
        "get_data",
        new java.util.function.Consumer<>() {
          private boolean asked;

          @Override
          public void accept(FtpEvent e) {
            if (!asked) {
              asked = true;
              // More data than may wait is on its way before the answer to this.
              seen.complete(s.size("a.txt").join() + s.pwd().thenApply(path -> path).join());
            }
          }
        });
    s.on("all", e -> second.add(e.name()));
    s.on("authenticated", e -> s.post("get", "big"));
    server.file("/big", new byte[8 << 20]);
    s.connect();
    assertEquals("10/", get(seen));
    get(s.quit());
    get(s.ended());
    assertEquals(recorder.names(), second);
  }

  @Test
  void listenersAndDependentsAndStreamsHaveAThreadEach() throws Exception {
    Set<String> listeners = new ConcurrentSkipListSet<>();
    Set<String> dependents = new ConcurrentSkipListSet<>();
    Set<String> streams = new ConcurrentSkipListSet<>();
    Runnable note = () -> dependents.add(Thread.currentThread().getName());
    Runnable heard = () -> listeners.add(Thread.currentThread().getName());
    Runnable moved = () -> streams.add(Thread.currentThread().getName());
    AsyncFtpSession s = session("alias", config().build());
    s.on("all", e -> heard.run());
    CompletableFuture<?> dependent =
        s.connect()
            .thenRun(note)
            .thenCompose(v -> s.get("s.bin", folder.resolve("s.bin"), state -> heard.run()))
            .thenRun(note)
            .thenCompose(v -> s.put(noting(moved), "up", state -> heard.run()))
            .thenCompose(
                v -> s.get(
                    "up",
                    new ByteArrayOutputStream() {
                      @Override
                      public void write(byte[] block, int offset, int length) {
                        moved.run();
                      }
                    }))
            .thenRun(note);
    get(dependent);
    dependents.remove(Thread.currentThread().getName()); // runs what depends on a future that is done already
    get(s.quit());
    get(s.ended());
    assertThread("ftp-events-\\d+ \\(alias\\)", listeners);
    assertThread("ftp-futures-\\d+ \\(alias\\)", dependents);
    assertThread("ftp-session-\\d+ \\(alias\\)", streams);
  }

  private static void assertThread(String pattern, Set<String> threads) {
    assertEquals(1, threads.size(), threads::toString);
    assertTrue(threads.iterator().next().matches(pattern), threads::toString);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(10, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static InputStream noting(Runnable note) {
    return new ByteArrayInputStream(new byte[100_000]) {
      @Override
      public int read(byte[] block, int offset, int length) {
        note.run();
        return super.read(block, offset, length);
      }
    };
  }

  // --- listeners ---

  @Test
  void throwingListenerAffectsNoOtherListener() throws Exception {
    AsyncFtpSession s = ftp.session("s", config().build());
    s.on(
        "all",
        e -> {
          throw new IllegalStateException("a listener of the test, on purpose");
        });
    s.on("all", recorder);
    get(s.connect());
    get(s.noop());
    assertEquals(List.of("connected", "authenticated", "noop"), recorder.namesUpTo("noop"));
  }

  @Test
  void cancelledSubscriptionReceivesNothingMore() throws Exception {
    AsyncFtpSession s = connected();
    AtomicLong heard = new AtomicLong();
    Subscription subscription = s.on("noop", FtpEvent.Completed.class, e -> heard.incrementAndGet());
    get(s.noop());
    subscription.cancel();
    subscription.cancel();
    get(s.noop());
    assertEquals(1, heard.get());
  }

  @Test
  void slowListenerDelaysOnlyItsOwnSession() throws Exception {
    CountDownLatch hold = new CountDownLatch(1);
    AsyncFtpSession slow = session("slow", config().build());
    AsyncFtpSession quick = session("quick", config().build());
    slow.on("authenticated", e -> await(hold));
    CompletableFuture<?> waiting = slow.connect();
    get(quick.connect());
    get(quick.noop());
    get(waiting); // no future waits for a listener
    hold.countDown();
  }

  @Test
  void busReceivesEventsOfAllSessionsAndPostsByAlias() throws Exception {
    Recorder all = new Recorder();
    ftp.on("all", all);
    for (int i = 0; i < 5; i++) {
      session("n" + i, config().build()).connect();
    }
    for (int i = 0; i < 5; i++) {
      get(ftp.post("n" + i, "size", "s.bin"));
    }
    all.check();
    assertEquals(5, all.events().stream().filter(e -> e.name().equals("size")).map(FtpEvent::session).distinct().count());
    assertEquals(5, ftp.sessions().size());
    AsyncFtpSession first = ftp.session("n0").orElseThrow();
    ftp.post("n0", FtpCommand.of("quit"));
    get(first.ended());
    assertTrue(ftp.session("n0").isEmpty());
    get(ftp.session("n0", config().build()).connect());
  }

  // --- transfers ---

  @Test
  void filesGoToAndFromPathsWithProgress() throws Exception {
    AsyncFtpSession s = connected();
    AtomicLong told = new AtomicLong();
    Path target = folder.resolve("t");
    assertEquals(200_000, get(s.get("s.bin", target, state -> told.set(state.bytes()))).bytes());
    get(s.noop());
    recorder.namesUpTo("noop");
    assertEquals(200_000, told.get());
    assertEquals(200_000, Files.size(target));
    Files.writeString(target, "new");
    get(s.post("put", "t", target));
    assertArrayEquals("new".getBytes(StandardCharsets.US_ASCII), server.content("/t"));
    assertEquals(
        List.of("get_connected", "get_server", "get_done", "noop", "put_connected", "put_server", "put_closed"),
        recorder.namesUpTo("put_closed").subList(2, 9));
  }

  @Test
  void filesAreMovedByOptions() throws Exception {
    AsyncFtpSession s = connected();
    AtomicLong told = new AtomicLong();
    Path target = folder.resolve("t");
    TransferOptions options =
        TransferOptions.defaults().digest("SHA-256").overwrite(Overwrite.SKIP).progress(now -> told.set(now.bytes()));
    TransferResult down = get(s.get("s.bin", target, options));
    assertEquals(64, down.digest().orElseThrow().hex().length());
    assertTrue(get(s.get("s.bin", target, options)).isSkipped());
    TransferResult up = get(s.put(target, "copy.bin", options.atomic()));
    assertEquals(down.digest(), up.digest());
    get(s.post("put", "copy.bin", target, options));
    get(s.noop());
    recorder.namesUpTo("noop");
    assertEquals(200_000, told.get());
    assertEquals(
        List.of("get_connected", "get_server", "get_done", "get_done", "put_connected", "put_server", "put_closed",
            "put_closed", "noop"),
        recorder.names().subList(2, 11));
  }

  @Test
  void streamsAreReadAndWritten() throws Exception {
    AsyncFtpSession s = connected();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    get(s.get("a.txt", out));
    assertEquals("one\r\ntwo\r\n", out.toString(StandardCharsets.US_ASCII));
    get(s.put(new ByteArrayInputStream(new byte[3_000_000]), "big"));
    assertEquals(3_000_000, server.content("/big").length);
    get(s.append(new ByteArrayInputStream(new byte[] {1}), "big"));
    assertEquals(3_000_001, server.content("/big").length);
    get(s.put(InputStream.nullInputStream(), "empty"));
    assertEquals(0, server.content("/empty").length);
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    get(s.getFrom("a.txt", 5, rest));
    assertEquals("two\r\n", rest.toString(StandardCharsets.US_ASCII));
  }

  @Test
  void sourceThatFailsTakesTheUploadBackAndKeepsTheSession() throws Exception {
    AsyncFtpSession s = connected();
    InputStream failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the disk of the test");
          }
        };
    Throwable failure = failure(s.put(failing, "half"));
    assertInstanceOf(FtpLocalException.class, failure);
    assertEquals("the disk of the test", failure.getCause().getMessage());
    get(s.noop());
    assertFalse(server.exists("/half"));
  }

  @Test
  void progressThatThrowsCallsTheTransferOff() throws Exception {
    server.file("/big", new byte[20 << 20]);
    AsyncFtpSession s = connected();
    Throwable failure =
        failure(
            s.get(
                "big",
                new ByteArrayOutputStream(),
                state -> {
                  throw new IllegalStateException("enough");
                }));
    assertInstanceOf(FtpLocalException.class, failure);
    assertEquals("enough", failure.getCause().getMessage());
    get(s.noop());
  }

  @Test
  void putDataWithNoUploadOpenFailsAndDisturbsNothing() throws Exception {
    AsyncFtpSession s = connected();
    assertInstanceOf(IllegalStateException.class, failure(s.post("put_data", "x")));
    assertInstanceOf(IllegalStateException.class, failure(s.post("put_close")));
    get(s.noop());
    assertEquals(List.of("connected", "authenticated", "noop"), recorder.namesUpTo("noop"));
  }

  @Test
  void dataPostedInOrderWithoutListenersArrivesInOrder() throws Exception {
    AsyncFtpSession s = session("s", config().sendWindow(1000).build());
    s.connect();
    s.post("put", "one");
    byte[] chunk = "0123456789".repeat(30).getBytes(StandardCharsets.US_ASCII);
    List<CompletableFuture<?>> flushed = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      flushed.add(s.post("put_data", chunk));
    }
    flushed.add(s.post("put_data", new byte[5000])); // larger than the window
    CompletableFuture<?> closed = s.post("put_close");
    s.post("put", "two");
    s.post("put_data", "second");
    get(s.post("put_close"));
    assertTrue(closed.isDone());
    assertTrue(flushed.stream().allMatch(CompletableFuture::isDone));
    assertEquals(35_000, server.content("/one").length);
    assertEquals("second", new String(server.content("/two"), StandardCharsets.US_ASCII));
  }

  @Test
  void dataForARefusedUploadDoesNotGetIntoTheNextOne() throws Exception {
    server.once("STOR", "553 Not here.");
    AsyncFtpSession s = session("s", config().build());
    s.on(
        "put_connected",
        e -> {
          for (int i = 0; i < 3; i++) {
            s.post("put_data", e.argument() + " ");
          }
          s.post("put_close");
        });
    s.connect();
    CompletableFuture<?> refused = s.post("put", "refused");
    get(s.post("put", "next"));
    assertInstanceOf(FtpReplyException.class, failure(refused));
    assertEquals("next next next ", new String(server.content("/next"), StandardCharsets.US_ASCII));
  }

  @Test
  void listenerThatFeedsOnFlushedSendsLazily() throws Exception {
    AsyncFtpSession s = session("s", config().build());
    AtomicLong left = new AtomicLong(50);
    Runnable next =
        () -> {
          if (left.getAndDecrement() > 0) {
            s.post("put_data", new byte[1000]);
          } else {
            s.post("put_close");
          }
        };
    s.on("put_connected", e -> next.run());
    s.on("put_flushed", e -> next.run());
    s.connect();
    get(s.post("put", "lazy"));
    assertEquals(50_000, server.content("/lazy").length);
  }

  @Test
  void uploadThatIsRefusedWhileItWaitsForDataIsNoticed() throws Exception {
    server.on(
        "STOR",
        c -> {
          c.reply("150 Go on.");
          c.openData().receive(1);
          c.reply("552 Full.");
        });
    AsyncFtpSession s = session("s", config().build());
    s.on("put_connected", e -> s.post("put_data", "some"));
    s.connect();
    CompletableFuture<?> refused = s.post("put", "x");
    Throwable failure = failure(refused);
    assertTrue(String.valueOf(failure.getMessage()).contains("552"), failure::toString);
    recorder.namesUpTo("put_error");
    assertEquals(552, recorder.events().getLast().code());
  }

  @Test
  void failedRenameIsNotContinued() throws Exception {
    AsyncFtpSession s = connected();
    assertInstanceOf(FtpReplyException.class, failure(s.rename("nosuch", "b")));
    get(s.noop());
    assertFalse(server.commands().contains("RNTO b"));
    assertEquals(List.of("rename_error", "noop"), recorder.namesUpTo("noop").subList(2, 4));
  }

  // --- filters ---

  @Test
  void entriesFilterGivesRows() throws Exception {
    server.directory("/pub").file("/pub/a", "12345");
    AsyncFtpSession s = connected().filter("ls", DataFilter.entries());
    List<Object> rows = new ArrayList<>();
    s.on("ls_data", FtpEvent.Data.class, e -> rows.add(e.item()));
    get(s.post("ls", "/pub"));
    assertEquals("a", assertInstanceOf(FtpEntry.class, rows.getFirst()).name());
    assertEquals(1, rows.size());
  }

  @Test
  void ownFilterGetsTheDataOnTheEventsThread() throws Exception {
    AsyncFtpSession s = connected();
    s.filter("get", (data, config) -> new java.io.BufferedReader(
        new java.io.InputStreamReader(data, StandardCharsets.US_ASCII)).lines().iterator());
    List<String> lines = new ArrayList<>();
    s.on("get_data", e -> lines.add(e.text()));
    get(s.post("get", "a.txt"));
    assertEquals(List.of("one", "two"), lines);
  }

  @Test
  void filterThatThrowsEndsTheTransferInErrorAndKeepsTheSession() throws Exception {
    server.file("/big", new byte[20 << 20]);
    AsyncFtpSession s = connected();
    s.filter(
        "get",
        (data, config) -> {
          throw new IllegalStateException("no items today");
        });
    Throwable failure = failure(s.post("get", "big"));
    assertEquals("no items today", assertInstanceOf(FtpLocalException.class, failure).getCause().getMessage());
    assertEquals("/", get(s.pwd()));
    assertEquals(List.of("get_connected", "get_server", "get_error", "pwd"), recorder.namesUpTo("pwd").subList(2, 6));
  }

  @Test
  void brokenDownloadEndsInErrorAfterTheDataThatCame() throws Exception {
    server.on(
        "RETR",
        c -> {
          c.reply("150 Here it comes.");
          c.openData().send("half of i").reset();
          c.reply("426 Broken.");
        });
    AsyncFtpSession s = connected();
    failure(s.post("get", "s.bin"));
    assertEquals("get_error", recorder.namesUpTo("get_error").getLast());
    assertEquals(426, recorder.events().getLast().code());
    get(s.noop());
  }

  // --- settings ---

  @Test
  void settingsArePostedInTurn() throws Exception {
    server.file("/unix.txt", "one\ntwo\n");
    AsyncFtpSession s = connected();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    s.post("trans_mode", "ascii");
    s.post("conn_mode", "active");
    get(s.get("unix.txt", text));
    s.post("mode", "passive");
    s.post("trans_mode", "manual");
    s.post("timeout", 7);
    get(s.get("a.txt", new ByteArrayOutputStream()));
    assertEquals("one\ntwo\n", text.toString(StandardCharsets.US_ASCII));
    List<String> sent = server.commands();
    assertTrue(sent.contains("TYPE A"), sent::toString);
    assertFalse(sent.contains("TYPE I"), sent::toString);
    assertEquals(1, sent.stream().filter(c -> c.startsWith("EPRT")).count(), sent::toString);
    assertEquals(1, sent.stream().filter(c -> c.startsWith("EPSV")).count(), sent::toString);
  }

  // --- ends ---

  @Test
  void closeFailsEverythingOutstandingWithTheReason() throws Exception {
    AsyncFtpSession s = connected();
    CompletableFuture<?> running = s.upload("x", subscriber -> {}); // a publisher that never says a word
    CompletableFuture<?> waiting = s.noop();
    server.awaitCommand("STOR");
    s.close();
    s.close();
    assertInstanceOf(FtpClosedException.class, failure(running));
    assertInstanceOf(FtpClosedException.class, failure(waiting));
    get(s.ended());
    assertInstanceOf(FtpClosedException.class, failure(s.noop()));
    assertEquals(List.of("put_error", "closed"), recorder.names().subList(recorder.names().size() - 2, recorder.names().size()));
  }

  @Test
  void closeOfAnIdleSessionSaysGoodBye() throws Exception {
    AsyncFtpSession s = connected();
    s.close();
    get(s.ended());
    server.awaitCommand("QUIT");
    assertEquals("closed(close() was called)", recorder.trace().getLast());
  }

  @Test
  void nothingComesAfterQuit() throws Exception {
    AsyncFtpSession s = connected();
    CompletableFuture<?> quit = s.quit();
    CompletableFuture<?> late = s.noop();
    get(quit);
    assertInstanceOf(FtpClosedException.class, failure(late));
    get(s.ended());
    assertEquals("quit", recorder.names().getLast());
  }

  @Test
  void serverThatHangsUpEndsTheSessionWithAReason() throws Exception {
    AsyncFtpSession s = connected();
    server.on("NOOP", "421 Too long.");
    assertInstanceOf(FtpClosedException.class, failure(s.noop()));
    get(s.ended());
    assertEquals(List.of("noop_error", "closed"), recorder.names().subList(2, 4));
    assertEquals(421, recorder.events().get(2).code());
  }

  @Test
  void tlsRefusedIsAConnectError() throws Exception {
    server.on("AUTH", "534 No.");
    FtpConfig config = config().tls(TlsPolicy.explicit().withContext(Certificates.trusting())).build();
    AsyncFtpSession s = session("s", config);
    assertInstanceOf(FtpTlsException.class, failure(s.connect()));
    recorder.namesUpTo("connect_error");
    assertEquals(List.of("connect_error(534 | No.)"), recorder.trace());
    assertFalse(server.commands().stream().anyMatch(c -> c.startsWith("USER")));
  }

  // --- calling off ---

  @Test
  void commandCancelledBeforeItStartsIsNeverSent() throws Exception {
    CountDownLatch hold = new CountDownLatch(1);
    server.onConnect(
        c -> {
          await(hold);
          c.reply("220 Now.");
        });
    AsyncFtpSession s = session("s", config().build());
    CompletableFuture<?> connecting = s.connect();
    CompletableFuture<?> dropped = s.delete("s.bin");
    assertTrue(dropped.cancel(true));
    hold.countDown();
    get(connecting);
    get(s.noop());
    assertThrows(CancellationException.class, dropped::join);
    assertFalse(server.commands().contains("DELE s.bin"));
  }

  @Test
  void orTimeoutCallsADownloadOffAndKeepsTheSession() throws Exception {
    CompletableFuture<String> asked = new CompletableFuture<>();
    server.on(
        "RETR",
        c -> {
          c.reply("150 Wait.");
          c.openData().send("a little");
          asked.complete(c.next().verb());
          c.reply("426 Broken off.");
          c.reply("226 Aborted.");
        });
    AsyncFtpSession s = connected();
    CompletableFuture<?> slow = s.post("get", "s.bin").orTimeout(300, TimeUnit.MILLISECONDS);
    assertInstanceOf(TimeoutException.class, failure(slow));
    assertEquals("ABOR", get(asked));
    assertEquals("/", get(s.pwd()));
    assertTrue(recorder.namesUpTo("pwd").contains("get_error"));
  }

  @Test
  void connectThatHangsIsCancelledAndMayBeTriedAgain() throws Exception {
    CountDownLatch hold = new CountDownLatch(1);
    server.onConnect(
        c -> {
          if (server.sessions() == 1) {
            await(hold);
          }
          c.reply("220 Now.");
        });
    AsyncFtpSession s = session("s", config().build());
    CompletableFuture<?> hanging = s.connect();
    server.awaitSessions(1);
    hanging.cancel(true);
    assertEquals(220, get(s.connect()).code());
    hold.countDown();
    assertEquals(List.of("connect_error", "connected", "authenticated"), recorder.namesUpTo("authenticated"));
  }
}
