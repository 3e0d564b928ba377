package io.loomftp.kill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.loomftp.FtpConfig;
import io.loomftp.testkit.Cut;
import io.loomftp.testkit.CuttingProxy;
import io.loomftp.testkit.ProxyTransfer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Interrupts one job at one server, again and again, and looks at what is left. */
final class Series {
  private static final long MOST_OF_A_PROOF = 64 << 10; // bytes
  private static final Duration GENEROUS = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final int MEBIBYTE = 1 << 20;

  private final Job job;
  private final Ground ground;
  private final Path notes;
  private final Path local;
  private final Path remote;
  private final Random random;
  private final Tally tally = new Tally();
  private final Map<String, byte[]> wanted;
  private final Map<Boolean, long[]> totals = new TreeMap<>();

  /** Another one for each interruption: what was learned of a server's limits holds for its port. */
  private CuttingProxy proxy;

  Series(Job job, Ground ground, Path folder, long seed) {
    this.job = job;
    this.ground = ground;
    this.notes = folder.resolve("notes");
    this.local = folder.resolve("here");
    this.remote = ground.home().resolve(job.name().toLowerCase(Locale.ROOT));
    this.random = new Random(seed * 31 + job.ordinal() * 7L + ground.kind().ordinal() * 101L);
    this.wanted = job.isTree() ? Trees.forest(random) : Trees.single(Job.FILE, MEBIBYTE, random);
  }

  /** So many times, not counting those that were over before the moment came. */
  Tally interrupt(int times) throws Exception {
    for (boolean something : new boolean[] {false, true}) {
      withProxy(() -> measure(something));
    }
    for (int i = 0; tally.all() < times && i < 2 * times + 10; i++) {
      Tally.Way way = Tally.Way.values()[tally.all() % Tally.Way.values().length];
      Point point = draw(way);
      try {
        withProxy(() -> interruptAt(point));
      } catch (AssertionError | Exception e) {
        throw new AssertionError(job + " at " + ground + ", " + point + ": " + e.getMessage(), e);
      }
    }
    Trees.delete(local);
    Trees.delete(remote);
    return tally;
  }

  @FunctionalInterface
  private interface Step {
    void run() throws Exception;
  }

  private void withProxy(Step step) throws Exception {
    try (CuttingProxy fresh = CuttingProxy.before(ground.port())) {
      proxy = fresh;
      step.run();
    }
  }

  /** When and how, and whether there is an older state to be replaced. */
  private record Point(Tally.Way way, Cut.Line line, long after, boolean all, boolean forGood, boolean still,
      boolean broken, boolean something, long total) {}

  private Point draw(Tally.Way way) {
    boolean something = random.nextBoolean();
    Cut.Line line = random.nextBoolean() ? Cut.Line.DATA : Cut.Line.CONTROL;
    long total = totals.get(something)[line.ordinal()];
    long after = switch (random.nextInt(12)) {
      case 0 -> 0;
      case 1 -> total;
      default -> random.nextLong(total + 1);
    };
    // A mirror is patient with a server that takes no connection.
    boolean forGood = random.nextInt(job.isTree() ? 10 : 3) == 0;
    return new Point(way, line, after, random.nextBoolean(), forGood, random.nextBoolean(), random.nextBoolean(),
        something, totals.get(something)[Cut.Line.DATA.ordinal()]);
  }

  /** How many bytes of each kind there are when nothing interrupts. */
  private void measure(boolean something) throws Exception {
    State before = prepare(something);
    proxy.begin(null, witness(before));
    runHere(GENEROUS);
    awaitEnd();
    proxy.end();
    totals.put(something, new long[] {proxy.passed(Cut.Line.CONTROL), proxy.passed(Cut.Line.DATA)});
    ground.quiet().await();
    assertWhole();
  }

  /** The destination before, by name. */
  private record State(Map<String, byte[]> older, Map<String, byte[]> same) {
    long[] sizes(String name, byte[] wanted) {
      byte[] old = older.get(name);
      return new long[] {wanted.length, old == null ? same.containsKey(name) ? wanted.length : -1 : old.length};
    }
  }

  private State prepare(boolean something) throws IOException {
    Trees.delete(local);
    Trees.delete(remote);
    Trees.delete(notes);
    Files.createDirectories(notes);
    Trees.write(source(), wanted, Trees.WRITTEN);
    Map<String, byte[]> older = something ? Trees.older(wanted, new Random(random.nextLong())) : Map.of();
    Map<String, byte[]> same = new TreeMap<>();
    if (something && job.isTree()) {
      wanted.forEach((name, bytes) -> {
        if (!older.containsKey(name) && name.hashCode() % 4 == 0) {
          same.put(name, bytes);
        }
      });
    }
    Trees.write(target(), older, Trees.LONG_AGO);
    Trees.write(target(), same, Trees.WRITTEN);
    return new State(older, same);
  }

  private Path source() {
    return job.isUpwards() ? local : remote;
  }

