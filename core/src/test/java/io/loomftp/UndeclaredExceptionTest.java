package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.ScriptedServer;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Code of other languages throws checked exceptions where none is declared: it is taken as any other failure of the user's code. */
@Timeout(60)
class UndeclaredExceptionTest {
  private final ScriptedServer server = ScriptedServer.start().file("/a.txt", "0123456789");

  @AfterEach
  void close() {
    server.close();
  }

  private FtpConfig.Builder config() {
    return FtpConfig.builder("localhost")
        .port(server.port()).credentials("alice", "secret").timeouts(Timeouts.of(Duration.ofSeconds(5)));
  }

  private static RuntimeException undeclared() {
    throw UndeclaredExceptionTest.<RuntimeException>unchecked(new Exception("of another language"));
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> E unchecked(Throwable any) throws E {
    throw (E) any;
  }

  private static InputStream source(boolean throwing) {
    return new InputStream() {
      private int left = 100_000;

      @Override
      public int read() {
        if (throwing && left < 50_000) {
          throw undeclared();
        }
        return left-- > 0 ? 7 : -1;
      }
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"source", "target", "body", "progress"})
  void transferThatItEndsIsAbortedAndTheSessionStaysUsable(String where) throws Exception {
    try (FtpSession ftp = Ftp.open(config().build())) {
      assertThrows(
          Exception.class,
          () -> {
            switch (where) {
              case "source" -> ftp.put(source(true), "up", TransferOptions.defaults());
              case "target" -> ftp.get(
                  "a.txt",
                  new OutputStream() {
                    @Override
                    public void write(int b) {
                      throw undeclared();
                    }
                  },
                  TransferOptions.defaults());
              case "body" -> ftp.put(
                  "up",
                  out -> {
                    out.write(7);
                    throw undeclared();
                  });
              default -> ftp.put(
                  source(false), "up", TransferOptions.defaults().progress(state -> {
                    throw undeclared();
                  }));
            }
          });
      assertEquals("/", ftp.pwd());
      assertTrue(server.paths().stream().noneMatch(path -> path.contains("up")), () -> server.paths().toString());
    }
  }

  @Test
  void listenerThatThrowsItEndsTheConnection() throws Exception {
    AtomicBoolean armed = new AtomicBoolean();
    SessionListener listener =
        new SessionListener() {
          @Override
          public void commandSent(String command) {
            if (armed.get()) {
              throw undeclared();
            }
          }
        };
    try (FtpSession ftp = Ftp.open(config().listener(listener).build())) {
      armed.set(true);
      assertThrows(Exception.class, () -> ftp.size("a.txt"));
      armed.set(false);
      assertThrows(FtpClosedException.class, () -> ftp.size("a.txt"));
    }
  }
}
