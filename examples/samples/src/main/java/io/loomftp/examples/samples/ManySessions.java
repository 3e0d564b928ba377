package io.loomftp.examples.samples;

import io.loomftp.Ftp;
import io.loomftp.FtpConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** How do I run many sessions at the same time? Each has a virtual thread of its own, so just start them. */
public final class ManySessions {
  private static final int SESSIONS = 100;

  private ManySessions() {}

  /** A hundred sessions at a time read the file of the address, or {@code /pub/notes.txt} of the embedded server. */
  public static void main(String... arguments) throws IOException, InterruptedException, ExecutionException {
    try (Target target = Target.of(arguments, "/pub/notes.txt")) {
      long begin = System.nanoTime();
      long bytes = readAll(target.config(), target.path());
      System.out.printf("%d sessions read %d bytes in %d ms%n",
          SESSIONS, bytes, (System.nanoTime() - begin) / 1_000_000);
    }
  }

  private static long readAll(FtpConfig config, String path) throws InterruptedException, ExecutionException {
    List<Future<Integer>> running = new ArrayList<>();
    for (int i = 0; i < SESSIONS; i++) {
      running.add(Ftp.start(config, ftp -> {
        try (var in = ftp.get(path)) {
          return in.readAllBytes().length;
        }
      }));
    }
    long bytes = 0;
    for (Future<Integer> one : running) {
      bytes += one.get(); // an ExecutionException carries the FtpException of the session that failed
    }
    return bytes;
  }
}
