package io.loomftp.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A proxy of {@link RealProxies} that runs until it is closed; at the latest until the JVM ends. */
public final class RealProxy implements AutoCloseable {
  private final RealProxies.Kind kind;
  private final int port;
  private final Path folder;
  private final Process process;
  private final Thread atExit = new Thread(this::end, "testkit-proxy-end");

  RealProxy(RealProxies.Kind kind, int port, Path folder, Process process) {
    this.kind = kind;
    this.port = port;
    this.folder = folder;
    this.process = process;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** The port it listens on, at 127.0.0.1. */
  public int port() {
    return port;
  }

  /** What the proxy has written so far. */
  public String log() {
    StringBuilder all = new StringBuilder();
    for (String name : List.of("output", "squid.log", "log")) {
      try {
        Path file = folder.resolve(name);
        all.append(Files.exists(file) ? Files.readString(file) : "");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return all.toString();
  }

  Process process() {
    return process;
  }

  private void end() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    try {
      process.waitFor(10, TimeUnit.SECONDS);
      TempFolders.delete(folder);
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
    return kind + " on port " + port;
  }
}
