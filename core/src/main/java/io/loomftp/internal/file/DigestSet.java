package io.loomftp.internal.file;

import io.loomftp.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.Checksum;

/** Computes digests of a file while it is copied. */
final class DigestSet {
  private static final String CRC = "CRC32";
  private static final int BLOCK = 64 << 10;

  private final Map<String, MessageDigest> digests = new LinkedHashMap<>();
  private final Map<String, Checksum> sums = new LinkedHashMap<>();

  /** Computes a digest for each algorithm; with none it does nothing. */
  DigestSet(Iterable<String> algorithms) {
    for (String algorithm : algorithms) {
      if (algorithm.equals(CRC)) {
        sums.put(algorithm, new CRC32());
      } else {
        digests.put(algorithm, digest(algorithm));
      }
    }
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalArgumentException("no such digest: " + algorithm, e);
    }
  }

  boolean isNeeded() {
    return !digests.isEmpty() || !sums.isEmpty();
  }

  /** Adds the next bytes. */
  void add(byte[] block, int offset, int length) {
    digests.values().forEach(d -> d.update(block, offset, length));
    sums.values().forEach(s -> s.update(block, offset, length));
  }

  /** Adds bytes of a stream that were present before this transfer. */
  void add(InputStream in, long length) throws IOException {
    byte[] block = new byte[BLOCK];
    long left = length;
    while (left > 0) {
      int n = in.read(block, 0, (int) Math.min(left, block.length));
      if (n < 0) {
        throw new IOException("the file has become shorter by " + left + " bytes");
      }
      add(block, 0, n);
      left -= n;
    }
  }

  /** Starts again from the beginning of the file. */
  void restart() {
    digests.values().forEach(MessageDigest::reset);
    sums.values().forEach(Checksum::reset);
  }

  /** The digest of all bytes so far; more may be added afterwards. */
  Optional<Digest> of(String algorithm) {
    Checksum sum = sums.get(algorithm);
    if (sum != null) {
      return Optional.of(new Digest(algorithm, HexFormat.of().toHexDigits(sum.getValue(), 8)));
    }
    MessageDigest digest = digests.get(algorithm);
    if (digest == null) {
      return Optional.empty();
    }
    try {
      byte[] value = ((MessageDigest) digest.clone()).digest();
      return Optional.of(new Digest(algorithm, HexFormat.of().formatHex(value)));
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(algorithm + " cannot be read before its end", e);
    }
  }
}
