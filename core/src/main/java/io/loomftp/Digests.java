package io.loomftp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;

/** Which digests can be computed here. */
final class Digests {
  private static final String CRC = "CRC32";

  private Digests() {}

  static Digest of(String algorithm, InputStream in) throws IOException {
    check(algorithm);
    if (algorithm.equals(CRC)) {
      CRC32 sum = new CRC32();
      in.transferTo(new CheckedOutputStream(OutputStream.nullOutputStream(), sum));
      return new Digest(algorithm, HexFormat.of().toHexDigits(sum.getValue(), 8));
    }
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
      return new Digest(algorithm, HexFormat.of().formatHex(digest.digest()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("it was there a moment ago", e);
    }
  }

  static void check(String algorithm) {
    if (algorithm.equals(CRC)) {
      return;
    }
    try {
      MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalArgumentException("no such digest: " + algorithm, e);
    }
  }
}
