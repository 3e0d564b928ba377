package io.loomftp.examples.samples;

import io.loomftp.DataConnection;
import io.loomftp.Reply;
import io.loomftp.SessionListener;
import java.io.IOException;
import java.io.PrintStream;

/**
 * Prints the steps of the demo: the call, the commands and replies, and the checks. Receives commands and replies as the
 * {@link SessionListener} of the session.
 */
final class Narrator implements SessionListener {
  private static final int WIDTH = 100;

  private final PrintStream out;
  private int steps;
  private int checks;

  Narrator(PrintStream out) {
    this.out = out;
  }

  /** Prints a line. */
  void say(String line) {
    out.println(line);
  }

  /** Prints a heading with the next number. */
  void step(String title) {
    steps++;
    out.printf("%n%d. %s%n", steps, title);
  }

  /** Prints a line of Java that is about to run. */
  void code(String line) {
    out.println("   " + line);
  }

  /** Prints a line from another source, such as an entry of a listing. */
  void show(Object line) {
    out.println("       " + line);
  }

  /** Checks a fact; the demo fails when it does not hold. */
  void check(boolean holds, String fact) throws IOException {
    if (!holds) {
      throw new IOException("NOT SO: " + fact);
    }
    checks++;
    out.println("   ok: " + fact);
  }

  int checks() {
    return checks;
  }

  @Override
  public void commandSent(String command) {
    wire("> ", command);
  }

  @Override
  public void replyReceived(String command, Reply reply) {
    wire("< ", reply.toString());
  }

  @Override
  public void dataProtected(DataConnection.Protection protection) {
    wire("= ", "data over " + protection.protocol() + (protection.resumed() ? ", the session resumed" : ""));
  }

  private void wire(String sign, String line) {
    out.println("       " + sign + (line.length() > WIDTH ? line.substring(0, WIDTH) + "..." : line));
  }
}
