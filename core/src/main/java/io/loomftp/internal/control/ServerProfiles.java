package io.loomftp.internal.control;

import io.loomftp.FtpConfig;
import io.loomftp.ProxyPolicy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Keeps one {@link SharedProfile} for each server, so that a session reuses what another one learnt. Bounded in
 * number, by forgetting the server that was least recently used, and in age, since servers are replaced and reconfigured.
 */
public final class ServerProfiles {
  /** The profiles of this JVM. */
  public static final ServerProfiles JVM = new ServerProfiles(1_000, Duration.ofHours(24), System::nanoTime);

  private final int most;
  private final long longest;
  private final LongSupplier clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Server, Kept> profiles = new LinkedHashMap<>(16, 0.75f, true); // guarded by lock

  /** A server may answer differently through a proxy, above all one of FTP. */
  private record Server(String host, int port, String proxy) {}

  private record Kept(SharedProfile profile, long since) {}

  /** Bounds the number of profiles and their age, on a clock of nanoseconds. */
  ServerProfiles(int most, Duration longest, LongSupplier clock) {
    this.most = most;
    this.longest = longest.toNanos();
    this.clock = clock;
  }

  /** The profile of a server; a new one where there is none or it is too old. */
  public SharedProfile of(FtpConfig config) {
    boolean direct = config.proxy() instanceof ProxyPolicy.Direct;
    return of(config.host(), config.port(), direct ? "" : config.proxy().toString());
  }

  /** The profile of a server that is reached directly. */
  public SharedProfile of(String host, int port) {
    return of(host, port, "");
  }

  private SharedProfile of(String host, int port, String proxy) {
    Server server = new Server(host.toLowerCase(Locale.ROOT), port, proxy);
    lock.lock();
    try {
      long now = clock.getAsLong();
      Kept kept = profiles.get(server);
      if (kept == null || now - kept.since >= longest) {
        kept = new Kept(new SharedProfile(), now);
        profiles.put(server, kept);
        if (profiles.size() > most) {
          profiles.remove(profiles.keySet().iterator().next());
        }
      }
      return kept.profile;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets all servers; open sessions keep their profile. */
  public void clear() {
    lock.lock();
    try {
      profiles.clear();
    } finally {
      lock.unlock();
    }
  }
}
