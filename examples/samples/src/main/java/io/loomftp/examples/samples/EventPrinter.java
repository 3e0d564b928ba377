package io.loomftp.examples.samples;

import io.loomftp.async.AsyncFtp;
import io.loomftp.async.AsyncFtpSession;
import io.loomftp.async.FtpEvent;
import java.io.IOException;

/** Which events are there, and in which order? A listener of {@code all} receives every one. */
public final class EventPrinter {
  private EventPrinter() {}

  /** Prints the events of a short visit to the file of the address, or to {@code /pub/notes.txt} of the embedded server. */
  public static void main(String... arguments) throws IOException, InterruptedException {
    try (Target target = Target.of(arguments, "/pub/notes.txt");
        AsyncFtp ftp = AsyncFtp.create()) {
      AsyncFtpSession s = ftp.session("printer", target.config());
      long begin = System.nanoTime();
      s.on("all", e -> System.out.printf("%8.1f ms  %s%n", (System.nanoTime() - begin) / 1e6, e.name()));
      s.on("connect_error", e -> s.close());
      // A listener can receive one type of event; this type has the reply of the server.
      s.on("all", FtpEvent.Failed.class, e -> System.out.println("             " + e.code() + " " + e.text()));

      // Posted commands run in order, so a script may be posted at once.
      s.post("connect");
      s.post("pwd");
      s.post("ls", target.path());
      s.post("get", target.path());
      s.post("cd", "/no such folder");
      s.post("quit");
      s.ended().join();
    }
  }
}