  private Path target() {
    return job.isUpwards() ? remote : local;
  }

  /** Looks at the lengths of all that is there under full names. */
  private Runnable witness(State before) {
    if (job.isInPlace()) {
      return () -> {};
    }
    return () -> wanted.forEach((name, bytes) -> {
      long size = Trees.size(target().resolve(name));
      long[] allowed = before.sizes(name, bytes);
      if (size != allowed[0] && size != allowed[1] && !(size == -1 && mayBeAbsent())) {
        throw new AssertionError(name + " has " + size + " bytes while it runs, not one of " + Arrays.toString(allowed));
      }
    });
  }

  /** Apache FtpServer renames nothing onto a file that is there: that has to be deleted first. */
  private boolean mayBeAbsent() {
    return job.isUpwards() && ground.kind() == Ground.Kind.EMBEDDED;
  }

  private void runHere(Duration patience) throws IOException {
    FtpConfig config = Job.config(proxy.port(), ground.user(), ground.password(), patience);
    job.run(config, local, remoteName(), notes);
  }

  private String remoteName() {
    return remote.getFileName().toString();
  }

  private void interruptAt(Point point) throws Exception {
    State before = prepare(point.something());
    long start = System.nanoTime();
    boolean cut = point.way() == Tally.Way.SIGKILL ? killedAt(point, before) : cutAt(point, before);
    tally.took(System.nanoTime() - start);
    proxy.end();
    ground.quiet().await();
    if (!cut) {
      tally.unreached();
    }
    assertNothingIsHalf(before);
    runAgain(before);
  }

  private boolean killedAt(Point point, State before) throws Exception {
    CompletableFuture<Process> started = new CompletableFuture<>();
    Runnable kill = () -> {
      Process process = started.join();
      process.destroyForcibly();
      process.onExit().join();
    };
    Cut cut = Cut.with(kill, point.still(), point.broken(), point.line(), point.after());
    proxy.begin(cut, witness(before));
    Process process = Victim.start(job, proxy.port(), ground, local, remoteName(), notes);
    started.complete(process);
    try {
      assertTrue(process.waitFor(30, TimeUnit.SECONDS), "the process does not end");
      awaitEnd();
      boolean killed = proxy.wasCut();
      if (killed) {
        tally.reached(point.way(), Math.min(point.total(), proxy.passedBeforeCut(Cut.Line.DATA)), point.total());
      }
      assertTrue(
          killed || process.exitValue() == 0, () -> "the process failed by itself: " + read(notes.resolve(Victim.SAID)));
      return killed;
    } finally {
      process.destroyForcibly();
    }
  }

  /** A listing that is ended early looks like a short one, if the server says that it was sent: only TLS tells. */
  private boolean mayMissNames(Point point) {
    boolean endsOneListing = point.way() == Tally.Way.FIN && point.line() == Cut.Line.DATA && !point.all();
    return job.isTree() && !job.isUpwards() && endsOneListing;
  }

