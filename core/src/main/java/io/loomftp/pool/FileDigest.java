package io.loomftp.pool;

import io.loomftp.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/** Computes the digest of a local file: where its parts came in no order that was not possible on the way. */
final class FileDigest {
  private static final int BLOCK = 64 << 10;

  private FileDigest() {}

  static Digest of(Path file, String algorithm) throws IOException {
    if (algorithm.equals("CRC32")) {
      CRC32 sum = new CRC32();
      drain(new CheckedInputStream(Files.newInputStream(file), sum));
      return new Digest(algorithm, HexFormat.of().toHexDigits(sum.getValue(), 8));
    }
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      drain(new DigestInputStream(Files.newInputStream(file), digest));
      return new Digest(algorithm, HexFormat.of().formatHex(digest.digest()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalArgumentException("no such digest: " + algorithm, e);
    }
  }

  private static void drain(InputStream in) throws IOException {
    byte[] block = new byte[BLOCK];
    try (in) {
      int n;
      do {
        n = in.read(block);
      } while (n >= 0);
    }
  }
}
