package io.loomftp.examples.samples;

import io.loomftp.Ftp;
import io.loomftp.FtpConfig;
import io.loomftp.FtpOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** How do I upload a file, generated content, or a line appended to a file? */
public final class Upload {
  private Upload() {}

  /** Uploads into the folder of the address, or {@code /pub} of the embedded server, and deletes it there again. */
  public static void main(String... arguments) throws IOException, InterruptedException {
    try (Target target = Target.of(arguments, "/pub")) {
      Path file = Files.writeString(target.local("report.csv"), "day;visitors\nMonday;17\n");
      long size = upload(target.config(), target.path(), file);
      System.out.printf("report.csv has %d bytes on the server%n", size);
    }
  }

  private static long upload(FtpConfig config, String folder, Path file) throws IOException, InterruptedException {
    return Ftp.run(config, ftp -> {
      if (!folder.isEmpty()) {
        ftp.cd(folder);
      }
      ftp.put(file, "report.csv");

      // When the body throws, the upload is aborted and no partial file is left.
      ftp.put("summary.txt", out -> writeSummary(out));

      // close() completes the upload and throws if the server does not confirm it.
      try (FtpOutputStream out = ftp.append("report.csv")) {
        out.write("Tuesday;23\n".getBytes(StandardCharsets.UTF_8));
      }

      long size = ftp.size("report.csv");
      ftp.delete("report.csv");
      ftp.delete("summary.txt");
      return size;
    });
  }

  private static void writeSummary(FtpOutputStream out) throws IOException {
    Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    writer.write("40 visitors in two days\n");
    writer.flush();
  }
}
