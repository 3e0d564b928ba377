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
