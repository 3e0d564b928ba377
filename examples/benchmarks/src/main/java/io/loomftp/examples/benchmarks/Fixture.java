package io.loomftp.examples.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.commons.io.FileUtils;

/** What the rows share: data, servers, links, the programs of others; each is made on first use and lasts until the end. */
final class Fixture implements Closeable {
  private final Settings settings;
  private final Path work;
  private final Data data;
  private final Map<Home, BenchServer> servers = new HashMap<>();
  private final Map<Integer, LatencyLink> links = new HashMap<>();
  private final Deque<Closeable> open = new ArrayDeque<>();
  private final Set<String> notes = new LinkedHashSet<>();
  private final Set<String> missing = new LinkedHashSet<>();
  private int folders;

  /** A server with its files. */
  private record Home(ServerKind kind, boolean tls, boolean large, int smallFiles) {}

  private Fixture(Settings settings, Path work) throws IOException {
    this.settings = settings;
    this.work = work;
    data = Data.write(work, settings.largeBytes(), Math.max(settings.smallFiles(), settings.latencyFiles()));
  }

  /** Writes the data. */
  static Fixture create(Settings settings) throws IOException {
    return new Fixture(settings, Files.createTempDirectory("loomftp-benchmarks"));
  }

  Settings settings() {
    return settings;
  }

  Data data() {
    return data;
  }

  /** A server with the large file and all small ones. */
  BenchServer server(ServerKind kind, boolean tls) throws IOException, InterruptedException {
    return server(new Home(kind, tls, true, settings.smallFiles()));
  }

  /** A server with those small files alone that are fetched over a link. */
  BenchServer farServer(ServerKind kind, boolean tls) throws IOException, InterruptedException {
    return server(new Home(kind, tls, false, settings.latencyFiles()));
  }

  private BenchServer server(Home home) throws IOException, InterruptedException {
    BenchServer running = servers.get(home);
    if (running == null) {
      running = BenchServer.start(home.kind(), home.tls());
      open.push(running);
      servers.put(home, running);
      if (home.large()) {
        data.copyLargeTo(running.home());
      }
      data.copySmallTo(running.home(), home.smallFiles());
    }
    return running;
  }

  /** The server as it is reached over a link with this round trip; 0 is no link. */
  Endpoint far(Endpoint endpoint, int milliseconds) throws IOException, Unavailable {
    if (milliseconds == 0) {
      return endpoint;
    }
    LatencyLink link = links.get(milliseconds);
    if (link == null) {
      link = LatencyLink.open(work, Duration.ofMillis(milliseconds), links.size());
      open.push(link);
      links.put(milliseconds, link);
    }
    return endpoint.behind(link.farAddress());
  }

  /** A new folder on the client's side. */
  Path folder(String name) throws IOException {
    return Files.createDirectory(work.resolve(name + "-" + folders++));
  }

  /** An external program, or empty with a note that it is missing. */
  Optional<ExternalProgram> program(String name) {
    Optional<ExternalProgram> program = ExternalProgram.find(name);
    if (program.isEmpty()) {
      missing.add(name);
      note(name + " is not installed, so it is left out.");
    }
    return program;
  }

  /** Whether a client is one that was not found. */
  boolean isMissing(String client) {
    return missing.stream().anyMatch(client::startsWith);
  }

  /** Remembers what the reader of the results should know. */
  void note(String text) {
    notes.add(text);
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  /** Numbers from 0, for those who want so many of something. */
  static List<Integer> upTo(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  /** Ends servers and links, the last one first, and deletes all files. */
  @Override
  public void close() throws IOException {
    IOException first = null;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (IOException e) {
        first = first == null ? e : first;
      }
    }
    FileUtils.deleteDirectory(work.toFile());
    if (first != null) {
      throw first;
    }
  }
}
