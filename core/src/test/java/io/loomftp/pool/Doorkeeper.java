package io.loomftp.pool;

import io.loomftp.testkit.ScriptedServer;
import java.util.concurrent.atomic.AtomicInteger;

/** Limits the sessions of a server and counts rejected ones. A session leaves with QUIT. */
public final class Doorkeeper {
  public final AtomicInteger turnedAway = new AtomicInteger();
  public final AtomicInteger most = new AtomicInteger();
  private final AtomicInteger inside = new AtomicInteger();
  private final int allowed;

  private Doorkeeper(int allowed) {
    this.allowed = allowed;
  }

  private boolean letsIn() {
    int now = inside.incrementAndGet();
    if (now > allowed) {
      inside.decrementAndGet();
      turnedAway.incrementAndGet();
      return false;
    }
    most.accumulateAndGet(now, Math::max);
    return true;
  }

  /** Turned away in place of the greeting. */
  public static Doorkeeper atGreeting(ScriptedServer server, int allowed, String refusal) {
    Doorkeeper door = new Doorkeeper(allowed);
    server.onConnect(
        c -> {
          if (door.letsIn()) {
            c.reply("220 Welcome.");
          } else {
            c.reply(refusal);
            c.close();
          }
        });
    door.watchQuit(server);
    return door;
  }

  /** Turned away when the password has been sent. */
  static Doorkeeper atLogin(ScriptedServer server, int allowed, String refusal) {
    Doorkeeper door = new Doorkeeper(allowed);
    server.on(
        "PASS",
        c -> {
          if (door.letsIn()) {
            c.ordinary();
          } else {
            c.reply(refusal);
            c.close();
          }
        });
    door.watchQuit(server);
    return door;
  }

  private void watchQuit(ScriptedServer server) {
    server.on(
        "QUIT",
        c -> {
          inside.decrementAndGet();
          c.reply("221 Bye.");
          c.close();
        });
  }
}
