package io.loomftp.pool;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The idle sessions of a pool, in the order in which they became idle. Guarded by the pool's lock. */
final class IdleSessions {
  private final List<PooledSession> sessions = new ArrayList<>();

  /** Adds a session in the order of idle times. */
  void put(PooledSession session) {
    int at = sessions.size();
    while (at > 0 && sessions.get(at - 1).idleSince - session.idleSince > 0) {
      at--;
    }
    sessions.add(at, session);
  }

  /** Takes the one that was used last, so that the others may be evicted. */
  PooledSession takeNewest() {
    return sessions.removeLast();
  }

  /** Takes the one that has been idle for longest, if there is any. */
  @Nullable
  PooledSession takeOldest() {
    return sessions.isEmpty() ? null : sessions.removeFirst();
  }

  /** Takes those that have been idle for this long. */
  List<PooledSession> takeIdleFor(long nanos, long now) {
    List<PooledSession> due = sessions.stream().filter(each -> now - each.idleSince >= nanos).toList();
    sessions.removeAll(due);
    return due;
  }

  /** Takes those that were not checked for this long. */
  List<PooledSession> takeUnseenFor(long nanos, long now) {
    List<PooledSession> due = sessions.stream().filter(each -> now - each.seen >= nanos).toList();
    sessions.removeAll(due);
    return due;
  }

  boolean isEmpty() {
    return sessions.isEmpty();
  }

  int size() {
    return sessions.size();
  }
}
