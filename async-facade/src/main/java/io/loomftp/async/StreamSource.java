package io.loomftp.async;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.Flow;

/** A publisher that reads a stream of the user, on the events thread. */
final class StreamSource implements Flow.Publisher<ByteBuffer> {
  private final InputStream in;
  private final int blockSize;

  StreamSource(InputStream in, int blockSize) {
    this.in = in;
    this.blockSize = blockSize;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    subscriber.onSubscribe(new Reading(subscriber));
  }

  /** One subscription, used by one thread at a time. */
  private final class Reading implements Flow.Subscription {
    private final Flow.Subscriber<? super ByteBuffer> subscriber;
    private final byte[] block = new byte[blockSize];
    private long demand;
    private boolean reading;
    private volatile boolean ended;

    Reading(Flow.Subscriber<? super ByteBuffer> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long n) {
      demand += n;
      if (reading) {
        return; // requested from onNext: the loop below continues
      }
      reading = true;
      try {
        while (demand > 0 && !ended) {
          demand--;
          readOne();
        }
      } finally {
        reading = false;
      }
    }

    private void readOne() {
      try {
        int n = in.read(block);
        if (n < 0) {
          ended = true;
          subscriber.onComplete();
        } else {
          subscriber.onNext(ByteBuffer.wrap(Arrays.copyOf(block, n)));
        }
      } catch (IOException e) {
        ended = true;
        subscriber.onError(e);
      }
    }

    @Override
    public void cancel() {
      ended = true;
    }
  }
}
