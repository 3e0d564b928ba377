package io.loomftp.testkit;

import java.io.IOException;

/** The reaction of a server to a command, in place of the ordinary one. */
@FunctionalInterface
public interface Behaviour {
  /** Runs on the thread of the session; an exception ends the session. */
  void run(Conversation c) throws IOException, InterruptedException;
}
