package io.loomftp.examples.samples;

import io.loomftp.Credentials;
import io.loomftp.FtpConfig;
import io.loomftp.FtpEntry;
import io.loomftp.async.AsyncFtp;
import io.loomftp.async.AsyncFtpSession;
import io.loomftp.async.DataFilter;
import io.loomftp.async.FtpEvent;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/** How do I log in again after a refusal, and get the entries of a listing as objects? */
public final class EventList {
  private EventList() {}

  /** Lists the folder of the address, or {@code /pub} of the embedded server, after a wrong password. */
  public static void main(String... arguments) throws IOException, InterruptedException {
    try (Target target = Target.of(arguments, "/pub");
        AsyncFtp ftp = AsyncFtp.create()) {
      Credentials right = target.config().credentials().orElseThrow();
      FtpConfig slip = target.config().toBuilder().credentials(right.user(), "not the password").build();
      AtomicBoolean corrected = new AtomicBoolean();
      AsyncFtpSession s = ftp.session("list", slip);
      s.filter("ls", DataFilter.entries()); // without it each entry is a line of text
      s.on(
          "login_error",
          e -> {
            System.out.println("refused with " + e.code());
            if (corrected.compareAndSet(false, true)) {
              s.post("login", right); // on the same connection
            } else {
              s.post("quit");
            }
          });
      s.on("authenticated", e -> s.post("ls", target.path()));
      s.on("ls_data", FtpEvent.Data.class, e -> print((FtpEntry) e.item()));
      s.on("ls_done", e -> s.post("quit"));
      s.on("ls_error", e -> giveUp(s, e));
      s.on("connect_error", e -> giveUp(s, e));
      s.connect();
      s.ended().join();
    }
  }

  private static void giveUp(AsyncFtpSession s, FtpEvent failure) {
    System.err.println(failure);
    s.close();
  }

  private static void print(FtpEntry row) {
    System.out.printf("%-9s %12s  %s%n",
        row.type(), row.size().isPresent() ? row.size().getAsLong() : "-", row.name());
  }
}
