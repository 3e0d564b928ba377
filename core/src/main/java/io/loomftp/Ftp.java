package io.loomftp;

import io.loomftp.internal.session.SessionCore;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Opens sessions.
 *
 * {@snippet :
 * long size = Ftp.run(config, ftp -> ftp.size("huge.iso"));   // on a virtual thread of its own, and waits
 * Future<Long> later = Ftp.start(config, ftp -> ftp.size("huge.iso"));   // the same without waiting
 * try (FtpSession ftp = Ftp.open(config)) {   // on the caller's thread
 *   ftp.get("today.csv", Path.of("today.csv"));
 * }
 * }
 *
 * <p>All methods are safe for use by any thread.
 */
public final class Ftp {
  private static final AtomicLong SESSIONS = new AtomicLong();

  private Ftp() {}

  /**
   * Connects and logs in, on the caller's thread.
   *
   * @return a session that is ready; the caller closes it
   * @throws FtpConnectException when no connection can be made, or the server refuses it; {@link FtpProxyException} where a
   *     proxy is the reason
   * @throws FtpTlsException when TLS is demanded and cannot be established
   * @throws FtpLoginException when the user, the password or the account is refused
   * @throws FtpClosedException also when a command of {@link FtpConfig#afterLogin()} is refused
   * @throws FtpException for every other failure
   */
  public static FtpSession open(FtpConfig config) throws FtpException {
    Credentials credentials =
        config
            .credentials()
            .orElseThrow(() -> new IllegalArgumentException("no credentials in the configuration: use connect and login"));
    FtpSession session = connect(config);
    try {
      session.login(credentials);
      return session;
    } catch (Throwable e) {
      session.close();
      throw e;
    }
  }

  /**
   * Connects, with TLS where it is configured, but does not log in: {@link FtpSession#login} does.
   *
   * @return a session that is connected; the caller closes it
   * @throws FtpException as {@link #open} does
   */
  public static FtpSession connect(FtpConfig config) throws FtpException {
    return new FtpSession(SessionCore.connect(config));
  }

  /**
   * Runs a script with a session of its own on a virtual thread of its own, and waits for it. The session is closed
   * afterwards. Interrupting the caller ends the script: its connection is closed, and this returns when it has ended.
   *
   * @return what the script returned
   * @throws FtpException when connecting or logging in fails, see {@link #open}
   * @throws IOException what the script threw
   * @throws InterruptedException when the caller was interrupted, or the script threw it
   */
  public static <T extends @Nullable Object> T run(FtpConfig config, FtpScript<T> script)
      throws IOException, InterruptedException {
    Running<T> running = begin(config, script);
    try {
      return running.get();
    } catch (InterruptedException e) {
      running.cancel(true);
      running.thread.join();
      throw e;
    } catch (ExecutionException e) {
      throw unwrap(e);
    }
  }

  /**
   * Runs a script with a session of its own on a virtual thread of its own, and does not wait for it.
   *
   * @return what the script will return; {@code cancel(true)} closes its connection and so ends it
   */
  public static <T extends @Nullable Object> Future<T> start(FtpConfig config, FtpScript<T> script) {
    return begin(config, script);
  }

  private static <T extends @Nullable Object> Running<T> begin(FtpConfig config, FtpScript<T> script) {
    var running =
        new Running<T>(
            () -> {
              try (FtpSession session = open(config)) {
                return script.run(session);
              }
            });
    running.thread.start();
    return running;
  }

  /** The thread belongs to the future so that its end can be waited for. */
  private static final class Running<T extends @Nullable Object> extends FutureTask<T> {
    private final Thread thread;

    Running(Callable<T> work) {
      super(work);
      thread = Thread.ofVirtual().name("ftp-session-" + SESSIONS.incrementAndGet()).unstarted(this);
    }
  }

  /** The exception of the script, unwrapped. */
  private static IOException unwrap(ExecutionException e) throws InterruptedException {
    return switch (Objects.requireNonNull(e.getCause())) {
      case IOException io -> io;
      case InterruptedException interrupted -> throw interrupted;
      case RuntimeException runtime -> throw runtime;
      case Error error -> throw error;
      default -> new IOException(e);
    };
  }
}
