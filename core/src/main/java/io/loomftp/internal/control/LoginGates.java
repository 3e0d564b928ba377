package io.loomftp.internal.control;

import io.loomftp.Credentials;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/** The {@link LoginGate} of each user and password that logs in to one server. Guarded by its owner. */
final class LoginGates {
  private static final int MANY = 1_000;

  private final Map<String, LoginGate> gates = new HashMap<>();

  /** The gate of these credentials; unused ones are evicted when there are many. */
  LoginGate of(Credentials who, long now) {
    if (gates.size() > MANY) {
      gates.values().removeIf(gate -> gate.isUnused(now));
    }
    return gates.computeIfAbsent(digest(who), digest -> new LoginGate());
  }

  /** Identifies a login without keeping its password. */
  private static String digest(Credentials who) {
    char[] password = who.password();
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(CharBuffer.wrap(password));
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(who.user().getBytes(StandardCharsets.UTF_8));
      sha256.update((byte) 0);
      sha256.update(bytes);
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    } finally {
      Arrays.fill(password, ' ');
      wipe(bytes);
    }
  }

  private static void wipe(ByteBuffer bytes) {
    bytes.clear();
    while (bytes.hasRemaining()) {
      bytes.put((byte) 0);
    }
  }
}
