package io.loomftp.examples.samples;

import io.loomftp.Ftp;
import io.loomftp.FtpConfig;
import io.loomftp.FtpSession;
import io.loomftp.Overwrite;
import io.loomftp.Retry;
import io.loomftp.TransferOptions;
import io.loomftp.TransferResult;
import io.loomftp.Verify;
import java.io.IOException;
import java.nio.file.Path;

/** How do I transfer a file completely, verified, and only when it changed? */
public final class CarefulTransfer {
  private CarefulTransfer() {}

  /** Downloads the file of the address twice; the second time there is nothing to do. */
  public static void main(String... arguments) throws IOException, InterruptedException {
    try (Target target = Target.of(arguments, "/pub/numbers.bin")) {
      FtpConfig config = target.config();
      Path copy = target.local("copy");
      TransferResult first = Ftp.run(config, ftp -> fetch(ftp, target.path(), copy));
      System.out.printf("%d bytes, %s, compared: %s%n", first.bytes(), first.digest().orElseThrow(), first.verified());

      TransferResult second = Ftp.run(config, ftp -> fetch(ftp, target.path(), copy));
      System.out.println(second.isSkipped() ? "the second time it is the same: nothing to do" : "it has changed meanwhile");
    }
  }

  private static TransferResult fetch(FtpSession ftp, String path, Path copy) throws IOException {
    return ftp.get(
        path,
        copy,
        TransferOptions.defaults()
            .overwrite(Overwrite.IF_DIFFERENT) // by size and time ...
            .keepModified() // ... which the copy has from the original
            .resume() // continues "copy.part" if it is a part of the same file
            .verify(Verify.HASH_IF_OFFERED)
            .digest("SHA-256") // computed during the transfer
            .retry(Retry.standard()));
  }
}
