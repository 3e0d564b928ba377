package io.loomftp.async;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The streams and subscribers of the user while the session's thread is inside them, where an abort has to interrupt it. */
final class UserCode {
  private static final Logger LOG = LoggerFactory.getLogger(UserCode.class);

  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Thread inside; // guarded by lock

  /** The present thread enters. */
  void enter() {
    inside(Thread.currentThread());
  }

  /** The present thread has left; an interrupt that it brings along was for the code of the user, or is from there. */
  void leave() {
    inside(null);
  }

  private void inside(@Nullable Thread thread) {
    lock.lock();
    try {
      inside = thread;
      if (Thread.interrupted()) {
        LOG.trace("an interrupt ends here");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Interrupts the thread that is inside. */
  void interrupt() {
    lock.lock();
    try {
      if (inside != null) {
        inside.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  /** A stream of the user, each of whose calls can be interrupted. */
  InputStream source(InputStream users) {
    return new FilterInputStream(users) {
      @Override
      public int read() throws IOException {
        enter();
        try {
          return in.read();
        } finally {
          leave();
        }
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        enter();
        try {
          return in.read(target, offset, length);
        } finally {
          leave();
        }
      }
    };
  }

  /** A stream of the user, each of whose calls can be interrupted. */
  OutputStream target(OutputStream users) {
    return new FilterOutputStream(users) {
      @Override
      public void write(int b) throws IOException {
        enter();
        try {
          out.write(b);
        } finally {
          leave();
        }
      }

      @Override
      public void write(byte[] source, int offset, int length) throws IOException {
        enter();
        try {
          out.write(source, offset, length);
        } finally {
          leave();
        }
      }

      @Override
      public void flush() throws IOException {
        enter();
        try {
          out.flush();
        } finally {
          leave();
        }
      }
    };
  }
}
