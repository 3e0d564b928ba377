package io.loomftp.mirror;

import java.text.Normalizer;
import java.util.Locale;

/** Compares names as file systems do that ignore case and the Unicode form. */
final class NameKeys {
  private NameKeys() {}

  /** Equal for names that some file system takes for the same. */
  static String fold(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }
}
