package io.loomftp.async;

import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Waits for a future in all ways there are, alone and composed with others of the session. */
final class FuzzWaits {
  private static final int WAYS = 13;
  private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

  private FuzzWaits() {}

  static void wait(
      BiFunction<String, CompletableFuture<?>, CompletableFuture<?>> track, AsyncFtpSession s, String who,
      CompletableFuture<?> future, Random choice, boolean calm, Consumer<String> steps, Consumer<String> breaches) {
    int way = choice.nextInt(WAYS);
    if (way >= 11 && calm) {
      way = 0;
    }
    steps.accept(who + " waits, way " + way);
    try {
      switch (way) {
        case 0 -> future.join();
        case 1 -> future.get();
        case 2 -> future.get(1 + choice.nextInt(3_000), TimeUnit.MILLISECONDS);
        case 3 -> CompletableFuture.allOf(future, track.apply("noop", s.noop())).join();
        case 4 -> CompletableFuture.anyOf(future, track.apply("pwd", s.pwd())).join();
        case 5 -> future.thenCompose(value -> track.apply("noop", s.noop())).join();
        case 6 -> future.thenCombine(track.apply("pwd", s.pwd()), (one, other) -> one).join();
        case 7 -> CompletableFuture.supplyAsync(() -> future.join(), THREADS).join();
        case 8 -> future.handle((value, trouble) -> trouble).join();
        case 9 -> future.thenApply(value -> track.apply("noop", s.noop()).join()).join();
        case 10 -> (future instanceof FtpFuture<?> own ? own.whole() : future).thenApply(value -> value).join();
        case 11 -> future.orTimeout(choice.nextInt(300), TimeUnit.MILLISECONDS).join();
        default -> s.ended().get(choice.nextInt(100), TimeUnit.MILLISECONDS);
      }
    } catch (CompletionException | ExecutionException | TimeoutException | IllegalStateException e) {
      steps.accept(who + " waited in vain: " + text(e));
      if (calm && e instanceof IllegalStateException && !(e instanceof CancellationException)) {
        breaches.accept(who + " could not wait, way " + way + ": " + text(e));
      }
    } catch (InterruptedException e) {
      steps.accept(who + " was interrupted");
    }
  }

  static String text(Throwable thrown) {
    try {
      return thrown.toString();
    } catch (RuntimeException e) {
      return thrown.getClass().getName();
    }
  }
}
