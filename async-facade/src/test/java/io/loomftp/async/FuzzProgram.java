package io.loomftp.async;

import io.loomftp.Credentials;
import io.loomftp.DataMode;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.Retry;
import io.loomftp.Timeouts;
import io.loomftp.TransferType;
import io.loomftp.testkit.Cut;
import io.loomftp.testkit.CuttingProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One random program: a session, a few listeners that post, wait, throw and cancel, and a thread that does the same; then an
 * end. The seed decides all choices, though not how the threads meet.
 */
final class FuzzProgram {
  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final List<String> HEARD =
      List.of("all", "connected", "authenticated", "get_data", "ls_data", "get_done", "put_connected", "put_flushed",
          "put_closed",
          "size", "pwd", "noop", "get_error", "put_error", "login_error", "connect_error", "closed", "quit");

  private final FuzzServer server;
  private final long seed;
  private final Random random;
  private final String alias;
  private final boolean calm;
  private final boolean cuts;
  private final boolean active;
  private final boolean reconnects;
  private final boolean fedByListener;

  /** A FIN in the middle of data is not to be told from its end. */
  private boolean mayTruncate;
  private final List<String> steps = Collections.synchronizedList(new ArrayList<>());
  private final List<String> breaches = Collections.synchronizedList(new ArrayList<>());
  private final List<Tracked> tracked = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, byte[]> uploads = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<?>> uploaded = new ConcurrentHashMap<>();
  private final ReentrantLock feeding = new ReentrantLock();
  private final AtomicInteger names = new AtomicInteger();
  private final AtomicInteger posts = new AtomicInteger(40);
  private final Recorder recorder;
  private final FuzzModel model;
  private final AsyncFtp ftp = AsyncFtp.create();
  private AsyncFtpSession s;
  private Path local;
  private volatile boolean ending;

  private record Tracked(String what, CompletableFuture<?> future) {}

  FuzzProgram(FuzzServer server, long seed) {
    this.server = server;
    this.seed = seed;
    this.random = new Random(seed);
    this.alias = "p" + seed;
    this.calm = random.nextInt(3) == 0;
    this.cuts = !calm && random.nextInt(2) == 0;
    this.active = !cuts && seed / 9 % 4 == 1; // nine kinds of servers take turns
    this.reconnects = !calm && seed / 9 % 2 == 0;
    this.fedByListener = random.nextBoolean();
    this.recorder = reconnects ? Recorder.acrossConnections() : new Recorder();
    this.model = new FuzzModel(calm);
  }

  boolean isCalm() {
    return calm;
  }

  /** Whether a session that nobody ended was lost. */
  boolean lostByItself() {
    return model.isLost() && !cuts && steps.stream().noneMatch(step -> step.contains("end by") && !step.endsWith("quit"));
  }

  /** Whether a lost connection was established again. */
  boolean wasConnectedAgain() {
    List<String> heard = recorder.names();
    int closed = heard.indexOf("closed");
    return closed >= 0 && heard.subList(closed, heard.size()).contains("connected");
  }

  boolean isActive() {
    return active;
  }

  int commands() {
    return tracked.size();
  }

  /** Runs it; throws an error that tells all when a rule is broken. */
  void run() throws Exception {
    long end = System.nanoTime() + BOUND.toNanos();
    local = Files.createTempDirectory("fuzz");
    Path remote = server.folder(alias);
    try (CuttingProxy proxy = cuts ? proxy() : null) {
      s = ftp.session(alias, config(proxy));
      ftp.onListenerError((event, thrown) -> steps.add("thrown from " + event.name()));
      ftp.on("all", recorder);
      ftp.on("all", model);
      if (reconnects) {
        s.reconnect(new Retry(3, Duration.ofSeconds(5), Duration.ofMillis(5), Duration.ofMillis(50)));
      }
      listeners();
      CompletableFuture<Void> acted = new CompletableFuture<>();
      Thread actor = Thread.ofVirtual().name("fuzz-actor " + alias).start(() -> act(acted));
      await("the program", acted, end);
      await("the end of the session", s.ended(), end);
      for (Tracked one : List.copyOf(tracked)) {
        await(one.what, one.future, end);
      }
      actor.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      check(remote);
    } catch (AssertionError e) {
      throw new AssertionError(describe(e.getMessage()), e);
    } finally {
      ftp.shutdownNow();
      delete(local);
      delete(remote);
    }
    if (!breaches.isEmpty()) {
      throw new AssertionError(describe(breaches.toString()));
    }
  }

  private void await(String what, CompletableFuture<?> future, long end) throws InterruptedException {
    try {
      future.handle((value, trouble) -> trouble).get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new AssertionError("within " + BOUND + " there is no end of " + what, e);
    }
  }

