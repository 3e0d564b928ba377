package io.loomftp.pool;

import io.loomftp.FtpSession;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The use of one session by one thread: since when, and by how many leases. */
final class LeaseRecord {
  private static final int COMMAND_LENGTH = 80;
  private static final Pattern SENT = Pattern.compile(" *[\\d.]+ > (.*)", Pattern.DOTALL);

  /** The pool that a session is returned to. */
  interface Owner {
    /** A lease was closed. */
    void giveBack(LeaseRecord record);

    /** A lease was garbage collected while it was open. */
    void lost(LeaseRecord record);
  }

  private final PooledSession pooled;
  private final Thread holder;
  private final long since;
  private final @Nullable Throwable opened;
  private volatile boolean discarded;

  /** Guarded by the pool's lock. */
  int leases = 1;
  /** Guarded by the pool's lock. */
  boolean reported;

  LeaseRecord(PooledSession pooled, Thread holder, long since, @Nullable Throwable opened) {
    this.pooled = pooled;
    this.holder = holder;
    this.since = since;
    this.opened = opened;
  }

  PooledSession pooled() {
    return pooled;
  }

  FtpSession session() {
    return pooled.session();
  }

  Thread holder() {
    return holder;
  }

  long since() {
    return since;
  }

  void discard() {
    discarded = true;
  }

  boolean isDiscarded() {
    return discarded;
  }

  /** Thread, time, and the last command; with the stack that took the lease, where that was kept. */
  String describe(long now) {
    StringBuilder text =
        new StringBuilder(
            String.format(Locale.ROOT, "%s since %.1f s (%s)", name(holder), (now - since) / 1e9, lastCommand()));
    Throwable stack = opened;
    if (stack != null) {
      StringWriter lines = new StringWriter();
      stack.printStackTrace(new PrintWriter(lines));
      text.append(", ").append(lines.toString().strip());
    }
    return text.toString();
  }

  private static String name(Thread thread) {
    return thread.getName().isEmpty() ? "thread " + thread.threadId() : "'" + thread.getName() + "'";
  }

  /** From the transcript, which masks secrets. */
  private String lastCommand() {
    List<String> lines = session().transcript();
    for (int i = lines.size() - 1; i >= 0; i--) {
      Matcher sent = SENT.matcher(lines.get(i));
      if (sent.matches()) {
        String command = sent.group(1);
        return command.length() > COMMAND_LENGTH ? command.substring(0, COMMAND_LENGTH) + "..." : command;
      }
    }
    return "nothing sent yet";
  }

  @Override
  public String toString() {
    return session() + " held by " + name(holder);
  }
}
