package io.loomftp.pool;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The leased sessions of a pool and their threads. Guarded by the pool's lock. */
final class LeaseTable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseTable.class);

  private final Set<LeaseRecord> leased = new LinkedHashSet<>();
  private final Map<Thread, LeaseRecord> byThread = new HashMap<>();

  void add(LeaseRecord record) {
    leased.add(record);
    byThread.put(record.holder(), record);
  }

  /** The lease that the thread holds already. */
  @Nullable
  LeaseRecord of(Thread thread) {
    return byThread.get(thread);
  }

  /** Detaches it from its thread before it is returned; false when the lease has ended. */
  boolean detach(LeaseRecord record) {
    byThread.remove(record.holder(), record);
    return leased.contains(record);
  }

  /** Ends a use; false when it had ended. */
  boolean remove(LeaseRecord record) {
    detach(record);
    return leased.remove(record);
  }

  /** Logs each lease that has lasted this long, once. */
  void reportLong(long nanos, long now) {
    for (LeaseRecord record : leased) {
      if (!record.reported && now - record.since() >= nanos) {
        record.reported = true;
        LOG.warn("a session is leased very long: {}", record.describe(now));
      }
    }
  }

  List<LeaseRecord> all() {
    return List.copyOf(leased);
  }

  /** The number of places of the pool that they occupy; a lost session occupies none. */
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
