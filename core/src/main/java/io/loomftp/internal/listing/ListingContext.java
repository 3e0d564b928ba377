package io.loomftp.internal.listing;

/**
 * The context that the lines of a listing share: its language, the order of its dates, its columns. A parser that cannot
 * read a line for certain before it has seen others sets {@link #undecided}; the reader then holds the line and lets it be
 * read again.
 */
final class ListingContext {
  /** The forms of dates that are padded on some servers: each has a bit. */
  static final int YEAR_LAST = 0;
  static final int ISO_DAY = 1;
  static final int MONTH_LAST = 2;

  final ListingLanguage language = new ListingLanguage();
  final DateOrders orders = new DateOrders();

  /** The number of the line being read. */
  long line;

  /** Whether later lines could change what was read of this one. */
  boolean undecided;

  /** Whether no further line is awaited: what is undecided stays unknown. */
  boolean settled;

  /** Where the size ends and the name begins in a line that was read for certain; -1 where none was. */
  int sizeEnd = -1;
  int nameColumn = -1;

  /** The heading above the lines, where a dialect has several; 0 where there is none. */
  char section;

  private final long[] firstPadded = {-1, -1, -1};
  private int padded;
  private int unpadded;

  /**
   * Whether one of the blanks behind a date is padding, and no part of the name. One line without it proves that the form is
   * not padded; two lines with it are no coincidence.
   */
  boolean isPadded(int form, boolean twoBlanks) {
    int bit = 1 << form;
    if (!twoBlanks) {
      unpadded |= bit;
      return false;
    }
    if ((unpadded & bit) != 0) {
      return false;
    }
    if (firstPadded[form] < 0) {
      firstPadded[form] = line;
    } else if (firstPadded[form] != line) {
      padded |= bit;
    }
    open((padded & bit) == 0);
    return true;
  }

  /** Notes that a line cannot be read for certain yet. */
  void open(boolean isOpen) {
    undecided |= isOpen && !settled;
  }
}
