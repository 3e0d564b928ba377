package io.loomftp.examples.samples;

import io.loomftp.async.AsyncFtp;
import io.loomftp.async.AsyncFtpSession;
import io.loomftp.async.FtpEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** May I post a whole file in one loop? Yes: put_data waits while too much is unsent, so memory stays small. */
public final class EventUpload {
  private static final int SIZE = 32 << 20;
  private static final int CHUNK = 64 << 10;

  private EventUpload() {}

  /** Uploads 32 MiB to the folder of the address, or {@code /pub} of the embedded server, and deletes them there again. */
  public static void main(String... arguments) throws IOException, InterruptedException {
    try (Target target = Target.of(arguments, "/pub");
        AsyncFtp ftp = AsyncFtp.create()) {
      Path file = Files.write(target.local("big.bin"), new byte[SIZE]);
      AsyncFtpSession s = ftp.session("upload", target.config());
      String path = target.in("loomftp-big.bin");
      AtomicInteger flushed = new AtomicInteger();
      s.on("authenticated", e -> s.post("put", path));
      s.on("put_connected", e -> postAll(s, file));
      s.on("put_flushed", e -> flushed.incrementAndGet()); // delivered when the loop has ended
      s.on(
          "put_closed", // the server has confirmed it
          e -> {
            s.post("size", path);
            s.post("delete", path);
            s.post("quit");
          });
      s.on("size", e -> System.out.printf("%s bytes are there, of %d chunks%n", e.text(), flushed.get()));
      s.on("all", FtpEvent.Failed.class, e -> giveUp(s, e));
      s.connect();
      s.ended().join();
    }
  }

  private static void postAll(AsyncFtpSession s, Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      for (byte[] chunk = in.readNBytes(CHUNK); chunk.length > 0; chunk = in.readNBytes(CHUNK)) {
        s.post("put_data", chunk); // returns at once unless FtpConfig.sendWindow() bytes are unsent
      }
      s.post("put_close");
    } catch (IOException e) {
      System.err.println(e);
      s.close(); // without put_close the upload is not complete, and it is not confirmed as complete
    }
  }

  private static void giveUp(AsyncFtpSession s, FtpEvent.Failed failure) {
    System.err.println(failure);
    s.close();
  }
}
