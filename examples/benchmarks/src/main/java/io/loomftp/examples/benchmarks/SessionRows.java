package io.loomftp.examples.benchmarks;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Very many sessions at once in a JVM of their own with a small heap, against the scripted server of the test kit in another
 * one. The client is an external program here: it prints what it found out.
 */
final class SessionRows {
  /** The heap that one session takes, as {@link ManySessions} prints it. */
  static final String HEAP = "heap bytes a session";
  /** Platform threads at the peak. */
  static final String THREADS = "platform threads";
  /** Sessions that failed. */
  static final String FAILURES = "failures";
  /** Resident bytes at the peak. */
  static final String RESIDENT = "resident bytes";

  private static final double TOLERATED = 0.01; // they are shown with the results
  private static final int SHOWN = 8;
  private static final Duration BOUND = Duration.ofMinutes(20);

  private SessionRows() {}

  /** All rows. */
  static List<Row> all(int sessions) {
    String title = sessions + " sessions open at once, then 64 KiB each, ";
    return List.of(
        new Row("sessions-plain", Row.Group.SESSIONS, title + "no TLS", fixture -> rivals(fixture, false), List.of()),
        new Row("sessions-tls", Row.Group.SESSIONS, title + "TLS 1.3", fixture -> rivals(fixture, true), List.of()));
  }

  private static List<Rival> rivals(Fixture fixture, boolean tls) {
    int sessions = fixture.settings().manySessions();
    List<Rival> rivals = new ArrayList<>();
    rivals.add(rival(sessions, tls, ManySessions.LOOM, "-Xmx512m"));
    if (!tls) {
      rivals.add(rival(sessions, false, ManySessions.COMMONS, "-Xmx2g"));
    }
    return rivals;
  }

  /** Each round has a server of its own, which does not clean up after the clients of the round before. */
  private static Rival rival(int sessions, boolean tls, String client, String memory) {
    Deque<ServerProcess> running = new ArrayDeque<>();
    ExternalProgram java = new ExternalProgram("java", Path.of(System.getProperty("java.home"), "bin", "java"));
    Rival rival = Rival.external(
        client,
        () -> {
          ServerProcess server = running.getFirst();
          List<String> arguments = new ArrayList<>(java(memory, ManySessions.class));
          arguments.addAll(List.of(client, String.valueOf(server.port), String.valueOf(sessions), server.pin));
          return java.run(arguments, BOUND).orThrow();
        });
    return rival
        .before(warmUp -> running.push(ServerProcess.start(tls)))
        .check(
            () -> {
              closeAll(running);
              double failures = rival.figures().getOrDefault(FAILURES, Double.POSITIVE_INFINITY);
              if (client.equals(ManySessions.LOOM) && failures > sessions * TOLERATED) { // a peer's are only shown
                throw new IOException("too many sessions failed: " + lastLines(rival.ran().output()));
              }
            })
        .closing(() -> closeAll(running));
  }

  private static void closeAll(Deque<ServerProcess> running) throws IOException {
    while (!running.isEmpty()) {
      running.pop().close();
    }
  }

  /** The reasons of many failures are alike. */
  private static String lastLines(String output) {
    List<String> lines = output.lines().toList();
    return String.join("; ", lines.subList(Math.max(0, lines.size() - SHOWN), lines.size()));
  }

  private static List<String> java(String memory, Class<?> program) {
    return List.of(memory, "-classpath", System.getProperty("java.class.path"), program.getName());
  }

  /** The scripted server in a process that ends with its standard input. */
  private static final class ServerProcess implements Closeable {
    private final Process process;
    private final int port;
    private final String pin;

    private ServerProcess(Process process, int port, String pin) {
      this.process = process;
      this.port = port;
      this.pin = pin;
    }

    static ServerProcess start(boolean tls) throws IOException {
      List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
      command.addAll(java("-Xmx2g", ManySessionsServer.class));
      command.add(tls ? "tls" : "plain");
      Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      BufferedReader said = process.inputReader(StandardCharsets.US_ASCII);
      String line = said.readLine();
      if (line == null) {
        process.destroyForcibly();
        throw new IOException("the server for many sessions did not start");
      }
      String[] words = line.split(" ", -1);
      return new ServerProcess(process, Integer.parseInt(words[0]), words[1]);
    }

    @Override
    public void close() throws IOException {
      process.getOutputStream().close();
      try {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