  /** The client leaves nothing open; what it sent last may still be on its way. */
  private void awaitEnd() throws InterruptedException {
    assertTrue(proxy.awaitClients(GENEROUS), "connections stay open");
    proxy.awaitEnd(SHORT); // in vain where the server waits for something
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private boolean cutAt(Point point, State before) throws Exception {
    Cut cut = Cut.of(Cut.How.valueOf(point.way().name()), point.line(), point.after(), point.all());
    boolean stalls = point.way() == Tally.Way.STALL;
    proxy.begin(point.forGood() ? cut.andForGood() : cut, witness(before));
    try {
      runHere(stalls ? SHORT : GENEROUS);
      if (proxy.wasCut()) {
        tally.survived();
      }
      Map<String, byte[]> there = Trees.read(target());
      there.keySet().retainAll(wanted.keySet()); // what else is there is looked at when the server has ended its sessions
      if (!mayMissNames(point)) {
        assertSame(wanted, there, "although it said that all is well");
      }
    } catch (IOException e) {
      assertTrue(proxy.wasCut() || stalls, () -> "it failed by itself: " + e); // a busy machine stalls, too
    }
    if (!proxy.wasCut()) {
      return false;
    }
    tally.reached(point.way(), Math.min(point.total(), proxy.passedBeforeCut(Cut.Line.DATA)), point.total());
    if (!stalls) {
      awaitEnd();
    }
    return true;
  }

  private void assertNothingIsHalf(State before) throws IOException {
    if (job.isInPlace()) {
      return;
    }
    Map<String, byte[]> there = Trees.read(target());
    wanted.forEach((name, bytes) -> {
      byte[] now = there.get(name);
      byte[] old = before.older().get(name);
      boolean good = now == null ? mayBeAbsent() || old == null && !before.same().containsKey(name)
          : Arrays.equals(now, bytes) || old != null && Arrays.equals(now, old);
      if (!good) {
        fail(name + " is neither the old one nor the new one, but has " + (now == null ? "gone" : now.length + " bytes"));
      }
    });
  }

  private void runAgain(State before) throws Exception {
    Map<String, byte[]> there = Trees.read(target());
    if (job.isInPlace() && !Trees.WRITTEN.equals(Trees.modified(target().resolve(Job.FILE)))) {
      // Its time comes last, when all was compared: without it nobody knows whose it is, unless it is shorter.
      there.computeIfPresent(Job.FILE, (name, bytes) -> bytes.length == wanted.get(name).length ? null : bytes);
    }
    proxy.begin(null, witness(before));
    runHere(GENEROUS);
    awaitEnd();
    proxy.end();
    List<ProxyTransfer> transfers = proxy.transfers();
    ground.quiet().await();
    assertWhole();
    assertNothingTwice(before, there, transfers);
  }

  private void assertNothingTwice(State before, Map<String, byte[]> there, List<ProxyTransfer> transfers) {
    long missing = 0;
    long parts = 0;
    for (Map.Entry<String, byte[]> file : wanted.entrySet()) {
      byte[] now = there.get(file.getKey());
      boolean whole = now != null && Arrays.equals(now, file.getValue());
      if (!whole) {
        long part = partOf(file.getKey(), file.getValue(), before, there);
        parts += part;
        missing += file.getValue().length - part;
      }
    }
    tally.found(missing == 0 && parts == 0, parts);
    transfers.forEach(one -> {
      byte[] now = there.get(nameOf(one.path()));
      if (now != null && Arrays.equals(now, wanted.get(nameOf(one.path()))) && !job.isInPlace()) {
        fail(one + " although it was there whole");
      }
    });
    // What an upload fetches is the end of a file that may be a beginning of its own, to prove that it is one.
    List<ProxyTransfer> proofs =
        transfers.stream().filter(one -> job.isUpwards() && one.verb().equals("RETR")).toList();
    proofs.stream().filter(one -> one.bytes() > MOST_OF_A_PROOF).findAny().ifPresent(one -> fail(one + " proves too much"));
    long sent = transfers.stream().filter(one -> !proofs.contains(one)).mapToLong(ProxyTransfer::bytes).sum();
    if (sent > missing) {
      fail("only " + missing + " bytes were missing, but these were transferred: " + transfers);
    }
  }

  /** The full name of what was transferred under a path. */
  private String nameOf(String path) {
    return fullName(path.substring(path.indexOf(remoteName() + "/") + remoteName().length() + 1));
  }

  private String fullName(String name) {
    int slash = name.lastIndexOf('/') + 1;
    if (!job.isUpwards() || !name.startsWith(".", slash) || !name.endsWith(".part")) {
      return name;
    }
    return name.substring(0, slash) + name.substring(slash + 1, name.length() - ".12345678.part".length());
  }

  /** How much of a file is there under another name, or under its own if it is written in place. */
  private long partOf(String name, byte[] wanted, State before, Map<String, byte[]> there) {
    if (job.isInPlace()) {
      byte[] now = there.getOrDefault(name, new byte[0]);
      return Arrays.equals(now, before.older().get(name)) || !isBeginning(now, wanted) ? 0 : now.length;
    }
    if (job.hasPlan() && !job.isUpwards()) {
      return 0; // with a journal nothing is built on bytes that may not have been forced to the disk
    }
    int slash = name.lastIndexOf('/') + 1;
    String start = name.substring(0, slash) + (job.isUpwards() ? "." : "") + name.substring(slash) + ".";
    return there.entrySet().stream()
        .filter(file -> file.getKey().startsWith(start) && file.getKey().endsWith(".part"))
        .filter(file -> isBeginning(file.getValue(), wanted))
        .mapToLong(file -> file.getValue().length)
        .sum();
  }

  private static boolean isBeginning(byte[] part, byte[] whole) {
    return part.length <= whole.length && Arrays.equals(part, 0, part.length, whole, 0, part.length);
  }

  private void assertWhole() throws IOException {
    Map<String, byte[]> there = Trees.read(target());
    if (job.isTree() && job.isUpwards()) {
      // A server may obey the last STOR of a lost session when the file was sent by another session and has its name.
      there.keySet().removeIf(name -> {
        // Where a server does not rename onto a file, a program that was killed leaves what it had set aside.
        String temporary = name.endsWith(".part.old") ? name.substring(0, name.length() - ".old".length()) : name;
        boolean late =
            temporary.endsWith(".part") && !wanted.containsKey(name) && wanted.containsKey(fullName(temporary));
        if (late) {
          tally.late();
        }
        return late;
      });
    }
    assertSame(wanted, there, "after it was run again");
  }

  private static void assertSame(Map<String, byte[]> wanted, Map<String, byte[]> there, String when) {
    assertEquals(wanted.keySet(), there.keySet(), when);
    wanted.forEach((name, bytes) -> assertTrue(Arrays.equals(bytes, there.get(name)), () -> name + " differs " + when));
  }
}
