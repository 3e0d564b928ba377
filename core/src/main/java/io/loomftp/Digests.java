package io.loomftp;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Which digests can be computed here. */
final class Digests {
  private Digests() {}

  static void check(String algorithm) {
    if (algorithm.equals("CRC32")) {
      return;
    }
    try {
      MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalArgumentException("no such digest: " + algorithm, e);
    }
  }
}
