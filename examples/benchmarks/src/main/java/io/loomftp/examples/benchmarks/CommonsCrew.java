package io.loomftp.examples.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Some threads, each with a session of Commons Net, that take the next file until none is left. */
final class CommonsCrew implements AutoCloseable {
  private final List<CommonsClient> clients = new ArrayList<>();
  private final ExecutorService threads;

  private CommonsCrew(int sessions) {
    threads = Executors.newFixedThreadPool(sessions);
  }

  /** Connects all sessions at once. */
  static CommonsCrew connect(Endpoint server, int sessions) throws IOException, InterruptedException {
    CommonsCrew crew = new CommonsCrew(sessions);
    Callable<CommonsClient> one = () -> new CommonsClient(server, CommonsClient.AS_IT_COMES);
    for (Future<CommonsClient> client : crew.threads.invokeAll(Collections.nCopies(sessions, one))) {
      try {
        crew.clients.add(client.get());
      } catch (ExecutionException e) {
        crew.close();
        throw new IOException("Commons Net cannot connect", e);
      }
    }
    return crew;
  }

  /** What is done with one file. */
  @FunctionalInterface
  interface Work {
    /** Fetches the file with this number. */
    void run(CommonsClient client, int file) throws IOException;
  }

  /** Does the work for the numbers from 0. */
  void run(int files, Work work) throws Exception {
    AtomicInteger next = new AtomicInteger();
    List<Callable<Integer>> all = new ArrayList<>();
    for (CommonsClient client : clients) {
      all.add(
          () -> {
            int done = 0;
            for (int file = next.getAndIncrement(); file < files; file = next.getAndIncrement()) {
              work.run(client, file);
              done++;
            }
            return done;
          });
    }
    for (Future<Integer> one : threads.invokeAll(all)) {
      one.get();
    }
  }

  @Override
  public void close() throws IOException {
    threads.shutdown();
    for (CommonsClient client : clients) {
      client.close();
    }
  }
}
