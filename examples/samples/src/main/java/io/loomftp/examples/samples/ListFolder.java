package io.loomftp.examples.samples;

import io.loomftp.Ftp;
import io.loomftp.FtpConfig;
import io.loomftp.FtpEntry;
import io.loomftp.FtpSession;
import io.loomftp.Listing;
import io.loomftp.ListingDiagnostic;
import java.io.IOException;
import java.io.PrintStream;

/** How do I list a folder, and which facts does each entry have? */
public final class ListFolder {
  private ListFolder() {}

  /** Lists the folder of the address, or {@code /pub} of the embedded server. */
  public static void main(String... arguments) throws IOException, InterruptedException {
    try (Target target = Target.of(arguments, "/pub")) {
      long entries = list(target.config(), target.path());
      System.out.printf("%d entries%n", entries);
    }
  }

  private static long list(FtpConfig config, String folder) throws IOException, InterruptedException {
    return Ftp.run(config, ftp -> print(System.out, ftp, folder));
  }

  /** Entries are read while the server sends them: a folder of a million files needs no more memory than this one. */
  static long print(PrintStream out, FtpSession ftp, String folder) throws IOException {
    long entries = 0;
    try (Listing rows = ftp.list(folder)) {
      for (FtpEntry row : rows) {
        entries++;
        out.printf("%-9s %12s  %-20s  %s%n",
            row.type(),
            row.size().isPresent() ? row.size().getAsLong() : "-",
            row.modified().map(modified -> modified.instant().toString()).orElse("-"),
            row.displayName(ftp.config().fallbackCharset()));
      }
      // Lines that could not be parsed are reported.
      for (ListingDiagnostic odd : rows.diagnostics()) {
        out.println(odd);
      }
    }
    return entries;
  }
}
