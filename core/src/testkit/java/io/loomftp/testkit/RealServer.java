package io.loomftp.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A vsftpd or ProFTPD that runs until it is closed; at the latest until the JVM ends. */
public final class RealServer implements AutoCloseable {
  private final RealServers.Kind kind;
  private final RealServers.Variant variant;
  private final int port;
  private final ServerFolder folder;
  private final Process process;
  private final Thread atExit = new Thread(this::end, "testkit-server-end");

  RealServer(RealServers.Kind kind, RealServers.Variant variant, int port, ServerFolder folder, Process process) {
    this.kind = kind;
    this.variant = variant;
    this.port = port;
    this.folder = folder;
    this.process = process;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** The port it listens on, at 127.0.0.1. */
  public int port() {
    return port;
  }

  /** The user's name. */
  public String user() {
    return folder.isAnonymousOnly(kind) ? "anonymous" : "loom";
  }

  /** The user's password. */
  public String password() {
    return "weave";
  }

  /** The user's home on this machine. */
  public Path home() {
    return folder.home();
  }

  /** Its configuration. */
  public RealServers.Variant variant() {
    return variant;
  }

  /** The log of the server so far. */
  public String log() {
    try {
      return folder.messages();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits until the server has ended all sessions, each of which has a process.
   *
   * @throws AssertionError when a session does not end
   */
  public void awaitIdle() throws InterruptedException {
    long end = System.nanoTime() + ScriptedServer.PATIENCE.toNanos();
    while (process.descendants().findAny().isPresent()) {
      if (System.nanoTime() > end || process.waitFor(2, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("sessions have not ended, or the server has: " + process.descendants().toList());
      }
    }
  }

  Process process() {
    return process;
  }

  private void end() {
    // One process serves one session; they outlive their parent.
    List<ProcessHandle> sessions = process.descendants().toList();
    process.destroyForcibly();
    sessions.forEach(ProcessHandle::destroyForcibly);
    try {
      process.waitFor(10, TimeUnit.SECONDS);
      folder.delete();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atExit);
    end();
  }

  @Override
  public String toString() {
    return kind + " " + variant + " on port " + port;
  }
}
