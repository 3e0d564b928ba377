package io.loomftp.examples.samples;

import io.loomftp.async.AsyncFtp;
import io.loomftp.async.AsyncFtpSession;
import io.loomftp.async.FtpEvent;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;

/** How do I receive the events of many sessions in one place? On the bus; each event has the alias of its session. */
public final class ManySessionsBus {
  private static final int SESSIONS = 500;

  /** Sessions that connect at the same time: more than a server's backlog, often 50, may wait long for the greeting. */
  private static final int WAVE = 25;

  private ManySessionsBus() {}

  /** Five hundred sessions at a time read the file of the address, or {@code /pub/notes.txt} of the embedded server. */
  public static void main(String... arguments) throws IOException, InterruptedException {
    try (Target target = Target.of(arguments, "/pub/notes.txt");
        AsyncFtp ftp = AsyncFtp.create()) {
      long begin = System.nanoTime();
      AtomicLong bytes = new AtomicLong(); // events of different sessions are delivered concurrently
      AtomicLong done = new AtomicLong();
      ftp.on("get_data", FtpEvent.Data.class, e -> bytes.addAndGet(e.block().remaining()));
      ftp.on(
          "get_done",
          e -> {
            done.incrementAndGet();
            ftp.post(e.session(), "quit");
          });
      ftp.on(
          "all",
          FtpEvent.Failed.class,
          e -> {
            System.err.println(e.session() + ": " + e);
            ftp.session(e.session()).ifPresent(AsyncFtpSession::close);
          });

      List<AsyncFtpSession> sessions =
          IntStream.range(0, SESSIONS).mapToObj(i -> ftp.session("reader-" + i, target.config())).toList();
      for (int i = 0; i < SESSIONS; i += WAVE) {
        all(sessions.subList(i, i + WAVE), AsyncFtpSession::connect).join(); // all are logged in before the first continues
      }
      sessions.forEach(s -> ftp.post(s.alias(), "get", target.path()));
      all(sessions, AsyncFtpSession::ended).join();
      System.out.printf("%d of %d sessions read %d bytes in %d ms%n",
          done.get(), SESSIONS, bytes.get(), (System.nanoTime() - begin) / 1_000_000);
    }
  }

  private static CompletableFuture<Void> all(
      List<AsyncFtpSession> sessions, Function<AsyncFtpSession, CompletableFuture<?>> verb) {
    return CompletableFuture.allOf(sessions.stream().map(verb).toArray(CompletableFuture[]::new));
  }
}
