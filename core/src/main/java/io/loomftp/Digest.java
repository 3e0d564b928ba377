package io.loomftp;

import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A digest of a whole file.
 *
 * @param algorithm its name in Java, such as {@code SHA-256}, {@code SHA-1}, {@code MD5} or {@code CRC32}
 * @param hex the value in lower case hexadecimal digits, with all leading zeros
 */
public record Digest(String algorithm, String hex) {
  /** Checks that the value is one, and makes it lower case. */
  public Digest {
    if (algorithm.isBlank()) {
      throw new IllegalArgumentException("an algorithm has a name");
    }
    hex = hex.toLowerCase(Locale.ROOT);
    HexFormat.of().parseHex(hex);
  }

  /**
   * Computes the digest of all that a stream gives; it is not closed.
   *
   * @throws IllegalArgumentException for an algorithm that this JVM does not have
   */
  public static Digest of(String algorithm, InputStream in) throws IOException {
    return Digests.of(algorithm, in);
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
