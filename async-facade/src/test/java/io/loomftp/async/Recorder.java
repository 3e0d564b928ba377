package io.loomftp.async;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Writes down every event, and every breach of the rules of their order: exactly one end for each transfer that was
 * connected, nothing between transfers that belongs into them, nothing after the last event, one thread for each session.
 */
final class Recorder implements Consumer<FtpEvent> {
  private final List<FtpEvent> events = new ArrayList<>();
  private final List<String> breaches = new ArrayList<>();
  private final Map<String, State> states = new HashMap<>();
  private final boolean acrossConnections;

  Recorder() {
    this(false);
  }

  private Recorder(boolean acrossConnections) {
    this.acrossConnections = acrossConnections;
  }

  /** One for sessions that are established again, where other events follow {@code closed}. */
  static Recorder acrossConnections() {
    return new Recorder(true);
  }

  /** What is known of one session. */
  private static final class State {
    String transfer = "";
    boolean started;
    boolean greeted;
    boolean over;
    boolean lost;
    boolean quit;
    Thread thread = Thread.currentThread();
  }

  @Override
  public synchronized void accept(FtpEvent event) {
    events.add(event);
    notifyAll();
    State state = states.computeIfAbsent(event.session(), alias -> new State());
    boolean again = acrossConnections && state.lost && !state.quit;
    state.over &= !again;
    if (state.over) {
      breach(event, "comes after the last event");
    }
    if (state.thread != Thread.currentThread() || !state.thread.getName().startsWith("ftp-events-")) {
      breach(event, "comes on thread " + Thread.currentThread());
    }
    String what = event.name().contains("_") ? event.name().substring(0, event.name().indexOf('_')) : event.name();
    switch (event) {
      case FtpEvent.Connected e -> state.greeted = true;
      case FtpEvent.Authenticated e -> must(event, state.greeted, "comes before connected");
      case FtpEvent.DataConnected e -> {
        must(event, state.transfer.isEmpty(), "comes while " + state.transfer + " is open");
        state.transfer = key(what, event);
      }
      case FtpEvent.Started e -> {
        must(event, !state.started, "comes a second time");
        must(event, state.transfer.isEmpty() || state.transfer.equals(key(what, event)), "is of another transfer");
        state.started = true;
      }
      case FtpEvent.Data e -> must(event, state.transfer.equals(key(what, event)), "is of no open transfer");
      case FtpEvent.Flushed e -> must(event, state.transfer.equals(key(what, event)), "is of no open transfer");
      case FtpEvent.Done e -> {
        boolean nothingToDo = state.transfer.isEmpty() && e.result().filter(r -> r.reply().isEmpty()).isPresent();
        must(event, nothingToDo || state.transfer.equals(key(what, event)), "ends no open transfer");
        end(state);
      }
      case FtpEvent.Failed e -> {
        if (List.of("get", "ls", "dir", "put").contains(what)) {
          must(event, state.transfer.isEmpty() || state.transfer.equals(key(what, event)), "ends another transfer");
          end(state);
        }
      }
      case FtpEvent.Completed e -> {
        must(event, state.transfer.isEmpty(), "comes while " + state.transfer + " is open");
        state.over = event.name().equals("quit");
        state.quit = state.over;
      }
      case FtpEvent.Partial e -> must(event, state.transfer.isEmpty(), "comes while " + state.transfer + " is open");
      case FtpEvent.PoolDone e -> breach(event, "is not of a session");
      case FtpEvent.MirrorPlanned e -> breach(event, "is not of a session");
      case FtpEvent.MirrorProgressed e -> breach(event, "is not of a session");
      case FtpEvent.MirrorDone e -> breach(event, "is not of a session");
      case FtpEvent.Closed e -> {
        must(event, state.transfer.isEmpty(), "comes while " + state.transfer + " is open");
        state.over = true;
        state.lost = true;
      }
    }
  }

  private static String key(String what, FtpEvent event) {
    return what + " " + event.argument();
  }

  private static void end(State state) {
    state.transfer = "";
    state.started = false;
  }

  private void must(FtpEvent event, boolean so, String complaint) {
    if (!so) {
      breach(event, complaint);
    }
  }

  private void breach(FtpEvent event, String complaint) {
    breaches.add(event.session() + ": " + event + " " + complaint);
  }

  /** The rules were kept and no transfer is open. */
  synchronized void check() {
    states.forEach(
        (alias, state) -> {
          if (!state.transfer.isEmpty()) {
            breaches.add(alias + ": no end came of " + state.transfer);
          }
        });
    assertEquals(List.of(), breaches, () -> "events: " + events);
  }

  /** All events. */
  synchronized List<FtpEvent> events() {
    return List.copyOf(events);
  }

  /** Waits until the last event has this name, ten seconds at most, and returns all names. */
  synchronized List<String> namesUpTo(String last) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (events.isEmpty() || !events.getLast().name().equals(last)) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        break;
      }
      wait(left);
    }
    return names();
  }

  /** Their names. */
  synchronized List<String> names() {
    return events.stream().map(FtpEvent::name).toList();
  }

  /** As they print, blocks of data that follow each other as one. */
  synchronized List<String> trace() {
    List<String> lines = new ArrayList<>();
    for (FtpEvent event : events) {
      String line = event.name().equals("get_data") ? "get_data(...)" : event.toString();
      if (!line.equals("get_data(...)") || !lines.getLast().equals(line)) {
        lines.add(line);
      }
    }
    return lines;
  }
}
