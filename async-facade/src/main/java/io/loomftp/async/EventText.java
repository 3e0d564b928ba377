package io.loomftp.async;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The text of events: {@code size(213 | 65536 | s.bin)}, safe in logs whatever the server sent. */
final class EventText {
  private EventText() {}

  static String of(FtpEvent event, Object... parts) {
    return event.name()
        + Arrays.stream(parts).map(EventText::printable).collect(Collectors.joining(" | ", "(", ")"));
  }

  /** The message of an exception, whatever its own methods do. */
  static String of(Throwable thrown) {
    try {
      return String.valueOf(thrown.getMessage());
    } catch (RuntimeException | Error e) {
      return "no message";
    }
  }

  /** Whether the exception has a text; futures cannot be completed with one that throws instead. */
  static boolean hasText(Throwable thrown) {
    try {
      return !(thrown.toString() + thrown.getMessage()).isEmpty();
    } catch (RuntimeException | Error e) {
      return false;
    }
  }

  private static String printable(Object part) {
    String text = part.toString();
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        out.append("\\n");
      } else {
        out.append(Character.isISOControl(c) ? '?' : c);
      }
    }
    return out.isEmpty() ? "undef" : out.toString();
  }
}
