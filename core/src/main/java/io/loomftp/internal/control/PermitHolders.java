package io.loomftp.internal.control;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts the permits that each client holds, so that none keeps idle sessions that others need. Guarded by its owner. */
final class PermitHolders {
  private final Map<PermitClient, Integer> held = new HashMap<>();

  void add(PermitClient client) {
    held.merge(client, 1, Integer::sum);
  }

  void remove(PermitClient client) {
    held.computeIfPresent(client, (c, n) -> n == 1 ? null : n - 1);
  }

  /** Asks every other client to close an idle session, on a thread of its own. */
  void askOthersForIdle(PermitClient client) {
    List<PermitClient> others = held.keySet().stream().filter(other -> !other.equals(client)).toList();
    if (!others.isEmpty()) {
      Thread.ofVirtual().name("ftp-limiter").start(() -> others.forEach(PermitClient::closeIdle));
    }
  }

  /** Whether one of the waiting clients has no permit, or at least two fewer than this client. */
  boolean hasTooMany(PermitClient client, Collection<PermitClient> waiting) {
    int mine = held.getOrDefault(client, 0);
    return waiting.stream()
        .filter(other -> !other.equals(client))
        .mapToInt(other -> held.getOrDefault(other, 0))
        .anyMatch(theirs -> theirs == 0 || theirs + 1 < mine);
  }
}
