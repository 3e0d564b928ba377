package io.loomftp.async;

import static io.loomftp.async.Ends.failure;
import static io.loomftp.async.Ends.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.Credentials;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpConfig;
import io.loomftp.FtpEntry;
import io.loomftp.FtpLocalException;
import io.loomftp.Retry;
import io.loomftp.Timeouts;
import io.loomftp.testkit.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a listener or a dependent does, commands go on, futures complete and the end comes. */
@Timeout(60)
class ListenerFaultsTest {
  private final ScriptedServer server = ScriptedServer.start().file("/a.txt", "0123456789").file("/b.txt", "01234");
  private final AsyncFtp ftp = AsyncFtp.create();
  private final Recorder recorder = new Recorder();

  @AfterEach
  void close() {
    ftp.shutdownNow();
    server.close();
  }

  private FtpConfig.Builder config() {
    return FtpConfig.builder("localhost")
        .port(server.port())
        .credentials("alice", "secret")
        .timeouts(Timeouts.of(Duration.ofSeconds(5)));
  }

  private AsyncFtpSession session() {
    AsyncFtpSession s = ftp.session("s", config().build());
    s.on("all", recorder);
    return s;
  }

  // --- waiting inside listeners and dependents ---

  @Test
  void listenerMayWaitForTheSizeOfEachOfManyNames() throws Exception {
    List<String> names = IntStream.range(0, 500).mapToObj(i -> "f" + i).toList();
    names.forEach(name -> server.file("/" + name, name));
    AsyncFtpSession s = session();
    CountDownLatch sizes = new CountDownLatch(500);
    s.on(
        "dir_data",
        e -> {
          if (e.text().startsWith("f") && s.size(e.text()).join() == e.text().length()) {
            sizes.countDown();
          }
        });
    s.connect();
    get(s.post("dir"));
    assertTrue(sizes.await(20, TimeUnit.SECONDS), () -> sizes + " are missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"join", "get", "allOf", "anyOf", "composed", "supplied", "combined", "nested"})
  void listenerMayWaitForAnyCompositionOfFutures(String how) throws Exception {
    AsyncFtpSession s = session();
    Function<String, Long> wait =
        path -> {
          try {
            return switch (how) {
              case "join" -> s.size(path).join();
              case "get" -> s.size(path).get();
              case "allOf" -> {
                CompletableFuture<Long> one = s.size(path);
                CompletableFuture.allOf(one, s.noop()).join();
                yield one.join();
              }
              case "anyOf" -> (Long) CompletableFuture.anyOf(s.size(path)).join();
              case "composed" -> s.noop().thenCompose(reply -> s.size(path)).join();
              case "supplied" -> CompletableFuture.supplyAsync(() -> s.size(path).join()).join();
              case "combined" -> s.size(path).thenCombine(s.pwd(), (size, folder) -> size).join();
              default -> s.noop().thenApply(reply -> s.size(path).join()).join();
            };
          } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
          }
        };
    CompletableFuture<Long> seen = new CompletableFuture<>();
    s.on("authenticated", e -> seen.complete(wait.apply("a.txt")));
    s.connect();
    assertEquals(10, get(seen));
    assertEquals(5, get(CompletableFuture.supplyAsync(() -> wait.apply("b.txt"))));
    get(s.quit());
    get(s.ended());
    assertEquals("quit", recorder.names().getLast());
  }

  @Test
  void dependentMayWaitForAnotherFutureOfTheSession() throws Exception {
    AsyncFtpSession s = session();
    CompletableFuture<Long> size = s.connect().thenApply(greeting -> s.size("a.txt").join() + s.size("b.txt").join());
    assertEquals(15, get(size));
  }

  @Test
  void waitForTheEndInAListenerFailsAtOnceOrDoesNotHoldTheEndUp() throws Exception {
    AsyncFtpSession s = session();
    CompletableFuture<Throwable> refused = new CompletableFuture<>();
    CountDownLatch composed = new CountDownLatch(1);
    s.on("authenticated", e -> refused.complete(assertThrows(IllegalStateException.class, () -> s.ended().join())));
    s.on(
        "noop",
        e -> {
          CompletableFuture.allOf(s.ended()).join();
          composed.countDown();
        });
    s.connect();
    s.noop();
    s.quit();
    assertTrue(get(refused).getMessage().contains("end of its own session"));
    get(s.ended());
    assertTrue(composed.await(10, TimeUnit.SECONDS));
  }

  @Test
  void stuckListenerHoldsUpNoFutureAndCloseEndsEverything() throws Exception {
    AsyncFtpSession s = session();
    CountDownLatch never = new CountDownLatch(1);
    s.on(
        "authenticated",
        e -> {
          try {
            never.await();
          } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
          }
        });
    get(s.connect());
    assertEquals("/", get(s.pwd()));
    CompletableFuture<?> upload = s.put("x");
    CompletableFuture<?> behind = s.size("a.txt");
    s.close();
    assertInstanceOf(FtpClosedException.class, failure(upload));
    assertInstanceOf(FtpClosedException.class, failure(behind));
    never.countDown();
    get(s.ended());
  }

