package io.loomftp.internal.file;

import io.loomftp.TransferOptions;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** The name beside its target that an atomic upload is sent under, by the pattern of {@link TransferOptions#atomic(String)}. */
final class TemporaryName {
  private TemporaryName() {}

  static String of(String target, String pattern, String id) {
    int slash = target.lastIndexOf('/') + 1;
    String name = ShortName.of(target.substring(slash));
    return target.substring(0, slash) + pattern.replace("{name}", name).replace("{id}", id);
  }

  /** Eight digits that nobody else has. */
  static String randomId() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
  }
}
