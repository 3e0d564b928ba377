package io.loomftp.internal.control;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The present {@link ServerProfile} of one server, shared by all its sessions in this JVM. Safe for use by any thread. */
public final class SharedProfile {
  private static final Logger LOG = LoggerFactory.getLogger(SharedProfile.class);

  private final ReentrantLock updating = new ReentrantLock();
  private volatile ServerProfile current = ServerProfile.UNKNOWN;

  /** The present profile. */
  public ServerProfile get() {
    return current;
  }

  /** Whether the fact is known to hold. */
  public boolean holds(ServerProfile.Fact fact) {
    return get().holds(fact);
  }

  /** Whether the fact is known not to hold. */
  public boolean fails(ServerProfile.Fact fact) {
    return get().fails(fact);
  }

  /** Learns a fact. */
  public void learn(ServerProfile.Fact fact, boolean holds) {
    update(known -> known.with(fact, holds));
  }

  /** Learns a fact. */
  public void learn(ServerProfile.Fact fact, String value) {
    update(known -> known.with(fact, value));
  }

  /** Changes the profile atomically. */
  public void update(UnaryOperator<ServerProfile> change) {
    updating.lock();
    try {
      ServerProfile before = current;
      current = change.apply(before);
      if (!current.equals(before)) {
        LOG.debug("learnt of the server: {}", current);
      }
    } finally {
      updating.unlock();
    }
  }

  @Override
  public String toString() {
    return get().toString();
  }
}
