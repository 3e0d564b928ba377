package io.loomftp.internal.listing;

/** Reads dates of three numbers, as 2025-11-22, 11/22/25 or 22.11.2025; which number is what may depend on the listing. */
final class NumericDate {
  /** What is known of the order where the numbers do not tell. */
  enum Order {
    /** The dialect has the year first. */
    YEAR_FIRST,
    /** The dialect has the month first. */
    MONTH_FIRST,
    /** The listing decides; if it does not, dates with hyphens have the month first and others are unknown. */
    LEARNT
  }

  int year;
  int month; // 0: not known
  int day;

  private int a;
  private int b;
  private int c;
  private int digitsOfA;
  private int digitsOfC;
  private byte sign;
  private Order order = Order.LEARNT;

  /** Takes the three numbers between two places; false where the form is another. */
  boolean read(byte[] line, int from, int to, Order assumed) {
    int first = ByteScanner.skipDigits(line, from, to);
    if (first == from || first - from > 4 || first >= to) {
      return false;
    }
    sign = line[first];
    int second = ByteScanner.skipDigits(line, first + 1, to);
    if ((sign != '-' && sign != '/' && sign != '.') || second == first + 1 || second - first > 3 || second >= to) {
      return false;
    }
    int end = ByteScanner.skipDigits(line, second + 1, to);
    if (line[second] != sign || end == second + 1 || end - second > 5 || end != to) {
      return false;
    }
    a = ByteScanner.small(line, from, first);
    b = ByteScanner.small(line, first + 1, second);
    c = ByteScanner.small(line, second + 1, end);
    digitsOfA = first - from;
    digitsOfC = end - second - 1;
    order = assumed;
    return true;
  }

  /** Decides which number is what. */
  void resolve(LocalTimes times, ListingContext context) {
    int orders = ordersByForm();
    if (orders == 0) {
      month = 0; // no order makes a date of it
      return;
    }
    if (Integer.bitCount(orders) > 1) {
      switch (order) {
        case YEAR_FIRST -> orders = prefer(orders, DateOrders.YEAR_FIRST);
        case MONTH_FIRST -> orders = prefer(orders, DateOrders.MONTH_FIRST);
        case LEARNT -> {
          learn(orders, times, context);
          return;
        }
      }
    } else if (order == Order.LEARNT && digitsOfA <= 2 && sign != '.') {
      context.orders.learn(orders);
    }
    set(Integer.lowestOneBit(orders));
  }

  private static int prefer(int orders, int preferred) {
    return (orders & preferred) != 0 ? preferred : orders;
  }

  /** The orders that the lengths and sizes of the numbers allow. */
  private int ordersByForm() {
    if (digitsOfA > 2) {
      return DateOrders.YEAR_FIRST;
    }
    if (sign == '.' && a <= 31) {
      return DateOrders.DAY_FIRST;
    }
    int orders = 0;
    if (digitsOfC <= 2 && isMonth(b) && isDay(c)) {
      orders |= DateOrders.YEAR_FIRST;
    }
    if (isMonth(a) && isDay(b)) {
      orders |= DateOrders.MONTH_FIRST;
    }
    if (isDay(a) && isMonth(b)) {
      orders |= DateOrders.DAY_FIRST;
    }
    return orders;
  }

  private static boolean isMonth(int number) {
    return number >= 1 && number <= 12;
  }

  private static boolean isDay(int number) {
    return number >= 1 && number <= 31;
  }

  private void learn(int orders, LocalTimes times, ListingContext context) {
    int past = 0;
    for (int left = orders; left != 0; left &= left - 1) {
      int one = Integer.lowestOneBit(left);
      set(one);
      past |= times.isPast(year, month, day) ? one : 0;
    }
    int remaining = context.orders.learn(past == 0 ? orders : past) & orders;
    set(Integer.lowestOneBit(remaining));
    if (sameInAll(remaining)) {
      return;
    }
    context.open(context.orders.isOpen());
    if (sign == '-' && (remaining & DateOrders.MONTH_FIRST) != 0) {
      set(DateOrders.MONTH_FIRST);
    } else {
      month = 0;
    }
  }

  private boolean sameInAll(int orders) {
    long first = date();
    boolean same = true;
    for (int left = orders; left != 0; left &= left - 1) {
      set(Integer.lowestOneBit(left));
      same &= date() == first;
    }
    set(Integer.lowestOneBit(orders));
    return same;
  }

  private long date() {
    return year * 10_000L + month * 100L + day;
  }

  private void set(int one) {
    switch (one) {
      case DateOrders.YEAR_FIRST -> set(fullYear(a, digitsOfA), b, c);
      case DateOrders.MONTH_FIRST -> set(fullYear(c, digitsOfC), a, b);
      default -> set(fullYear(c, digitsOfC), b, a);
    }
  }

  private void set(int newYear, int newMonth, int newDay) {
    year = newYear;
    month = newMonth;
    day = newDay;
  }

  /** The year of two digits, or of three: these are years since 1900, as C counts them. */
  static int fullYear(int number, int digits) {
    if (digits == 3 && number >= 100) {
      return 1900 + number;
    }
    if (digits > 2) {
      return Math.max(number, 1);
    }
    return number < 70 ? 2000 + number : 1900 + number;
  }
}
