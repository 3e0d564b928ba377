package io.loomftp.internal.file;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32;

/** Leaves room behind a file's name: file systems hold no more than 255 bytes of one. */
final class ShortName {
  private static final int MOST = 230; // bytes in UTF-8; what is put around it has no more than 24

  private ShortName() {}

  /** The name itself, or the beginning of a long one with a checksum of all of it. */
  static String of(String name) {
    byte[] whole = name.getBytes(StandardCharsets.UTF_8);
    if (whole.length <= MOST) {
      return name;
    }
    int end = 0;
    int bytes = 0;
    while (true) {
      int next = end + Character.charCount(name.codePointAt(end));
      int length = name.substring(end, next).getBytes(StandardCharsets.UTF_8).length;
      if (bytes + length > MOST - 9) {
        break;
      }
      bytes += length;
      end = next;
    }
    CRC32 sum = new CRC32();
    sum.update(whole);
    return name.substring(0, end) + "~" + HexFormat.of().toHexDigits((int) sum.getValue());
  }
}
