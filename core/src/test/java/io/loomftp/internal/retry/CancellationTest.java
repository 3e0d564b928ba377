package io.loomftp.internal.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CancellationTest {
  private final Cancellation cancellation = new Cancellation();
  private final AtomicInteger runs = new AtomicInteger();

  @Test
  void aWaitThatBeginsAfterwardsEndsAtOnce() throws Exception {
    cancellation.cancel();
    assertTrue(cancellation.isCancelled());
    assertTrue(cancellation.await(Duration.ofHours(1)));
  }

  @Test
  void aWaitThatIsRunningEnds() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    FutureTask<Boolean> waiting =
        new FutureTask<>(
            () -> {
              begun.countDown();
              return cancellation.await(Duration.ofHours(1));
            });
    Thread.ofVirtual().start(waiting);
    begun.await();
    cancellation.cancel();
    assertTrue(waiting.get());
  }

  @Test
  void aWaitThatIsNotCancelledEndsByItself() throws Exception {
    assertFalse(cancellation.await(Duration.ofMillis(1)));
  }

  @Test
  void anInterruptEndsAWait() {
    FutureTask<Boolean> waiting =
        new FutureTask<>(
            () -> {
              Thread.currentThread().interrupt();
              return cancellation.await(Duration.ofHours(1));
            });
    Thread.ofVirtual().start(waiting);
    ExecutionException e = assertThrows(ExecutionException.class, waiting::get);
    assertEquals(InterruptedException.class, e.getCause().getClass());
  }

  @Test
  void actionsRunOnceAndLateOnesAtOnce() {
    cancellation.onCancel(runs::incrementAndGet);
    cancellation.cancel();
    cancellation.cancel();
    assertEquals(1, runs.get());
    cancellation.onCancel(runs::incrementAndGet);
    assertEquals(2, runs.get());
  }

  @Test
  void aClosedRegistrationDoesNotRun() {
    cancellation.onCancel(runs::incrementAndGet).close();
    cancellation.cancel();
    assertEquals(0, runs.get());
  }
}
