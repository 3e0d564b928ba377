package io.loomftp.examples.samples;

import io.loomftp.FtpEntry;
import io.loomftp.TransferResult;
import io.loomftp.async.AsyncFtp;
import io.loomftp.async.AsyncFtpSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;

/** How do I chain steps without a waiting thread? Every verb of an asynchronous session returns a future. */
public final class FuturesChain {
  private FuturesChain() {}

  /** Fetches the largest file in the folder of the address, or in {@code /pub} of the embedded server. */
  public static void main(String... arguments) throws IOException, InterruptedException {
    try (Target target = Target.of(arguments, "/pub");
        AsyncFtp ftp = AsyncFtp.create()) {
      AsyncFtpSession s = ftp.session("chain", target.config()); // nothing is sent before connect()
      String folder = target.path();
      CompletableFuture<String> story =
          s.connect()
              .thenCompose(greeting -> s.cd(folder.isEmpty() ? "." : folder))
              .thenCompose(there -> s.list())
              .thenCompose(rows -> fetchLargest(s, rows, target.local("largest.bin")))
              .thenApply(result -> result.bytes() + " bytes fetched, and the server said " + result.reply().orElseThrow().code());
      System.out.println(story.join());

      // The future fails with the exception that the verb of FtpSession throws; the session stays usable.
      CompletableFuture<String> size =
          s.size("no such file").handle((bytes, failure) -> failure == null ? bytes + " bytes" : failure.getMessage());

      // Not waiting is fine too: commands run in the order in which they were posted.
      CompletableFuture<Void> end = s.noop().thenCompose(reply -> s.quit()).thenCompose(reply -> s.ended());
      System.out.println(size.join());
      end.join();
    }
  }

  private static CompletableFuture<TransferResult> fetchLargest(AsyncFtpSession s, List<FtpEntry> rows, Path file) {
    return rows.stream()
        .filter(FtpEntry::isFile)
        .max(Comparator.comparingLong(row -> row.size().orElse(0)))
        .<CompletableFuture<TransferResult>>map(row -> s.get(row.name(), file))
        .orElseGet(() -> CompletableFuture.failedFuture(new NoSuchElementException("no file in this folder")));
  }
}
