package io.loomftp.examples.benchmarks;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Listings as servers send them, with names, sizes and times of many kinds. */
public final class ListingText {
  private static final String[] MONTHS = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
  };

  private ListingText() {}

  /** The reply to LIST of a Unix server. */
  public static byte[] unix(int lines) {
    ByteArrayOutputStream listing = new ByteArrayOutputStream(lines * 80);
    for (int i = 0; i < lines; i++) {
      String when = i % 2 == 0
          ? String.format(Locale.ROOT, "%s %2d %02d:%02d", MONTHS[i % 10], 1 + i % 28, i % 24, i % 60)
          : String.format(Locale.ROOT, "%s %2d  %d", MONTHS[i % 12], 1 + i % 28, 2000 + i % 26);
      listing.writeBytes(String.format(Locale.ROOT, "%s   1 user%-4d group%-3d %10d %s %s%06d.dat\r\n",
          i % 20 == 0 ? "drwxr-xr-x" : "-rw-r--r--", i % 1000, i % 100, i * 37L, when,
          i % 7 == 0 ? "annual report " : "file", i)
          .getBytes(StandardCharsets.UTF_8));
    }
    return listing.toByteArray();
  }

  /** The reply to MLSD. */
  public static byte[] mlsd(int lines) {
    ByteArrayOutputStream listing = new ByteArrayOutputStream(lines * 120);
    for (int i = 0; i < lines; i++) {
      listing.writeBytes(String.format(Locale.ROOT,
          "modify=%04d%02d%02d%02d%02d%02d;perm=adfrw;size=%d;type=%s;unique=FD01U%X;UNIX.group=1000;UNIX.mode=0644;"
              + "UNIX.owner=1000; %s%06d.dat\r\n",
          2000 + i % 26, 1 + i % 12, 1 + i % 28, i % 24, i % 60, i % 60, i * 37L, i % 20 == 0 ? "dir" : "file", i,
          i % 7 == 0 ? "annual report " : "file", i)
          .getBytes(StandardCharsets.UTF_8));
    }
    return listing.toByteArray();
  }
}
