package io.loomftp.async;

import static io.loomftp.async.Ends.failure;
import static io.loomftp.async.Ends.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpConfig;
import io.loomftp.Progress;
import io.loomftp.Timeouts;
import io.loomftp.testkit.ScriptedServer;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters, streams, publishers, subscribers and dependents that break the rules harm their own command only. */
@Timeout(60)
class UserCodeTest {
  private final ScriptedServer server = ScriptedServer.start().file("/a.txt", "0123456789").file("/b.txt", "01234");
  private final AsyncFtp ftp = AsyncFtp.create();
  private final AsyncFtpSession s =
      ftp.session(
          "s",
          FtpConfig.builder("localhost").port(server.port()).credentials("alice", "secret")
              .timeouts(Timeouts.of(Duration.ofSeconds(5))).build());
  private final CompletableFuture<Flow.Subscription> cancel = new CompletableFuture<>();

  @BeforeEach
  void connect() throws Exception {
    get(s.connect());
  }

  @AfterEach
  void close() {
    ftp.shutdownNow();
    server.close();
  }

  private boolean has(String name) {
    return server.paths().stream().anyMatch(path -> path.contains(name));
  }

  // --- checked exceptions that nobody declared ---

  private static RuntimeException checked() {
    return Sneaky.thrown(new Exception("of another language"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"listener", "progress", "handler", "filter", "source", "target", "publisher", "subscriber", "end"})
  void checkedExceptionThatIsNotDeclaredEndsNothingElse(String where) throws Exception {
    switch (where) {
      case "listener" -> {
        s.on("noop", e -> checked());
        get(s.noop());
      }
      case "handler" -> {
        s.onListenerError((event, thrown) -> checked());
        s.on("noop", e -> checked());
        get(s.noop());
      }
      case "progress" -> {
        Progress throwing = state -> checked();
        assertThrows(ExecutionException.class, () -> get(s.put(endless(), "up", throwing)));
      }
      case "filter" -> {
        s.filter("get", (data, config) -> Stream.generate(() -> (Object) checked()).iterator());
        failure(s.post("get", "a.txt"));
      }
      case "source" -> {
        failure(
            s.append(
                new InputStream() {
                  @Override
                  public int read() {
                    throw checked();
                  }
                },
                "up"));
      }
      case "target" -> failure(
          s.getFrom(
              "a.txt", 1,
              new OutputStream() {
                @Override
                public void write(int b) {
                  checked();
                }
              }));
      case "publisher" -> failure(s.upload("up", subscriber -> checked()));
      case "subscriber" -> assertEquals("of another language", read("a.txt", true, false).getCause().getMessage());
      default -> read("a.txt", false, true);
    }
    assertEquals("/", get(s.pwd()));
    get(s.quit());
    get(s.ended());
  }

  private static InputStream endless() {
    return new InputStream() {
      @Override
      public int read() {
        return 7;
      }
    };
  }

  private Throwable read(String path, boolean throwsOnNext, boolean throwsAtTheEnd) throws Exception {
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    s.download(path).subscribe(
        new Flow.Subscriber<ByteBuffer>() {
          @Override
          public void onSubscribe(Flow.Subscription offered) {
            offered.request(Long.MAX_VALUE);
          }

          @Override
          public void onNext(ByteBuffer block) {
            if (throwsOnNext) {
              checked();
            }
          }

          @Override
          public void onError(Throwable reason) {
            end.complete(reason);
          }

          @Override
          public void onComplete() {
            end.complete(new IllegalStateException("complete"));
            if (throwsAtTheEnd) {
              checked();
            }
          }
        });
    return get(end);
  }

  // --- filters ---

  @Test
  void cancelEndsATransferWhoseFilterNeverEnds() throws Exception {
    CountDownLatch items = new CountDownLatch(1000);
    s.filter("get", (data, config) -> Stream.generate(() -> "again").iterator());
    s.on("get_data", e -> items.countDown());
    CompletableFuture<?> endless = s.post("get", "a.txt");
    assertTrue(items.await(10, TimeUnit.SECONDS));
    endless.cancel(true);
    assertEquals("/", get(s.pwd()));
  }

  @Test
  void closeEndsASessionWhoseFilterNeverEnds() throws Exception {
    CountDownLatch items = new CountDownLatch(1000);
    s.filter("get", (data, config) -> Stream.generate(() -> "again").iterator());
    s.on("get_data", e -> items.countDown());
    s.post("get", "a.txt");
    assertTrue(items.await(10, TimeUnit.SECONDS));
    s.close();
    get(s.ended());
  }

  @ParameterizedTest
  @ValueSource(strings = {"filter", "source", "target", "subscriber", "publisher"})
  void closeFromWithinDataEndsTheSession(String where) throws Exception {
    switch (where) {
      case "filter" -> {
        s.filter("get", (data, config) -> {
          s.close();
          return DataFilter.blocks().items(data, config);
        });
        failure(s.post("get", "a.txt"));
      }
      case "source" -> failure(
          s.append(
              new InputStream() {
                @Override
                public int read() {
                  s.close();
                  return 7;
                }
              },
              "up"));
      case "target" -> failure(
          s.getFrom(
              "a.txt", 1,
              new OutputStream() {
                @Override
                public void write(int b) {
                  s.close();
                }
              }));
      case "subscriber" -> {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        s.download("a.txt").subscribe(
            new Flow.Subscriber<ByteBuffer>() {
              @Override
              public void onSubscribe(Flow.Subscription offered) {
                offered.request(Long.MAX_VALUE);
              }

              @Override
              public void onNext(ByteBuffer block) {
                s.close();
              }

              @Override
              public void onError(Throwable reason) {
                end.complete(reason);
              }

              @Override
              public void onComplete() {
                end.completeExceptionally(new IllegalStateException("complete"));
              }
            });
        get(end);
      }
      default -> failure(s.upload("up", subscriber -> s.close()));
    }
    get(s.ended());
  }

  // --- streams and subscribers that wait ---

  /** Begins a transfer whose stream or subscriber waits for what never comes. */
  private CompletableFuture<?> waiting(String where) {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    InputStream source =
        new InputStream() {
          @Override
          public int read() {
            inside.countDown();
            Sneaky.await(never);
            return -1;
          }
        };
    OutputStream target =
        new OutputStream() {
          @Override
          public void write(int b) {
            inside.countDown();
            Sneaky.await(never);
          }
        };
    CompletableFuture<?> begun =
        switch (where) {
          case "put" -> s.put(source, "up");
          case "append" -> s.append(source, "up");
          case "get" -> s.get("a.txt", target);
          case "getFrom" -> s.getFrom("a.txt", 1, target);
          default -> {
            s.download("a.txt").subscribe(
                new Flow.Subscriber<ByteBuffer>() {
                  @Override
                  public void onSubscribe(Flow.Subscription offered) {
                    offered.request(Long.MAX_VALUE);
                    cancel.complete(offered);
                  }

                  @Override
                  public void onNext(ByteBuffer block) {
                    inside.countDown();
                    Sneaky.await(never);
                  }

                  @Override
                  public void onError(Throwable reason) {
                    // It was cancelled.
                  }

                  @Override
                  public void onComplete() {
                    // It was cancelled.
                  }
                });
            yield cancel.thenApply(offered -> offered);
          }
        };
    Sneaky.await(inside);
    return begun;
  }

  @ParameterizedTest
  @ValueSource(strings = {"put", "append", "get", "getFrom", "subscriber"})
  void cancelOfATransferWhoseUserWaitsKeepsTheSession(String where) throws Exception {
    CompletableFuture<?> begun = waiting(where);
    if (where.equals("subscriber")) {
      get(cancel).cancel();
    } else {
      begun.cancel(true);
    }
    assertEquals("/", get(s.pwd()));
    assertFalse(where.equals("put") && has("up"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"put", "append", "get", "getFrom", "subscriber"})
  void closeEndsASessionWhoseUserWaits(String where) throws Exception {
    waiting(where);
    s.close();
    get(s.ended());
  }

  // --- publishers that break the order of signals ---

  /** Signals given to the subscriber of an upload after its first request. */
  private interface Signals {
    void to(Flow.Subscriber<? super ByteBuffer> subscriber);
  }

  private CompletableFuture<?> upload(Signals signals) {
    return s.upload(
        "up",
        subscriber -> subscriber.onSubscribe(
            new Flow.Subscription() {
              private boolean asked;

              @Override
              public void request(long n) {
                if (!asked) {
                  asked = true;
                  signals.to(subscriber);
                }
              }

              @Override
              public void cancel() {
                // Its signals were given at once.
              }
            }));
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  private String stored() {
    return new String(server.content("/up"), StandardCharsets.US_ASCII);
  }

  @Test
  void signalsAfterTheEndOfASourceAreNotTaken() throws Exception {
    get(
        upload(
            subscriber -> {
              subscriber.onNext(bytes("one"));
              subscriber.onComplete();
              subscriber.onNext(bytes("late"));
              subscriber.onError(new IllegalStateException("later"));
            }));
    assertEquals("one", stored());
  }

  @Test
  void nullOfASourceFailsTheUpload() throws Exception {
    CompletableFuture<?> upload =
        upload(
            subscriber -> {
              subscriber.onNext(bytes("one"));
              assertThrows(NullPointerException.class, () -> subscriber.onNext(null));
              subscriber.onComplete();
            });
    assertInstanceOf(NullPointerException.class, failure(upload).getCause());
    assertFalse(has("up"));
    assertEquals("/", get(s.pwd()));
  }

  @Test
  void nullAsTheFailureOfASourceFailsTheUpload() throws Exception {
    CompletableFuture<?> upload =
        upload(
            subscriber -> {
              subscriber.onNext(bytes("one"));
              assertThrows(NullPointerException.class, () -> subscriber.onError(null));
            });
    assertInstanceOf(NullPointerException.class, failure(upload).getCause());
    assertEquals("/", get(s.pwd()));
  }

  // --- dependents ---

  @Test
  void interruptThatADependentLeavesBehindDoesNotReachTheNext() throws Exception {
    CountDownLatch dependent = new CountDownLatch(1);
    server.on(
        "NOOP",
        c -> {
          try {
            assertTrue(dependent.await(10, TimeUnit.SECONDS));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          c.reply("200 Ok.");
        });
    CompletableFuture<Void> first = s.noop().thenAccept(reply -> Thread.currentThread().interrupt());
    CompletableFuture<Boolean> second = s.noop().thenApply(reply -> Thread.currentThread().isInterrupted());
    dependent.countDown();
    get(first);
    assertFalse(get(second));
  }

  // --- arguments ---

  @Test
  void nullIsRefusedAtOnce() {
    assertThrows(NullPointerException.class, () -> s.cd(null));
    assertThrows(NullPointerException.class, () -> s.put((String) null));
    assertThrows(NullPointerException.class, () -> s.rename("a", null));
    assertThrows(NullPointerException.class, () -> s.upload("up", null));
    assertThrows(NullPointerException.class, () -> s.append((InputStream) null, "up"));
    assertThrows(NullPointerException.class, () -> s.put((InputStream) null, "up"));
    assertThrows(NullPointerException.class, () -> s.put((Path) null, "up"));
    assertThrows(NullPointerException.class, () -> s.get("a.txt", (Path) null));
    assertThrows(NullPointerException.class, () -> s.get("a.txt", (OutputStream) null));
    assertThrows(NullPointerException.class, () -> s.getFrom("a.txt", 0, null));
    assertThrows(NullPointerException.class, () -> s.putData(null));
    assertThrows(NullPointerException.class, () -> s.putFilter(null));
    assertThrows(NullPointerException.class, () -> s.reconnect(null));
    assertThrows(NullPointerException.class, () -> s.type(null));
    assertThrows(IllegalArgumentException.class, () -> s.post("cd", (Object[]) null));
    assertThrows(IllegalArgumentException.class, () -> s.post("pwd", (Object[]) null));
    assertEquals(Set.of("/a.txt", "/b.txt"), Set.copyOf(server.paths()));
  }

  @Test
  void numbersThatNoCommandTakesAreRefusedAtOnce() throws Exception {
    assertThrows(IllegalArgumentException.class, () -> s.post("get", "a.txt", -1));
    assertThrows(IllegalArgumentException.class, () -> s.post("put", "up", -1L));
    assertThrows(IllegalArgumentException.class, () -> s.post("get", "a.txt", 1.5));
    assertThrows(IllegalArgumentException.class, () -> s.post("get", "a.txt", Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> s.post("timeout", -1));
    assertThrows(IllegalArgumentException.class, () -> s.post("timeout", 0));
    assertInstanceOf(IllegalStateException.class, failure(s.post("put_close")));
    get(s.post("timeout", Long.MAX_VALUE));
    assertEquals("/", get(s.pwd()));
    failure(s.post("blocksize", Integer.MAX_VALUE));
    get(s.post("get", "a.txt"));
    CompletableFuture<?> posted = s.post("put", "up");
    s.post("put_data", "abc");
    s.post("put_close");
    get(posted);
    assertEquals(10, get(s.getFrom("a.txt", 0, OutputStream.nullOutputStream())).bytes());
  }
}
