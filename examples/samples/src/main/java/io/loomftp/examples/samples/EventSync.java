package io.loomftp.examples.samples;

import io.loomftp.async.AsyncFtp;
import io.loomftp.async.AsyncFtpSession;
import io.loomftp.async.FtpEvent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** How do I upload in step with the network? Post the next chunk when the one before was flushed. */
public final class EventSync {
  private static final int CHUNK = 16 << 10;

  private EventSync() {}

  /** Uploads a text to the folder of the address, or to {@code /pub} of the embedded server, and deletes it there again. */
  public static void main(String... arguments) throws IOException, InterruptedException {
    byte[] text = "All work and no play.\n".repeat(5000).getBytes(StandardCharsets.UTF_8);
    try (Target target = Target.of(arguments, "/pub");
        AsyncFtp ftp = AsyncFtp.create();
        InputStream in = new ByteArrayInputStream(text)) {
      AsyncFtpSession s = ftp.session("sync", target.config());
      String path = target.in("loomftp-play.txt");
      s.on("authenticated", e -> s.post("put", path));
      s.on("put_connected", e -> postNext(s, in));
      s.on(
          "put_flushed",
          FtpEvent.Flushed.class,
          e -> {
            System.out.printf("%d bytes flushed%n", e.bytes());
            postNext(s, in);
          });
      s.on(
          "put_closed",
          e -> {
            System.out.println("confirmed: " + e.code());
            s.post("delete", path);
            s.post("quit");
          });
      s.on("all", FtpEvent.Failed.class, e -> giveUp(s, e));
      s.connect();
      s.ended().join();
    }
  }

  private static void postNext(AsyncFtpSession s, InputStream in) {
    try {
      byte[] chunk = in.readNBytes(CHUNK);
      if (chunk.length > 0) {
        s.post("put_data", chunk);
      } else {
        s.post("put_close");
      }
    } catch (IOException e) {
      System.err.println(e);
      s.close();
    }
  }

  private static void giveUp(AsyncFtpSession s, FtpEvent.Failed failure) {
    System.err.println(failure);
    s.close();
  }
}
