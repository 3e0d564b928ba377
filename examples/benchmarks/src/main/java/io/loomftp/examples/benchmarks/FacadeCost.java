package io.loomftp.examples.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.loomftp.Ftp;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.FtpSession;
import io.loomftp.Reply;
import io.loomftp.TransferOptions;
import io.loomftp.async.AsyncFtp;
import io.loomftp.async.AsyncFtpSession;
import io.loomftp.async.FtpEvent;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What do futures and events cost beside the core? One large download by the core (on a platform thread and on a
 * virtual one, as sessions of the facade have), by a future into a stream and by events; many NOOPs by the core, by futures
 * posted at once and by futures waited for one by one. The rivals take turns in one run;
 * medians of wall and of processor time of this program, and their ratios to the core, are printed.
 *
 * <p>The server is given by environment variables: {@code FTP_HOST}, {@code FTP_PORT} (21), {@code FTP_USER} (anonymous),
 * {@code FTP_PASSWORD}, {@code FTP_FILE} (a large file), {@code FTP_ROUNDS} (5), {@code FTP_NOOPS} (5000).
 */
public final class FacadeCost {
  private final FtpConfig config =
      FtpConfig.builder(given("FTP_HOST", "localhost"))
          .port(Integer.parseInt(given("FTP_PORT", "21")))
          .credentials(given("FTP_USER", "anonymous"), given("FTP_PASSWORD", "nobody@example.org"))
          .build();
  private final String file = given("FTP_FILE", "/pub/large.bin");
  private final int noops = Integer.parseInt(given("FTP_NOOPS", "5000"));
  private final Map<String, List<double[]>> results = new LinkedHashMap<>();

  private FacadeCost() {}

  private interface Work {
    void run() throws Exception;
  }

  /** Measures and prints. */
  public static void main(String[] args) throws Exception {
    new FacadeCost().run(Integer.parseInt(given("FTP_ROUNDS", "5")));
  }

  private static String given(String name, String otherwise) {
    return Optional.ofNullable(System.getenv(name)).orElse(otherwise);
  }

  private void run(int rounds) throws Exception {
    try (FtpSession core = Ftp.open(config);
        AsyncFtp bus = AsyncFtp.create()) {
      AsyncFtpSession plain = AsyncFtp.session(config);
      plain.connect().join();
      AsyncFtpSession heard = bus.session("heard", config);
      AtomicLong bytes = new AtomicLong();
      heard.on("get_data", FtpEvent.Data.class, e -> bytes.addAndGet(e.block().remaining()));
      heard.connect().join();
      long size = core.size(file);
      for (int round = 0; round <= rounds; round++) {
        boolean counts = round > 0; // the first one warms up
        measure(counts, "get, core", () -> download(core));
        measure(counts, "get, core, virtual", () -> onVirtualThread(() -> download(core)));
        measure(counts, "get, future", () -> plain.get(file, OutputStream.nullOutputStream()).join());
        bytes.set(0);
        measure(counts, "get, events", () -> heard.post("get", file).join());
        heard.noop().join();
        if (bytes.get() != size) {
          throw new IllegalStateException(bytes + " bytes came by events, not " + size);
        }
        measure(counts, "noop, core", () -> repeat(core::noop));
        measure(counts, "noop, core, virtual", () -> onVirtualThread(() -> repeat(core::noop)));
        measure(counts, "noop, futures at once", () -> postAll(plain));
        measure(counts, "noop, futures in turn", () -> repeat(() -> plain.noop().join()));
      }
      plain.quit().join();
    }
    print();
  }

  private void download(FtpSession core) throws FtpException {
    core.get(file, OutputStream.nullOutputStream(), TransferOptions.defaults());
  }

  /** Runs the work as sessions of the facade do. */
  private static void onVirtualThread(Work work) throws Exception {
    FutureTask<@Nullable Void> task =
        new FutureTask<>(
            () -> {
              work.run();
              return null;
            });
    Thread.ofVirtual().start(task);
    task.get();
  }

  private void repeat(Work work) throws Exception {
    for (int i = 0; i < noops; i++) {
      work.run();
    }
  }

  private void postAll(AsyncFtpSession session) {
    List<CompletableFuture<Reply>> all = new ArrayList<>();
    for (int i = 0; i < noops; i++) {
      all.add(session.noop());
    }
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
  }

  private void measure(boolean counts, String name, Work work) throws Exception {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = system.getProcessCpuTime();
    long wall = System.nanoTime();
    work.run();
    double[] seconds = {(System.nanoTime() - wall) / 1e9, (system.getProcessCpuTime() - cpu) / 1e9};
    if (counts) {
      results.computeIfAbsent(name, key -> new ArrayList<>()).add(seconds);
    }
  }

  private void print() {
    System.out.printf("%-24s %9s %9s %11s %11s%n", "", "wall s", "CPU s", "wall/core", "CPU/core");
    results.forEach(
        (name, rounds) -> {
          String core = name.substring(0, name.indexOf(',')) + ", core";
          double wall = median(rounds, 0);
          double cpu = median(rounds, 1);
          System.out.printf(
              Locale.ROOT, "%-24s %9.3f %9.3f %11.2f %11.2f%n", name, wall, cpu,
              wall / median(results.getOrDefault(core, rounds), 0), cpu / median(results.getOrDefault(core, rounds), 1));
        });
  }

  private static double median(List<double[]> rounds, int which) {
    double[] values = rounds.stream().mapToDouble(round -> round[which]).toArray();
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
