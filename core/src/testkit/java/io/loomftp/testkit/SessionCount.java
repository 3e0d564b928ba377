package io.loomftp.testkit;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.ftpserver.ftplet.DefaultFtplet;
import org.apache.ftpserver.ftplet.FtpSession;
import org.apache.ftpserver.ftplet.FtpletResult;

/** Counts the sessions of an embedded server. A session ends after its last command. */
final class SessionCount extends DefaultFtplet {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition fewer = lock.newCondition();
  private int sessions;

  @Override
  public FtpletResult onConnect(FtpSession session) {
    change(1);
    return FtpletResult.DEFAULT;
  }

  @Override
  public FtpletResult onDisconnect(FtpSession session) {
    change(-1);
    return FtpletResult.DEFAULT;
  }

  private void change(int by) {
    lock.lock();
    try {
      sessions += by;
      fewer.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void awaitNone(Duration patience) throws InterruptedException {
    long left = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (sessions > 0) {
        if (left <= 0) {
          throw new AssertionError(sessions + " sessions have not ended");
        }
        left = fewer.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
