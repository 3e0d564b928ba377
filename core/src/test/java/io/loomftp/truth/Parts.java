package io.loomftp.truth;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loomftp.FtpException;
import io.loomftp.testkit.DataHook;
import io.loomftp.testkit.ScriptedServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** Leaves the beginning of a download behind: a download that breaks off in the middle. */
final class Parts {
  private Parts() {}

  /** Of a file whose first version is at the server. */
  static void leave(ScriptedServer server, Fetch kind, String folder, String name, Path target, int size) throws FtpException {
    AtomicLong sent = new AtomicLong();
    DataHook breaking =
        (c, moment, bytes) -> {
          if (moment == DataHook.Moment.DATA && c.request().verb().equals("RETR") && sent.addAndGet(65_536) > size / 2) {
            throw new IOException("no more");
          }
        };
    server.duringData(breaking);
    try (Fetch.Way way = kind.open(Truth.config(server.port(), "alice", "secret"))) {
      assertThrows(
          IOException.class, () -> way.fetch(folder, name, target, kind.options(), new ByteArrayOutputStream()));
    } finally {
      server.duringData((c, moment, bytes) -> {});
    }
  }
}
