package io.loomftp.testkit;

import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The state of one session between commands. Used by the thread of the session. */
public final class SessionState {
  String user = "";
  boolean loggedIn;
  String directory = "/";
  boolean ascii = true; // RFC 959: TYPE A is where every session begins
  long restartAt;
  @Nullable String renameFrom;
  boolean protectData;
  boolean protectionSize;

  /** The transfer that runs beside the session, or the last one. */
  @Nullable Future<?> transfer;

  /** Its data connection: ABOR, on the session's thread, cuts it. */
  final AtomicReference<@Nullable DataPipe> data = new AtomicReference<>();
  volatile boolean aborted;

  boolean isTransferring() {
    Future<?> running = transfer;
    return running != null && !running.isDone();
  }
}
