package io.loomftp.pool;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sessions of a pool that nobody uses, in the order in which they became idle. All methods need the pool's lock. */
final class IdleSessions {
  private final List<PooledSession> sessions = new ArrayList<>();

  /** Puts a session where its idle time belongs. */
  void put(PooledSession session) {
    int at = sessions.size();
    while (at > 0 && sessions.get(at - 1).idleSince - session.idleSince > 0) {
      at--;
    }
    sessions.add(at, session);
  }

  /** The one that was used last: the others may become superfluous. */
  PooledSession takeNewest() {
    return sessions.removeLast();
  }

  /** The one that has been idle for longest, if there is any. */
  @Nullable
  PooledSession takeOldest() {
    return sessions.isEmpty() ? null : sessions.removeFirst();
  }

  /** Those that have been idle for so long. */
  List<PooledSession> takeIdleFor(long nanos, long now) {
    List<PooledSession> due = sessions.stream().filter(each -> now - each.idleSince >= nanos).toList();
    sessions.removeAll(due);
    return due;
  }

  /** Those that were not seen alive for so long. */
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
