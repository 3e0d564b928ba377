package io.loomftp.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Follows one control connection and assigns replies to commands and data to transfers. */
final class ControlLog {
  private static final Set<String> FILES = Set.of("RETR", "STOR", "APPE", "STOU");
  private static final Set<String> OVER_DATA = Set.of("RETR", "STOR", "APPE", "STOU", "LIST", "NLST", "MLSD");

  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<Pending> pending = new ArrayDeque<>();
  private final Deque<AtomicLong> openedPorts = new ArrayDeque<>();
  private final List<Pending> transfers = new ArrayList<>();
  private final List<String> commands = new ArrayList<>();
  private long offset;
  private boolean inMultiline;
  private String multilineEnd = "";

  private static final class Pending {
    final String verb;
    final String path;
    final long offset;
    final AtomicLong bytes;
    int code;

    Pending(String verb, String path, long offset, AtomicLong bytes) {
      this.verb = verb;
      this.path = path;
      this.offset = offset;
      this.bytes = bytes;
    }
  }

  void command(byte[] raw) {
    String line = new String(raw, StandardCharsets.UTF_8).strip();
    int start = 0;
    while (start < line.length() && !(line.charAt(start) < 128 && Character.isLetter(line.charAt(start)))) {
      start++; // the signals of Telnet before ABOR
    }
    String bare = line.substring(start);
    int blank = bare.indexOf(' ');
    String verb = (blank < 0 ? bare : bare.substring(0, blank)).toUpperCase(Locale.ROOT);
    String argument = blank < 0 ? "" : bare.substring(blank + 1);
    lock.lock();
    try {
      commands.add(bare.startsWith("PASS ") ? "PASS" : bare);
      AtomicLong port = OVER_DATA.contains(verb) ? openedPorts.pollFirst() : null;
      Pending one = new Pending(verb, argument, offset, port == null ? new AtomicLong() : port);
      pending.add(one);
      if (FILES.contains(verb)) {
        transfers.add(one);
      }
      if (verb.equals("REST")) {
        offset = Long.parseLong(argument);
      } else if (OVER_DATA.contains(verb)) {
        offset = 0;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns the verb whose reply this line completes, or null if more lines follow. */
  @Nullable
  String reply(byte[] raw) {
    String line = new String(raw, StandardCharsets.UTF_8);
    lock.lock();
    try {
      if (inMultiline) {
        inMultiline = !line.startsWith(multilineEnd);
      } else if (line.length() > 3 && line.charAt(3) == '-') {
        inMultiline = true;
        multilineEnd = line.substring(0, 3) + " ";
      }
      if (inMultiline || line.charAt(0) == '1') {
        return null;
      }
      Pending answered = pending.poll();
      if (answered == null) {
        return ""; // the greeting, or an unsolicited reply
      }
      answered.code = Integer.parseInt(line.substring(0, 3));
      return answered.verb;
    } finally {
      lock.unlock();
    }
  }

  /** Called for a passive port whose bytes are counted here. */
  AtomicLong openedPort() {
    AtomicLong bytes = new AtomicLong();
    lock.lock();
    try {
      openedPorts.addLast(bytes);
    } finally {
      lock.unlock();
    }
    return bytes;
  }

  List<ProxyTransfer> transfers() {
    lock.lock();
    try {
      return transfers.stream()
          .map(one -> new ProxyTransfer(one.verb, one.path, one.offset, one.bytes.get(), one.code))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  List<String> commands() {
    lock.lock();
    try {
      return List.copyOf(commands);
    } finally {
      lock.unlock();
    }
  }
}
