package io.loomftp.internal.file;

import java.io.IOException;
import java.io.InputStream;

/**
 * The first bytes of a part file, to find out whether a server that was told to start in the middle starts at the beginning
 * all the same. That is certain only when more bytes came than were missing; until then what came is not to be trusted if it
 * looks so.
 */
final class RestartCheck {
  private static final int LENGTH = 4 << 10;

  private final byte[] first;
  private int compared;
  private boolean same = true;

  private RestartCheck(byte[] first) {
    this.first = first;
  }

  static RestartCheck of(InputStream part, long length) throws IOException {
    return new RestartCheck(part.readNBytes((int) Math.min(length, LENGTH)));
  }

  /** These bytes arrived next. */
  void compare(byte[] block, int length) {
    for (int i = 0; i < length && same && compared < first.length; i++) {
      same = block[i] == first[compared++];
    }
  }

  /** Whether all that arrived is what the file begins with. */
  boolean isRepeated() {
    return same && compared > 0;
  }
}