  @Test
  void filterThatWaitsForItsOwnSessionFailsAtOnce() throws Exception {
    AsyncFtpSession s = session();
    s.filter("get", (data, config) -> List.of(s.pwd().join()).iterator());
    get(s.connect());
    Throwable failure = failure(s.post("get", "a.txt"));
    assertInstanceOf(FtpLocalException.class, failure);
    assertInstanceOf(IllegalStateException.class, failure.getCause());
    assertEquals("/", get(s.pwd()));
  }

  @Test
  void listenersThatTakeNoDataEndTheTransferAndNotTheSession() throws Exception {
    server.file("/big", new byte[8 << 20]);
    AsyncFtpSession s =
        ftp.session("s", config().timeouts(Timeouts.of(Duration.ofMillis(500))).build());
    CountDownLatch hold = new CountDownLatch(1);
    s.once(
        "get_data",
        e -> {
          try {
            assertTrue(hold.await(30, TimeUnit.SECONDS));
          } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
          }
        });
    get(s.connect());
    Throwable failure = failure(s.post("get", "big"));
    assertTrue(failure.getMessage().contains("took no data"), failure::toString);
    assertEquals("/", get(s.pwd()));
    hold.countDown();
  }

  // --- listeners that throw ---

  private static final class Unprintable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no message");
    }

    @Override
    public String toString() {
      throw new IllegalStateException("no text");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"connected", "authenticated", "noop", "quit", "all"})
  void listenerThatThrowsDelaysNoEnd(String event) throws Exception {
    AsyncFtpSession s = session();
    s.on(
        event,
        e -> {
          throw new Unprintable();
        });
    s.connect();
    s.noop();
    s.quit();
    get(s.ended());
    assertEquals(List.of("connected", "authenticated", "noop", "quit"), recorder.names());
  }

  @Test
  void handlerReceivesWhatListenersThrow() throws Exception {
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    ftp.onListenerError((event, thrown) -> seen.add("bus " + event.name() + " " + thrown.getMessage()));
    AsyncFtpSession s = session();
    s.on(
        "noop",
        e -> {
          throw new IllegalStateException("first");
        });
    get(s.connect());
    get(s.noop());
    recorder.namesUpTo("noop");
    s.onListenerError((event, thrown) -> seen.add("session " + event.name() + " " + thrown.getMessage()));
    get(s.noop());
    get(s.quit());
    get(s.ended());
    assertEquals(List.of("bus noop first", "session noop first"), seen);
  }

  @Test
  void uploadWhoseFeedingListenerThrowsIsCalledOff() throws Exception {
    AsyncFtpSession s = session();
    s.onListenerError((event, thrown) -> {});
    s.on(
        "put_connected",
        e -> {
          s.post("put_data", "some");
          throw new IllegalStateException("no more data");
        });
    get(s.connect());
    Throwable failure = failure(s.post("put", "up"));
    assertInstanceOf(FtpLocalException.class, failure);
    assertEquals("no more data", failure.getCause().getMessage());
    assertEquals("/", get(s.pwd()));
    assertTrue(server.paths().stream().noneMatch(name -> name.contains("up")), () -> server.paths().toString());
  }

  // --- ends ---

  @Test
  void endComesAlsoWhenTheConnectionFails() throws Exception {
    server.close();
    AsyncFtpSession s = session();
    CompletableFuture<?> connect = s.connect();
    CompletableFuture<?> held = s.cd("x");
    s.quit();
    get(s.ended());
    assertTrue(connect.isCompletedExceptionally() && held.isCompletedExceptionally());
    assertEquals("connect_error", recorder.names().getFirst());
  }

  @Test
  void dataThatCrossesTheCloseOfItsUploadFails() throws Exception {
    AsyncFtpSession s = session();
    get(s.connect());
    CompletableFuture<?> upload = s.post("put", "x");
    get(s.post("put_data", "abc"));
    s.post("put_close");
    CompletableFuture<?> late = s.post("put_data", "late");
    get(upload);
    assertInstanceOf(IllegalStateException.class, failure(late));
    assertEquals("abc", new String(server.content("/x"), StandardCharsets.US_ASCII));
  }

  // --- held commands ---

  @Test
  void commandsAreHeldAcrossARefusedLogin() throws Exception {
    AsyncFtpSession s = ftp.session("s", config().credentials("alice", "wrong").build());
    server.user("alice", "secret");
    s.on("all", recorder);
    s.on("login_error", e -> s.post("login", "alice", "secret"));
    s.connect();
    s.post("noop");
    s.post("pwd");
    s.post("quit");
    get(s.ended());
    assertEquals(List.of("connected", "login_error", "authenticated", "noop", "pwd", "quit"), recorder.names());
  }

  @Test
  void commandsAreHeldAcrossAFailedConnect() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    server.onConnect(c -> c.reply(connections.incrementAndGet() == 1 ? "421 Not now." : "220 Welcome."));
    AsyncFtpSession s = session();
    s.on("connect_error", e -> s.connect());
    s.connect();
    CompletableFuture<?> held = s.post("pwd");
    get(held);
    get(s.quit());
    get(s.ended());
    assertEquals(List.of("connect_error", "connected", "authenticated", "pwd", "quit"), recorder.names());
  }

  @Test
  void heldCommandsFailWhenNobodyListensToTheFailure() throws Exception {
    server.close();
    AsyncFtpSession s = AsyncFtp.session(config().build());
    CompletableFuture<?> connect = s.connect();
    CompletableFuture<?> held = s.pwd();
    assertEquals(failure(connect), failure(held));
    s.close();
    get(s.ended());
  }

  // --- arguments ---

  @Test
  void wrongArgumentsAreNamed() {
    AsyncFtpSession s = session();
    assertTrue(assertThrows(IllegalArgumentException.class, () -> s.post("cd", (Object) null)).getMessage().contains("'cd'"));
    assertThrows(IllegalArgumentException.class, () -> s.post("blocksize", 5_000_000_000L));
    assertThrows(IllegalArgumentException.class, () -> s.post("blocksize", "many"));
    assertEquals(new FtpCommand.Simple("site", "CHMOD 644 a"), FtpCommand.of("site", "CHMOD", "644", "a"));
    assertEquals(new FtpCommand.Ls("-a sub"), FtpCommand.of("ls", "-a", "sub"));
    assertEquals(new FtpCommand.Dir("-a sub"), FtpCommand.of("dir", "-a", "sub"));
  }

  // --- listeners by type, once, items, executors ---

  @Test
  void listenersByTypeAndOnceAndClosed() throws Exception {
    AsyncFtpSession s = session();
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    s.on(FtpEvent.Failed.class, e -> seen.add("failed " + e.name()));
    s.once("noop", e -> seen.add("once"));
    try (Subscription gone = s.on("noop", e -> seen.add("closed"))) {
      assertTrue(gone != null);
    }
    s.connect();
    s.noop();
    s.noop();
    s.size("nosuch");
    get(s.quit());
    get(s.ended());
    assertEquals(List.of("once", "failed size_error"), seen);
  }

  @Test
  void itemsComeWithTheirType() throws Exception {
    AsyncFtpSession s = session();
    List<String> names = Collections.synchronizedList(new ArrayList<>());
    s.filter("ls", DataFilter.entries());
    s.onItem("ls_data", FtpEntry.class, entry -> names.add(entry.name()));
    s.connect();
    get(s.post("ls"));
    get(s.quit());
    get(s.ended());
    assertTrue(names.containsAll(List.of("a.txt", "b.txt")), names::toString);
  }

  @Test
  void listenersRunOnTheExecutorInOrder() throws Exception {
    try (ExecutorService one = Executors.newSingleThreadExecutor(task -> new Thread(task, "window"));
        AsyncFtp windowed = AsyncFtp.create(one)) {
      AsyncFtpSession s = windowed.session("w", config().build());
      List<String> seen = Collections.synchronizedList(new ArrayList<>());
      s.on("all", e -> seen.add(e.name() + " on " + Thread.currentThread().getName()));
      CompletableFuture<Long> size = new CompletableFuture<>();
      s.on("authenticated", e -> size.complete(s.size("a.txt").join()));
      s.connect();
      s.noop();
      assertEquals(10, get(size));
      get(s.quit());
      get(s.ended());
      assertEquals(
          List.of("connected on window", "authenticated on window", "noop on window", "size on window", "quit on window"), seen);
    }
  }

  @Test
  void entriesArePublishedOnDemand() throws Exception {
    AsyncFtpSession s = session();
    get(s.connect());
    List<String> names = Collections.synchronizedList(new ArrayList<>());
    CompletableFuture<Void> end = new CompletableFuture<>();
    s.entries("").subscribe(
        new Flow.Subscriber<FtpEntry>() {
          private Flow.Subscription subscription;

          @Override
          public void onSubscribe(Flow.Subscription offered) {
            subscription = offered;
            offered.request(1);
          }

          @Override
          public void onNext(FtpEntry entry) {
            names.add(entry.name());
            subscription.request(1);
          }

          @Override
          public void onError(Throwable reason) {
            end.completeExceptionally(reason);
          }

          @Override
          public void onComplete() {
            end.complete(null);
          }
        });
    get(end);
    assertTrue(names.containsAll(List.of("a.txt", "b.txt")), names::toString);
  }

  @Test
  void dependentsOfTheWholeCancelTheCommand() throws Exception {
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
    AsyncFtpSession s = session();
    get(s.connect());
    FtpFuture<?> slow = (FtpFuture<?>) s.post("get", "a.txt");
    CompletableFuture<?> dependent = slow.whole().thenApply(result -> result);
    CompletableFuture<?> free = slow.thenApply(result -> result);
    free.cancel(true);
    recorder.namesUpTo("get_data");
    dependent.cancel(true);
    assertEquals("ABOR", get(asked));
    assertEquals("/", get(s.pwd()));
  }

  @Test
  void lostConnectionIsEstablishedAgainOnRequest() throws Exception {
    AtomicInteger noops = new AtomicInteger();
    server.on(
        "NOOP",
        c -> {
          if (noops.incrementAndGet() == 1) {
            c.close();
          } else {
            c.reply("200 Ok.");
          }
        });
    AsyncFtpSession s = session();
    s.reconnect(new Retry(3, Duration.ofSeconds(10), Duration.ofMillis(10), Duration.ofMillis(50)));
    get(s.connect());
    CompletableFuture<?> lost = s.noop();
    CompletableFuture<?> held = s.noop();
    failure(lost);
    get(held);
    get(s.quit());
    get(s.ended());
    assertEquals(
        List.of("connected", "authenticated", "noop_error", "closed", "connected", "authenticated", "noop", "quit"),
        recorder.names());
    assertNull(get(s.ended()));
  }

  @Test
  void refusedLoginIsNotRepeatedByReconnecting() throws Exception {
    AtomicInteger logins = new AtomicInteger();
    server.on("NOOP", c -> c.close());
    server.on("PASS", c -> c.reply(logins.incrementAndGet() == 1 ? "230 Welcome." : "530 Not any more."));
    AsyncFtpSession s = session();
    s.reconnect(new Retry(5, Duration.ofSeconds(10), Duration.ofMillis(10), Duration.ofMillis(50)));
    get(s.connect());
    failure(s.noop());
    get(s.ended());
    assertEquals(List.of("connected", "authenticated", "noop_error", "closed", "connected", "login_error", "closed"),
        recorder.names());
    assertEquals(2, logins.get());
    server.awaitIdle();
  }

  @Test
  void reconnectingLogsInAsBefore() throws Exception {
    List<String> users = new CopyOnWriteArrayList<>();
    server.on("USER", c -> {
      users.add(c.argument());
      c.ordinary();
    });
    server.once("NOOP", c -> c.close());
    AsyncFtpSession s = ftp.session(
        "other", FtpConfig.builder("localhost").port(server.port()).timeouts(Timeouts.of(Duration.ofSeconds(5))).build());
    s.reconnect(new Retry(3, Duration.ofSeconds(10), Duration.ofMillis(10), Duration.ofMillis(50)));
    get(s.connect());
    get(s.login(Credentials.of("alice", "secret")));
    failure(s.noop());
    get(s.noop());
    get(s.quit());
    assertEquals(List.of("alice", "alice"), users);
  }

  @Test
  void quitEndsReconnecting() throws Exception {
    server.on("NOOP", c -> c.close());
    AsyncFtpSession s = session();
    s.reconnect(new Retry(5, Duration.ofMinutes(10), Duration.ofMinutes(2), Duration.ofMinutes(2)));
    s.on("closed", e -> s.quit());
    get(s.connect());
    failure(s.noop());
    CompletableFuture<?> held = s.pwd();
    get(s.ended());
    failure(held);
    assertEquals(List.of("connected", "authenticated", "noop_error", "closed", "quit_error"), recorder.names());
  }

  @Test
  void nullIsNoListener() {
    AsyncFtpSession s = session();
    assertThrows(NullPointerException.class, () -> s.on("noop", null));
    assertThrows(NullPointerException.class, () -> s.onItem("ls_data", String.class, null));
  }

  @Test
  void postedTypeHoldsUntilTheNext() throws Exception {
    server.file("/t", "a\r\nb\r\n");
    AsyncFtpSession s = session();
    get(s.connect());
    get(s.post("type", "A"));
    get(s.post("get", "t"));
    get(s.quit());
    get(s.ended());
    assertEquals(List.of("TYPE A"), server.commands().stream().filter(line -> line.startsWith("TYPE")).toList());
  }

  @Test
  void putFilterTurnsWhatIsPostedIntoBytes() throws Exception {
    AsyncFtpSession s = session();
    s.putFilter((item, config) -> ("<" + item + ">").getBytes(StandardCharsets.UTF_8));
    get(s.connect());
    CompletableFuture<?> upload = s.post("put", "x");
    s.post("put_data", 1);
    s.post("put_data", List.of(2));
    s.post("put_close");
    get(upload);
    assertEquals("<1><[2]>", new String(server.content("/x"), StandardCharsets.US_ASCII));
  }
}
