package io.loomftp.mirror;

import java.nio.charset.CharsetEncoder;
import org.jspecify.annotations.Nullable;

/** Which names can be sent to a server as one name. */
final class RemoteNames {
  private RemoteNames() {}

  /** Why a name cannot be sent as one name; null when it can. */
  static @Nullable String fault(String name, @Nullable CharsetEncoder encoder) {
    if (name.isEmpty()) {
      return "it is empty";
    }
    if (name.equals(".") || name.equals("..")) {
      return "it leads elsewhere";
    }
    for (int i = 0; i < name.length(); i++) {
      switch (name.charAt(i)) {
        case '/' -> {
          return "it has a '/'";
        }
        case '\r', '\n', 0 -> {
          return "it has a line end or a NUL";
        }
        default -> {}
      }
    }
    return encoder == null || encoder.canEncode(name) ? null : "it has characters that are not in " + encoder.charset();
  }

  /** Whether servers may leave the name out of a listing because it begins with a dot. */
  static boolean isHidden(String name) {
    return name.startsWith(".");
  }
}
