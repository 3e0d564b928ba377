package io.loomftp.internal.file;

import java.text.Normalizer.Form;
import java.text.Normalizer;
import java.util.Optional;

/** Compares the paths that PWD gives, to find out that a folder is a link to another place. */
public final class FolderPlace {
  private FolderPlace() {}

  /**
   * Whether a folder is known to be in another place than below a folder above it. Servers differ in case and accents.
   *
   * @param above the path that PWD gives in the folder above; empty where it gives none
   * @param names the names that lead from there to the folder, separated by slashes
   * @param place the path that PWD gives in the folder; empty where it gives none
   */
  public static boolean isElsewhere(Optional<String> above, String names, Optional<String> place) {
    if (place.isEmpty() || above.isEmpty() || names.indexOf('"') >= 0) {
      return false; // quotes are not doubled by some servers, so that PWD gives a part of the path
    }
    String expected = withoutSlash(above.get()) + "/" + names;
    return !Normalizer.normalize(withoutSlash(place.get()), Form.NFC).equalsIgnoreCase(Normalizer.normalize(expected, Form.NFC));
  }

  private static String withoutSlash(String place) {
    return place.endsWith("/") ? place.substring(0, place.length() - 1) : place;
  }
}
