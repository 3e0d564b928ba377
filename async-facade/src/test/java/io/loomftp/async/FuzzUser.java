package io.loomftp.async;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;

/** Streams, publishers and subscribers of a random program; those with a fault fail after some bytes. */
final class FuzzUser {
  private FuzzUser() {}

  /** An exception that has no text. */
  static final class Unprintable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no message");
    }

    @Override
    public String toString() {
      throw new IllegalStateException("no text");
    }
  }

  static RuntimeException fault(Random random) {
    return random.nextBoolean() ? new Unprintable() : new IllegalStateException("a fault of the user");
  }

  /** A source that fails at that byte; never when negative. */
  static InputStream source(byte[] content, int fault, Random random) {
    return new ByteArrayInputStream(content) {
      @Override
      public synchronized int read(byte[] block, int offset, int length) {
        if (fault >= 0 && pos >= fault) {
          throw fault(random);
        }
        return super.read(block, offset, length);
      }
    };
  }

  /** Keeps what is written. */
  static final class Sink extends OutputStream {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final int fault;
    private final Random random;

    Sink(int fault, Random random) {
      this.fault = fault;
      this.random = random;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] block, int offset, int length) throws IOException {
      if (fault >= 0 && bytes.size() >= fault) {
        if (random.nextBoolean()) {
          throw new IOException("the sink is full");
        }
        throw fault(random);
      }
      bytes.write(block, offset, length);
    }
  }

  /** Keeps what is published, and counts the ends. */
  static final class Subscriber implements Flow.Subscriber<ByteBuffer> {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final AtomicInteger ends = new AtomicInteger();
    volatile boolean complete;
    volatile boolean cancelled;
    private final int fault;
    private final Random random;
    private volatile Flow.Subscription subscription;

    Subscriber(int fault, Random random) {
      this.fault = fault;
      this.random = random;
    }

    @Override
    public void onSubscribe(Flow.Subscription offered) {
      subscription = offered;
      offered.request(1);
    }

    @Override
    public void onNext(ByteBuffer block) {
      byte[] copy = new byte[block.remaining()];
      block.get(copy);
      bytes.writeBytes(copy);
      if (fault < 0 || bytes.size() < fault) {
        subscription.request(1);
      } else if (random.nextBoolean()) {
        cancelled = true;
        subscription.cancel();
      } else {
        throw fault(random);
      }
    }

    @Override
    public void onError(Throwable reason) {
      ends.incrementAndGet();
    }

    @Override
    public void onComplete() {
      complete = true;
      ends.incrementAndGet();
    }
  }

  /** Publishes the content in pieces. */
  static Flow.Publisher<ByteBuffer> publisher(byte[] content, int fault, Random random) {
    return subscriber -> {
      if (fault == 0) {
        throw fault(random);
      }
      subscriber.onSubscribe(
          new Flow.Subscription() {
            private int at;
            private boolean over;

            @Override
            public void request(long n) {
              if (over) {
                return;
              }
              if (fault > 0 && at >= fault) {
                over = true;
                subscriber.onError(fault(random));
              } else if (at < content.length) {
                int length = Math.min(content.length - at, 1 + random.nextInt(70_000));
                at += length;
                subscriber.onNext(ByteBuffer.wrap(content, at - length, length).slice());
              } else {
                over = true;
                subscriber.onComplete();
              }
            }

            @Override
            public void cancel() {
              over = true;
            }
          });
    };
  }
}
