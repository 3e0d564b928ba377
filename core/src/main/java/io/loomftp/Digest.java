package io.loomftp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;

/**
 * A digest of a whole file.
 *
 * @param algorithm its name in Java, such as {@code SHA-256}, {@code SHA-1}, {@code MD5} or {@code CRC32}
 * @param hex the value in lower case hexadecimal digits, with all leading zeros
 */
public record Digest(String algorithm, String hex) {
  private static final String CRC = "CRC32";

  /** Checks that the value is hexadecimal and makes it lower case. */
  public Digest {
    if (algorithm.isBlank()) {
      throw new IllegalArgumentException("the name of the algorithm is blank");
    }
    hex = hex.toLowerCase(Locale.ROOT);
    HexFormat.of().parseHex(hex);
  }

  /**
   * Reads a stream to its end and computes the digest of its bytes; the stream is not closed.
   *
   * @throws IllegalArgumentException if this JVM does not have the algorithm
   */
  public static Digest of(String algorithm, InputStream in) throws IOException {
    if (algorithm.equals(CRC)) {
      CRC32 sum = new CRC32();
      in.transferTo(new CheckedOutputStream(OutputStream.nullOutputStream(), sum));
      return new Digest(algorithm, HexFormat.of().toHexDigits(sum.getValue(), 8));
    }
    MessageDigest digest = messageDigest(algorithm);
    in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
    return new Digest(algorithm, HexFormat.of().formatHex(digest.digest()));
  }

  /** Throws IllegalArgumentException if this JVM does not have the algorithm. */
  static void check(String algorithm) {
    if (!algorithm.equals(CRC)) {
      messageDigest(algorithm);
    }
  }

  private static MessageDigest messageDigest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalArgumentException("no such digest: " + algorithm, e);
    }
  }

  /** The value as bytes. */
  public byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }

  @Override
  public String toString() {
    return algorithm + " " + hex;
  }
}
