package io.loomftp.async;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** How futures end, within a bound. */
final class Ends {
  private static final int BOUND_SECONDS = 20;

  private Ends() {}

  /** Its value. */
  static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(BOUND_SECONDS, TimeUnit.SECONDS);
  }

  /** Its failure. */
  static Throwable failure(CompletableFuture<?> future) {
    return assertThrows(ExecutionException.class, () -> get(future)).getCause();
  }
}
