package io.loomftp.mirror;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which names of a server may become names of local files. None of these lets a name through that is more than one name:
 * what does not fit is refused and reported, never rewritten.
 */
public enum LocalNames {
  /** What this machine can hold: on Windows the same as {@link #PORTABLE}. */
  NATIVE,
  /**
   * What is harmless on this machine, and the default: without backslashes, colons (a drive, or another stream of the same
   * file) and control characters, which servers have no good reason to send. On Windows the same as {@link #PORTABLE}.
   */
  SAFE,
  /**
   * What every usual system can hold: also without {@code < > " | ? *}, a dot or blank at the end, or a name that Windows
   * gives to devices, and no two that differ only in case or Unicode form.
   */
  PORTABLE;

  private static final boolean WINDOWS = File.separatorChar == '\\';
  private static final int LONGEST = 255; // bytes, in every file system in use
  private static final Set<String> DEVICES = Set.of("CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$");

  /** Why a name is refused, empty if it is not. */
  public Optional<String> objection(String name) {
    return Optional.ofNullable(fault(name));
  }

  private @Nullable String fault(String name) {
    if (name.isEmpty()) {
      return "it is empty";
    }
    if (name.equals(".") || name.equals("..")) {
      return "it leads elsewhere";
    }
    boolean strict = this != NATIVE || WINDOWS;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '/' || c == 0 || (strict && (c == '\\' || c == ':'))) {
        return "it has a " + (c == 0 ? "NUL" : "'" + c + "'");
      }
      if (strict && Character.isISOControl(c)) {
        return "it has a control character";
      }
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c) || i + 1 == name.length() || !Character.isLowSurrogate(name.charAt(i + 1))) {
          return "it has bytes that are not valid in the charset of the session";
        }
        i++;
      }
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
      return "it is longer than " + LONGEST + " bytes";
    }
    return isPortable() ? windowsFault(name) : null;
  }

  private static @Nullable String windowsFault(String name) {
    char last = name.charAt(name.length() - 1);
    if (last == '.' || last == ' ') {
      return "it ends with a dot or a blank";
    }
    for (int i = 0; i < name.length(); i++) {
      if ("<>\"|?*".indexOf(name.charAt(i)) >= 0) {
        return "it has a '" + name.charAt(i) + "'";
      }
    }
    int dot = name.indexOf('.');
    String stem = (dot < 0 ? name : name.substring(0, dot)).strip().toUpperCase(Locale.ROOT);
    return DEVICES.contains(stem) || isPort(stem) ? "it is the name of a device" : null;
  }

  /** {@code COM1} to {@code COM9}, the same with {@code LPT}, and the superscripts that Windows takes for digits. */
  private static boolean isPort(String stem) {
    return stem.length() == 4
        && (stem.startsWith("COM") || stem.startsWith("LPT"))
        && "0123456789\u00B9\u00B2\u00B3".indexOf(stem.charAt(3)) >= 0;
  }

  /** Whether the rules of all systems are followed. */
  boolean isPortable() {
    return this == PORTABLE || WINDOWS;
  }
}
