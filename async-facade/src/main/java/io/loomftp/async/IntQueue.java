package io.loomftp.async;

import java.util.Arrays;

/** A queue of numbers without an object for each. */
final class IntQueue {
  private static final int FIRST_CAPACITY = 4;

  private int[] numbers = new int[FIRST_CAPACITY];
  private int head;
  private int end;

  int length() {
    return end - head;
  }

  void add(int number) {
    if (end == numbers.length) {
      int length = length();
      int[] larger = length > numbers.length / 2 ? new int[2 * numbers.length] : numbers;
      System.arraycopy(numbers, head, larger, 0, length);
      numbers = larger;
      head = 0;
      end = length;
    }
    numbers[end++] = number;
  }

  int remove() {
    return numbers[head++];
  }

  @Override
  public String toString() {
    return Arrays.toString(Arrays.copyOfRange(numbers, head, end));
  }
}
