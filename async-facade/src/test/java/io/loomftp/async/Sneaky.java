package io.loomftp.async;

import java.util.concurrent.CountDownLatch;

/** Code of users as compilers of other languages make it: it throws checked exceptions where none is declared. */
final class Sneaky {
  private Sneaky() {}

  /** Throws it. */
  static RuntimeException thrown(Throwable any) {
    throw Sneaky.<RuntimeException>unchecked(any);
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> E unchecked(Throwable any) throws E {
    throw (E) any;
  }

  /** Waits for it; an interrupt is thrown on. */
  static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw thrown(e);
    }
  }
}
