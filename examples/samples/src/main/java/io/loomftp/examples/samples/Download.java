package io.loomftp.examples.samples;

import io.loomftp.Ftp;
import io.loomftp.FtpConfig;
import io.loomftp.Progress;
import io.loomftp.TransferResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How do I download a file and show its progress? */
public final class Download {
  private Download() {}

  /** Downloads the file of the address, or {@code /pub/numbers.bin} of the embedded server. */
  public static void main(String... arguments) throws IOException, InterruptedException {
    try (Target target = Target.of(arguments, "/pub/numbers.bin")) {
      download(target.config(), target.path(), target.local("copy"));
    }
  }

  private static void download(FtpConfig config, String path, Path copy) throws IOException, InterruptedException {
    // The data goes to "copy.part", which is renamed to "copy" when it is complete.
    TransferResult result = Ftp.run(config, ftp -> ftp.get(path, copy, Download::show));

    System.out.printf("%s is here: %,d bytes in %d ms, the server says %s%n",
        result.path(), Files.size(copy), result.duration().toMillis(), result.reply().orElseThrow());
  }

  private static void show(Progress.State now) {
    if (now.bytes() == now.total().orElse(-1)) {
      System.out.printf("moved all of %,d bytes%n", now.bytes());
    }
  }
}
