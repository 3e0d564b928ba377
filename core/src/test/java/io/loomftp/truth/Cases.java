package io.loomftp.truth;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs many independent cases at the same time, and fails with all that went wrong, each with what repeats it. */
final class Cases {
  private static final PrintStream FIGURES = System.out;
  private static final int MOST_TOLD = 12;
  private static final int PATIENCE_SECONDS = 120;
  private static final Duration SLOW = Duration.ofSeconds(3);

  /** One case; what it returns is counted. */
  @FunctionalInterface
  interface Body {
    String run() throws Exception;
  }

  private record Case(String name, Body body) {}

  private final String what;
  private final List<Case> cases = new ArrayList<>();

  Cases(String what) {
    this.what = what;
  }

  void add(String name, Body body) {
    cases.add(new Case(name, body));
  }

  /** So many at a time. */
  void run(int parallel) throws InterruptedException {
    long start = System.nanoTime();
    Map<String, Integer> ends = new TreeMap<>();
    Map<String, Duration> slow = new ConcurrentHashMap<>();
    List<String> wrong = new ArrayList<>();
    AssertionError first = null;
    Semaphore places = new Semaphore(parallel);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      List<Future<String>> all = new ArrayList<>();
      for (Case one : cases) {
        all.add(
            threads.submit(
                () -> {
                  places.acquire();
                  long begin = System.nanoTime();
                  try {
                    return one.body.run();
                  } finally {
                    places.release();
                    Duration took = Duration.ofNanos(System.nanoTime() - begin);
                    if (took.compareTo(SLOW) > 0) {
                      slow.put(one.name, took);
                    }
                  }
                }));
      }
      for (int i = 0; i < cases.size(); i++) {
        String name = cases.get(i).name;
        try {
          // The places are taken in no order: the last may wait for all.
          ends.merge(all.get(i).get(PATIENCE_SECONDS + cases.size(), TimeUnit.SECONDS), 1, Integer::sum);
        } catch (ExecutionException e) {
          wrong.add(name + ": " + e.getCause());
          first = first == null ? new AssertionError(e.getCause()) : first;
        } catch (TimeoutException e) {
          wrong.add(name + ": does not end");
          all.get(i).cancel(true);
        }
      }
    } finally {
      threads.shutdownNow();
    }
    FIGURES.printf(
        "%s, seed %d: %d cases, %s; %.1f s%s%n",
        what, Truth.SEED, cases.size(), ends, (System.nanoTime() - start) / 1e9, slow.isEmpty() ? "" : ", slow " + slow);
    if (!wrong.isEmpty()) {
      String some = String.join("\n  ", wrong.subList(0, Math.min(MOST_TOLD, wrong.size())));
      throw new AssertionError(
          what + ", seed " + Truth.SEED + ": " + wrong.size() + " of " + cases.size() + " went wrong:\n  " + some, first);
    }
  }
}
