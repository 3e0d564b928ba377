package io.loomftp.examples.samples;

import io.loomftp.Ftp;
import io.loomftp.FtpConfig;
import io.loomftp.FtpInputStream;
import io.loomftp.FtpSession;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** How do I go on with a download that was cut off? */
public final class Resume {
  private Resume() {}

  /** Downloads the first half of the file, hangs up, and fetches the rest with another session. */
  public static void main(String... arguments) throws IOException, InterruptedException {
    try (Target target = Target.of(arguments, "/pub/numbers.bin")) {
      FtpConfig config = target.config();
      Path copy = target.local("copy");
      long size = Ftp.run(config, ftp -> firstHalf(ftp, target.path(), copy));
      long have = Files.size(copy);
      Ftp.run(config, ftp -> rest(ftp, target.path(), copy));
      System.out.printf("cut off at %d of %d bytes, fetched %d more%n", have, size, Files.size(copy) - have);
    }
  }

  private static long firstHalf(FtpSession ftp, String path, Path copy) throws IOException {
    long size = ftp.size(path);
    try (FtpInputStream in = ftp.get(path)) {
      Files.write(copy, in.readNBytes((int) Math.min(size / 2, 1 << 30)));
    } // closed before its end: the transfer is called off, and the session could go on
    return size;
  }

  /** Ask first whether the file is still the one that was begun: its size, or {@code ftp.mdtm(path)}. */
  static long rest(FtpSession ftp, String path, Path copy) throws IOException {
    try (FtpInputStream in = ftp.getFrom(path, Files.size(copy));
        OutputStream out = Files.newOutputStream(copy, StandardOpenOption.APPEND)) {
      return in.transferTo(out); // the end is reported only when the server has confirmed it
    }
  }
}
