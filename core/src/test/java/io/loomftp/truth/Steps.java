package io.loomftp.truth;

import io.loomftp.testkit.Conversation;
import io.loomftp.testkit.DataHook;
import io.loomftp.testkit.ScriptedServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Counts what a scripted server is asked and sends, and does something at one of these steps. */
final class Steps {
  /** What happens at the step. */
  @FunctionalInterface
  interface Event {
    void happen() throws Exception;
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final List<String> names = new ArrayList<>();
  private boolean armed;
  private int at;
  private @Nullable Event event;

  Steps(ScriptedServer server) {
    server.beforeEach(c -> step(c.request().verb()));
    server.duringData(this::data);
  }

  private void data(Conversation c, DataHook.Moment moment, long bytes) {
    step(moment == DataHook.Moment.REPLY ? "reply" : "data " + bytes);
  }

  /** From now on steps count; at this one, counted from 0, the event happens before the server goes on. */
  void arm(int step, Event what) {
    lock.lock();
    try {
      armed = true;
      at = step;
      event = what;
    } finally {
      lock.unlock();
    }
  }

  /** From now on they do not. */
  void disarm() {
    lock.lock();
    try {
      armed = false;
    } finally {
      lock.unlock();
    }
  }

  private void step(String name) {
    lock.lock();
    try {
      if (!armed) {
        return;
      }
      if (names.size() == at && event != null) {
        event.happen();
      }
      names.add(name);
    } catch (Exception e) {
      throw new IllegalStateException("at step " + names.size() + ", " + name, e);
    } finally {
      lock.unlock();
    }
  }

  /** What they were. */
  List<String> names() {
    lock.lock();
    try {
      return List.copyOf(names);
    } finally {
      lock.unlock();
    }
  }
}
