package io.loomftp.examples.samples;

import io.loomftp.FtpConfig;
import io.loomftp.SessionListener;
import io.loomftp.pool.FtpPool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** How do many threads share few sessions? They lease them from a pool, each for one job. */
public final class SharedSessions {
  private static final int JOBS = 200;
  private static final int SESSIONS = 4;

  private SharedSessions() {}

  /** Two hundred threads read the file of the address, or {@code /pub/notes.txt} of the embedded server. */
  public static void main(String... arguments) throws IOException, InterruptedException, ExecutionException {
    try (Target target = Target.of(arguments, "/pub/notes.txt")) {
      AtomicInteger opened = new AtomicInteger();
      FtpConfig counting = target.config().toBuilder().listener(new Logins(opened)).build();
      long begin = System.nanoTime();
      long bytes;
      try (FtpPool pool = FtpPool.of(counting, SESSIONS)) {
        bytes = readAll(pool, target.path());
      }
      System.out.printf("%d jobs by %d sessions, %d bytes, in %d ms%n",
          JOBS, opened.get(), bytes, (System.nanoTime() - begin) / 1_000_000);
    }
  }

  private static long readAll(FtpPool pool, String path) throws InterruptedException, ExecutionException {
    long bytes = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> jobs = new ArrayList<>();
      for (int i = 0; i < JOBS; i++) {
        jobs.add(threads.submit(() -> pool.run(ftp -> {
          try (var in = ftp.get(path)) {
            return in.readAllBytes().length;
          }
        })));
      }
      for (Future<Integer> job : jobs) {
        bytes += job.get();
      }
    }
    return bytes;
  }

  /** Counts the sessions by their logins. */
  private record Logins(AtomicInteger count) implements SessionListener {
    @Override
    public void commandSent(String command) {
      if (command.startsWith("USER ")) {
        count.incrementAndGet();
      }
    }
  }
}
