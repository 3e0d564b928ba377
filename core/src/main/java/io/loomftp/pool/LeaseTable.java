package io.loomftp.pool;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The sessions of a pool that are in use, and by which thread. All methods need the pool's lock. */
final class LeaseTable {
  private final Set<LeaseRecord> leased = new LinkedHashSet<>();
  private final Map<Thread, LeaseRecord> byThread = new HashMap<>();

  void add(LeaseRecord record) {
    leased.add(record);
    byThread.put(record.holder(), record);
  }

  /** What the thread has already. */
  @Nullable
  LeaseRecord of(Thread thread) {
    return byThread.get(thread);
  }

  /** The thread has it no more, though it is not back yet. */
  void detach(LeaseRecord record) {
    byThread.remove(record.holder(), record);
  }

  /** Ends a use; false when it had ended. */
  boolean remove(LeaseRecord record) {
    detach(record);
    return leased.remove(record);
  }

  boolean contains(LeaseRecord record) {
    return leased.contains(record);
  }

  List<LeaseRecord> all() {
    return List.copyOf(leased);
  }

  /** How many places of the pool they take: a lost session that will not be kept takes none. */
  int places() {
    return (int) leased.stream().filter(record -> !record.isDiscarded() || record.session().isOpen()).count();
  }

  boolean isEmpty() {
    return leased.isEmpty();
  }

  int size() {
    return leased.size();
  }
}
