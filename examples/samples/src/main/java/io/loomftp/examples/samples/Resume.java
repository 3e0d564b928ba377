package io.loomftp.examples.samples;

import io.loomftp.Ftp;
import io.loomftp.FtpConfig;
import io.loomftp.FtpSession;
import io.loomftp.TransferOptions;
import io.loomftp.TransferResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** How do I continue an interrupted download? */
public final class Resume {
  private static final TransferOptions RESUMING = TransferOptions.defaults().resume();

  private Resume() {}

  /** Downloads half of the file, aborts, and downloads the rest with another session. */
  public static void main(String... arguments) throws IOException, InterruptedException {
    try (Target target = Target.of(arguments, "/pub/numbers.bin")) {
      FtpConfig config = target.config();
      Path copy = target.local("copy");
      try {
        Ftp.run(config, ftp -> half(ftp, target.path(), copy));
      } catch (PowerCut e) {
        System.out.println("cut off; what came is in copy.part, and copy.part.of says which file it is a part of");
      }
      TransferResult result = Ftp.run(config, ftp -> ftp.get(target.path(), copy, RESUMING));
      System.out.printf("%d bytes were there, %d more were fetched%n", result.resumedFrom(), result.bytes());
    }
  }

  private static TransferResult half(FtpSession ftp, String path, Path copy) throws IOException {
    return ftp.get(
        path,
        copy,
        RESUMING
            .progressEvery(Duration.ZERO)
            .progress(
                now -> {
                  if (now.bytes() >= now.total().orElse(0) / 2) {
                    throw new PowerCut(); // the transfer is aborted when its progress throws
                  }
                }));
  }

  private static final class PowerCut extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
