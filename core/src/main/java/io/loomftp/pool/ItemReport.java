package io.loomftp.pool;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The results of a pool's {@code forEach}.
 *
 * @param items one for each item, in the order of the items
 */
public record ItemReport<T, R extends @Nullable Object>(List<Item<T, R>> items) {
  /** Takes a copy of the list. */
  public ItemReport {
    items = List.copyOf(items);
  }

  /**
   * The result of one item.
   *
   * @param item the item as given
   * @param result what the script returned; null when it failed or returned null
   * @param failure what the script threw, or why there was no session; empty when it succeeded
   */
  public record Item<T, R extends @Nullable Object>(T item, @Nullable R result, Optional<Exception> failure) {
    /** Whether the script returned. */
    public boolean succeeded() {
      return failure.isEmpty();
    }
  }

  /** Whether every item succeeded. */
  public boolean isComplete() {
    return items.stream().allMatch(Item::succeeded);
  }

  /** The items that failed. */
  public List<Item<T, R>> failures() {
    return items.stream().filter(item -> !item.succeeded()).toList();
  }
}