  private String describe(String complaint) {
    List<String> open = tracked.stream().filter(one -> !one.future.isDone()).map(Tracked::what).toList();
    return complaint + "\nseed " + seed + " on " + server.kind() + (calm ? ", calm" : "") + (cuts ? ", cuts" : "") + (active
        ? ", active" : "")
        + (reconnects ? ", reconnects" : "")
        + "\nsteps:\n  " + String.join("\n  ", List.copyOf(steps)) + "\nevents:\n  " + String.join("\n  ", recorder.trace())
        + "\nopen: " + open + "\nmodel: " + model.breaches();
  }

  private CuttingProxy proxy() {
    return server.kind().isTls() ? CuttingProxy.beforeTls(server.port()) : CuttingProxy.before(server.port());
  }

  private FtpConfig config(CuttingProxy proxy) throws IOException {
    int port = server.port();
    if (proxy != null) {
      port = proxy.port();
      boolean tls = server.kind().isTls();
      Cut.Line line = random.nextBoolean() || reconnects || tls ? Cut.Line.CONTROL : Cut.Line.DATA;
      int most = line == Cut.Line.DATA ? 400_000 : tls ? 12_000 : 3_000; // bytes; a handshake has four thousand
      Cut cut = Cut.of(Cut.How.values()[random.nextInt(3)], line, random.nextInt(most), random.nextBoolean());
      mayTruncate = cut.how() == Cut.How.FIN && cut.line() == Cut.Line.DATA;
      proxy.begin(random.nextInt(4) == 0 ? cut.andForGood() : cut);
      steps.add("cut: " + cut);
    } else if (!calm && random.nextInt(15) == 0) {
      try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = nobody.getLocalPort();
      }
      steps.add("nobody listens");
    }
    FtpConfig.Builder builder = server.config(port).timeouts(Timeouts.of(Duration.ofMillis(calm ? 10_000 : 2_500)));
    if (active) {
      builder.dataMode(DataMode.active());
    }
    if (!calm && random.nextInt(8) == 0) {
      builder.credentials(server.user(), "wrong");
      steps.add("the password is wrong");
    }
    return builder.build();
  }

  // --- the listeners ---

  private void listeners() {
    if (fedByListener) {
      s.on("put_connected", this::feed);
    }
    if (!calm && random.nextInt(10) == 0) {
      s.filter("ls", DataFilter.entries());
      s.filter("get", (data, config) -> {
        throw FuzzUser.fault(random);
      });
      steps.add("the filter of get throws");
    } else if (random.nextInt(3) == 0) {
      s.filter("ls", DataFilter.entries());
      steps.add("ls by entries");
    }
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      String event = HEARD.get(random.nextInt(HEARD.size()));
      Random own = new Random(random.nextLong());
      String name = "listener " + i + " of " + event;
      steps.add(name);
      s.on(event, e -> step(name + " at " + e.name(), own, true));
    }
    if (random.nextBoolean()) {
      s.on("login_error", e -> track("login", s.login(Credentials.of(server.user(), server.password()))));
    }
  }

  private void feed(FtpEvent event) {
    if (event.argument().contains("/fed")) {
      post(uploads.get(event.argument()));
    }
  }

  private void post(byte[] content) {
    int half = content.length / 3;
    track("put_data", s.putData(Arrays.copyOf(content, half)));
    track("put_data", s.putData(Arrays.copyOfRange(content, half, content.length)));
    CompletableFuture<?> closed = s.putClose();
    track("put_close", closed);
  }

  // --- steps ---

  private void act(CompletableFuture<Void> acted) {
    try {
      track("connect", s.connect());
      int count = 2 + random.nextInt(12);
      for (int i = 0; i < count; i++) {
        step("actor", random, false);
      }
      end();
      acted.complete(null);
    } catch (Throwable e) {
      acted.completeExceptionally(e);
      breaches.add("the actor threw " + e);
    }
  }

  private void end() throws Exception {
    if (calm) {
      for (int i = 0; i < tracked.size(); i++) {
        tracked.get(i).future.handle((value, trouble) -> trouble).get(25, TimeUnit.SECONDS);
      }
    } else {
      pause(random.nextInt(60));
    }
    ending = true;
    int how = calm ? random.nextInt(2) : random.nextInt(5);
    steps.add("end by " + List.of("quit", "AsyncFtp.close", "close", "shutdownNow", "abrupt quit").get(how));
    switch (how) {
      case 0, 4 -> track("quit", s.quit());
      case 1 -> ftp.close(Duration.ofSeconds(calm ? 10 : 3));
      case 2 -> s.close();
      default -> ftp.shutdownNow();
    }
  }

  private void step(String who, Random choice, boolean inListener) {
    if (posts.get() <= 0 || ending && calm) {
      return;
    }
    int what = choice.nextInt(calm ? 14 : 20);
    if (what < 10) {
      command(who, choice, inListener);
    } else if (what < 12) {
      pause(choice.nextInt(30));
    } else if (what < 14 && inListener && !who.contains(" of put_")) { // that would call the upload off
      steps.add(who + " throws");
      throw choice.nextBoolean() ? new FuzzUser.Unprintable() : new IllegalStateException("a fault of the listener");
    } else if (what >= 14) {
      disturb(who, what, choice, inListener);
    }
  }

  private void disturb(String who, int what, Random choice, boolean inListener) {
    // A quit that is cancelled before it began is not sent, and nothing else would end the program.
    List<Tracked> known = List.copyOf(tracked).stream().filter(one -> !one.what.equals("quit")).toList();
    if (what < 18 && !known.isEmpty()) {
      Tracked victim = known.get(known.size() - 1 - choice.nextInt(Math.min(3, known.size())));
      steps.add(who + " cancels " + victim.what);
      victim.future.cancel(true);
    } else if (what == 18 && choice.nextInt(10) == 0) {
      steps.add(who + " ends: end by close in the middle");
      s.close();
    } else if (what == 19 && inListener && choice.nextInt(4) == 0) {
      steps.add(who + " interrupts itself");
      Thread.currentThread().interrupt();
    } else if (what == 19 && choice.nextInt(4) == 0) {
      command(who, choice, "quit");
    }
  }

  private void pause(int millis) {
    try {
      new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void command(String who, Random choice, boolean inListener) {
    posts.decrementAndGet();
    String name = List.of("cd", "cdup", "pwd", "size", "mdtm", "noop", "ls", "dir", "get", "get", "get", "put", "put", "put",
        "list",
        "rename", "mkdir", "type", "trans_mode", "missing").get(choice.nextInt(20));
    CompletableFuture<?> future = command(who, choice, name);
    if (future == null) {
      return;
    }
    boolean waits = choice.nextInt(10) < 4;
    boolean starves = inListener && fedByListener && (calm || name.equals("put"));
    if (waits && !starves) {
      FuzzWaits.wait(this::track, s, who, future, choice, calm, steps::add, breaches::add);
    } else if (!calm && choice.nextInt(8) == 0) {
      future.orTimeout(choice.nextInt(40), TimeUnit.MILLISECONDS);
    }
  }

  private CompletableFuture<?> command(String who, Random choice, String name) {
    steps.add(who + " posts " + name);
    int i = choice.nextInt(FuzzServer.SIZES.size());
    int fault = !calm && choice.nextInt(5) == 0 ? choice.nextInt(100_000) : -1;
    return switch (name) {
      case "cd" -> track(name, s.cd(List.of("/", "/sub", "/sub/deep").get(i % 3)));
      case "size" -> expect(name, s.size("/f" + i), size -> size.intValue() == FuzzServer.SIZES.get(i));
      case "mdtm" -> expect(name, s.mdtm("/e" + i), FuzzServer.TIME::equals);
      case "ls", "dir" -> track(name, s.post(name, "/list"));
      case "list" -> expect(name, s.list("/list"), rows -> rows.size() == FuzzServer.ENTRIES || mayTruncate);
      case "mkdir" -> expect(name, s.mkdir("/" + alias + "/d" + names.incrementAndGet()), path -> path.startsWith("/" + alias));
      case "type" -> track(name, s.type(!calm && choice.nextBoolean() ? TransferType.ASCII : TransferType.BINARY));
      case "trans_mode" -> track(name, s.post(name, calm || choice.nextBoolean() ? "binary" : "ascii"));
      case "missing" -> refused(choice.nextBoolean() ? s.size("/missing") : s.post("get", "/missing"));
      case "rename" -> rename(choice);
      case "get" -> get(i, fault, choice);
      case "put" -> put(fault, choice);
      default -> track(name, s.post(name));
    };
  }

  private CompletableFuture<?> get(int i, int fault, Random choice) {
    byte[] content = FuzzServer.content("/f" + i);
    switch (choice.nextInt(4)) {
      case 0 :
        return track("get /e" + i, s.post("get", "/e" + i));
      case 1 :
        Path target = local.resolve("g" + names.incrementAndGet());
        return expect("get " + target, s.get("/f" + i, target), result -> Arrays.equals(read(target), content));
      case 2 :
        FuzzUser.Sink sink = new FuzzUser.Sink(fault, choice);
        return expect("get /f" + i, s.get("/f" + i, sink), result -> Arrays.equals(sink.bytes.toByteArray(), content));
      default :
        FuzzUser.Subscriber subscriber = new FuzzUser.Subscriber(fault, choice);
        s.download("/f" + i).subscribe(subscriber);
        CompletableFuture<?> behind = s.noop();
        return expect("noop behind the publisher of /f" + i, behind, reply -> isWhole(subscriber, content) || mayTruncate);
    }
  }

  private static boolean isWhole(FuzzUser.Subscriber subscriber, byte[] content) {
    boolean right = !subscriber.complete || Arrays.equals(subscriber.bytes.toByteArray(), content);
    return right && (subscriber.ends.get() == 1 || subscriber.cancelled && subscriber.ends.get() == 0);
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      return new byte[] {0};
    }
  }

  private CompletableFuture<?> put(int fault, Random choice) {
    int how = choice.nextInt(5);
    String name = "/" + alias + List.of("/fed", "/u", "/u", "/a", "/u").get(how) + names.incrementAndGet();
    byte[] content = FuzzServer.content(name, 3 + choice.nextInt(150_000));
    uploads.put(name, content);
    CompletableFuture<?> future =
        switch (how) {
          case 0 -> fed(name, content, choice);
          case 1 -> s.put(file(content), name);
          case 2 -> s.put(FuzzUser.source(content, fault, choice), name);
          case 3 -> s.append(FuzzUser.source(content, fault, choice), name);
          default -> s.upload(name, FuzzUser.publisher(content, fault, choice));
        };
    uploaded.put(name, future);
    return track("put " + name + " way " + how, future);
  }

  /** The data comes from the listener of {@code put_connected}, or at once. */
  private CompletableFuture<?> fed(String name, byte[] content, Random choice) {
    if (fedByListener) {
      return s.put(name);
    }
    feeding.lock(); // what is posted goes to the first upload that is not closed
    try {
      CompletableFuture<?> upload = s.put(name);
      post(content);
      return upload;
    } finally {
      feeding.unlock();
    }
  }

  private Path file(byte[] content) {
    try {
      return Files.write(local.resolve("source" + names.incrementAndGet()), content);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private CompletableFuture<?> rename(Random choice) {
    String from = "/" + alias + "/r" + names.incrementAndGet();
    byte[] content = "rename me".getBytes(StandardCharsets.US_ASCII);
    track("put " + from, s.put(FuzzUser.source(content, -1, choice), from));
    CompletableFuture<?> renamed = track("rename", s.rename(from, from + "-new"));
    return choice.nextBoolean() ? renamed : track("delete", s.delete(from + "-new"));
  }

  // --- futures ---

  private CompletableFuture<?> track(String what, CompletableFuture<?> future) {
    tracked.add(new Tracked(what, future));
    future.whenComplete((value, trouble) -> {
      Throwable cause = trouble instanceof CompletionException e ? e.getCause() : trouble;
      boolean expected =
          cause instanceof FtpException || cause instanceof CancellationException || cause instanceof TimeoutException
              || cause instanceof IllegalStateException;
      boolean behindTheEnd = ending && cause instanceof FtpClosedException; // of a listener that ran until then
      if (cause != null && !behindTheEnd && (calm || !expected)) {
        breaches.add(what + " failed: " + cause.getClass().getName() + ": " + FuzzWaits.text(cause));
      }
    });
    return future;
  }

  private <T> CompletableFuture<T> expect(String what, CompletableFuture<T> future, Predicate<? super T> right) {
    track(what, future);
    future.thenAccept(value -> {
      if (!right.test(value)) {
        breaches.add(what + " succeeded wrongly: " + value);
      }
    });
    return future;
  }

  private CompletableFuture<?> refused(CompletableFuture<?> future) {
    tracked.add(new Tracked("missing", future));
    future.thenAccept(value -> breaches.add("what is missing was found: " + value));
    return future;
  }

  // --- after the end ---

  private void check(Path remote) throws Exception {
    recorder.check();
    model.breaches().stream().filter(one -> !mayTruncate || !one.contains("_done(")).forEach(breaches::add);
    for (Map.Entry<String, CompletableFuture<?>> one : uploaded.entrySet()) {
      Path file = server.home().resolve(one.getKey().substring(1));
      boolean whole = Files.exists(file) && Arrays.equals(read(file), uploads.get(one.getKey()));
      boolean done = !one.getValue().isCompletedExceptionally();
      boolean unverified = mayTruncate && !whole; // the size of what was streamed is not asked for
      boolean cleared = model.hasQuit() && !cuts && !one.getKey().contains("/a"); // of an append, nothing is deleted
      if (done ? !whole && !unverified : cleared && Files.exists(file) && !whole) {
        breaches.add(one.getKey() + (done ? " was told as done" : " was told as failed") + " and has " + read(file).length
            + " of " + uploads.get(one.getKey()).length + " bytes");
      }
    }
    if (model.hasQuit()) {
      only(remote, "fed|u|a|r|d");
      only(local, "g|source");
    }
  }

  private void only(Path folder, String prefixes) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      all.map(file -> file.getFileName().toString())
          .filter(name -> !name.matches("(" + prefixes + ")\\d+(-new)?"))
          .forEach(name -> breaches.add("left behind: " + name));
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(one);
      }
    }
  }
}
