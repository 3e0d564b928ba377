package io.loomftp.pool;

import io.loomftp.ErrorKind;
import io.loomftp.Ftp;
import io.loomftp.FtpConfig;
import io.loomftp.FtpConnectException;
import io.loomftp.FtpException;
import io.loomftp.FtpSession;
import io.loomftp.internal.control.ConnectionPermits;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Opens sessions on threads of their own, so that a thread that waits for one can be given another that is returned in the
 * meantime.
 */
final class SessionOpener {
  private final FtpConfig config;
  private final Consumer<FtpSession> opened;
  private final Consumer<FtpException> failed;
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  /** One of the two is called once for each session, on the thread that opened it. */
  SessionOpener(FtpConfig config, Consumer<FtpSession> opened, Consumer<FtpException> failed) {
    this.config = config;
    this.opened = opened;
    this.failed = failed;
  }

  /** Opens a session with this permit. */
  void open(ConnectionPermits.Permit permit) {
    Thread thread = Thread.ofVirtual().name("ftp-pool-opener").unstarted(() -> run(permit));
    threads.add(thread);
    thread.start();
  }

  /** Interrupts the opening of all sessions. */
  void interrupt() {
    threads.forEach(Thread::interrupt);
  }

  private void run(ConnectionPermits.Permit permit) {
    FtpSession session = null;
    try {
      session = permit.use(() -> Ftp.open(config));
      session.mark();
    } catch (FtpException e) {
      fail(session, e);
      return;
    } catch (Throwable e) {
      fail(session, new FtpConnectException("cannot open a session of " + config + ": " + e, ErrorKind.OTHER, List.of(), e));
      return;
    }
    threads.remove(Thread.currentThread());
    opened.accept(session);
  }

  private void fail(@Nullable FtpSession session, FtpException reason) {
    if (session != null) {
      session.close();
    }
    threads.remove(Thread.currentThread());
    failed.accept(reason);
  }
}
