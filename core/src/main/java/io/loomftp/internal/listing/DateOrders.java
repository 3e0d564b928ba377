package io.loomftp.internal.listing;

/**
 * Learns the order of dates like 04/03/24 from a listing: each date excludes the orders in which there is no such day, or
 * none before tomorrow.
 */
final class DateOrders {
  static final int YEAR_FIRST = 1;
  static final int MONTH_FIRST = 2;
  static final int DAY_FIRST = 4;
  static final int ANY = YEAR_FIRST | MONTH_FIRST | DAY_FIRST;

  private int possible = ANY;
  private boolean contradictory;

  /** The orders that remain for a date that is possible in these. */
  int learn(int orders) {
    if (contradictory || orders == 0) {
      return orders;
    }
    if ((possible & orders) == 0) {
      contradictory = true;
      return orders;
    }
    possible &= orders;
    return possible;
  }

  /** Whether a later line may still exclude an order. */
  boolean isOpen() {
    return !contradictory;
  }
}
