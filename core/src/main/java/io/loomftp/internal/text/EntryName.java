package io.loomftp.internal.text;

/** Checks names that come from listings. */
public final class EntryName {
  private EntryName() {}

  /**
   * Whether the name is one level below its folder and can be part of a command; names from a hostile server may lead
   * elsewhere.
   */
  public static boolean isOneLevel(String name) {
    return !name.isEmpty()
        && !name.equals(".")
        && !name.equals("..")
        && name.chars().noneMatch(c -> c == '/' || c == '\r' || c == '\n' || c == 0);
  }
}
