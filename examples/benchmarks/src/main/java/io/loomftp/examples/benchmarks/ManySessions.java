package io.loomftp.examples.benchmarks;

import io.loomftp.Ftp;
import io.loomftp.FtpConfig;
import io.loomftp.FtpInputStream;
import io.loomftp.FtpSession;
import io.loomftp.Timeouts;
import io.loomftp.TlsPolicy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * Opens very many sessions, keeps them all, then fetches 64 KiB with each and compares every byte. Prints, as lines for
 * {@link Rival#figures}, what a session takes of the heap, resident memory, platform threads and failures.
 *
 * <p>Virtual threads open and use the sessions, so many at a time as file descriptors allow.
 */
public final class ManySessions {
  /** The file that each session fetches. */
  static final String FILE = "/64k.bin";
  /** This library. */
  static final String LOOM = "LoomFTP";
  /** Its peer, also on virtual threads. */
  static final String COMMONS = CommonsClient.NAME + ", on virtual threads, with -Xmx2g";

  private static final int AT_A_TIME = 100;
  private static final int FILE_BYTES = 64 << 10;
  private static final String USER = "user";
  private static final String PASSWORD = "password";

  private final byte[] right = content();
  private final Semaphore turns = new Semaphore(AT_A_TIME);

  private ManySessions() {}

  /** Opens a session of some client. */
  private interface Opening {
    AutoCloseable open() throws IOException;
  }

  /** The content of the file. */
  static byte[] content() {
    byte[] content = new byte[FILE_BYTES];
    new SplittableRandom(FILE_BYTES).nextBytes(content);
    return content;
  }

  /** The arguments are the client, the port, the number of sessions, and the SHA-256 of the certificate or {@code -}. */
  public static void main(String[] args) throws Exception {
    Endpoint server = new Endpoint("127.0.0.1", Integer.parseInt(args[1]), USER, PASSWORD, false, true);
    TlsPolicy tls =
        args[3].equals("-") ? TlsPolicy.none() : TlsPolicy.explicit().withProtocols("TLSv1.3").withPin(args[3]);
    FtpConfig config = server.config().toBuilder().tls(tls).timeouts(Timeouts.of(Duration.ofMinutes(2))).build();
    Opening opening = args[0].equals(LOOM)
        ? () -> Ftp.open(config)
        : () -> new CommonsClient(server, CommonsClient.AS_IT_COMES);
    new ManySessions().run(Integer.parseInt(args[2]), opening);
  }

  private void run(int count, Opening opening) throws Exception {
    try (AutoCloseable warmUp = opening.open()) { // what is made once is made now
      fetch(warmUp);
    }
    long before = heapInUse();
    List<AutoCloseable> sessions = all(Fixture.upTo(count).stream().<Callable<AutoCloseable>>map(i -> opening::open).toList());
    double each = (double) Math.max(0, heapInUse() - before) / Math.max(1, sessions.size());
    List<Boolean> fetched = all(
        sessions.stream()
            .<Callable<Boolean>>map(
                session -> () -> {
                  fetch(session);
                  return true;
                })
            .toList());
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    figure(out, SessionRows.HEAP, each);
    figure(out, SessionRows.FAILURES, count - fetched.size());
    figure(out, SessionRows.THREADS, ManagementFactory.getThreadMXBean().getPeakThreadCount());
    figure(out, SessionRows.RESIDENT, Proc.peakKilobytes(ProcessHandle.current().pid()) * 1024.0);
    System.exit(0); // the process takes the sessions with it
  }

  private static void figure(PrintStream out, String name, double value) {
    out.printf(Locale.ROOT, "figure %s=%.0f%n", name, value);
  }

  /** Runs all on virtual threads; the results of those that did not fail. */
  private <T> List<T> all(List<Callable<T>> tasks) throws InterruptedException {
    List<T> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> futures = tasks.stream().map(task -> threads.submit(() -> inTurn(task))).toList();
      for (Future<T> future : futures) {
        try {
          results.add(future.get());
        } catch (ExecutionException e) {
          System.err.println(e.getCause());
        }
      }
    }
    return results;
  }

  private <T> T inTurn(Callable<T> task) throws Exception {
    turns.acquire();
    try {
      return task.call();
    } finally {
      turns.release();
    }
  }

  private void fetch(AutoCloseable session) throws IOException {
    byte[] content = switch (session) {
      case FtpSession ftp -> {
        try (FtpInputStream in = ftp.get(FILE)) {
          yield in.readAllBytes();
        }
      }
      case CommonsClient ftp -> {
        ByteArrayOutputStream sink = new ByteArrayOutputStream(FILE_BYTES);
        ftp.get(FILE, sink);
        yield sink.toByteArray();
      }
      default -> throw new IllegalArgumentException(Objects.toString(session));
    };
    if (!Arrays.equals(right, content)) {
      throw new IOException("wrong bytes");
    }
  }

  private static long heapInUse() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
