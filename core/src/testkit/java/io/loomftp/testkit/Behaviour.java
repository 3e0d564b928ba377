package io.loomftp.testkit;

import java.io.IOException;

/** What the server does when a command comes, instead of the ordinary thing. */
@FunctionalInterface
public interface Behaviour {
  /** Runs on the thread of the session; an exception ends the session. */
  void run(Conversation c) throws IOException, InterruptedException;
}
