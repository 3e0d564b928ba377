package io.loomftp.examples.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** One client's way of doing the work of a row: what is measured, and around it what is not. */
final class Rival implements Closeable {
  private static final ExternalProgram.Run NOTHING = new ExternalProgram.Run(List.of(), 0, "", 0);
  private static final String FIGURE = "figure ";

  private final String client;
  private final Program work;
  private final boolean external;
  private Preparation before = warmUp -> {};
  private Step check = () -> {};
  private Closeable resource = () -> {};
  private ExternalProgram.Run ran = NOTHING;

  private Rival(String client, boolean external, Program work) {
    this.client = client;
    this.external = external;
    this.work = work;
  }

  /** A part of a round. */
  @FunctionalInterface
  interface Step {
    /** Runs it. */
    void run() throws Exception;
  }

  /** What is done before the work. */
  @FunctionalInterface
  interface Preparation {
    /** Prepares a round; the first of all warms up and does not count. */
    void run(boolean warmUp) throws Exception;
  }

  /** Work that a program of its own does. */
  @FunctionalInterface
  interface Program {
    /** Runs it to its end. */
    ExternalProgram.Run run() throws Exception;
  }

  /** A client in this JVM. */
  static Rival of(String client, Step work) {
    return new Rival(
        client,
        false,
        () -> {
          work.run();
          return NOTHING;
        });
  }

  /** A client in a process of its own, which has ended when the work returns. */
  static Rival external(String client, Program work) {
    return new Rival(client, true, work);
  }

  /** Adds what is done before the work. */
  Rival before(Preparation preparation) {
    before = preparation;
    return this;
  }

  /** Adds what checks every byte of the result, and throws when one is wrong. */
  Rival check(Step step) {
    check = step;
    return this;
  }

  /** Adds what is closed after the last round. */
  Rival closing(Closeable closeable) {
    resource = closeable;
    return this;
  }

  String client() {
    return client;
  }

  boolean isExternal() {
    return external;
  }

  void prepare(boolean warmUp) throws Exception {
    before.run(warmUp);
  }

  void work() throws Exception {
    ran = work.run();
  }

  void check() throws Exception {
    check.run();
  }

  /** How the last run of an external program ended. */
  ExternalProgram.Run ran() {
    return ran;
  }

  /** The figures that the last run of an external program printed, each as a line such as {@code figure threads=12}. */
  Map<String, Double> figures() {
    return ran.output()
        .lines()
        .filter(line -> line.startsWith(FIGURE))
        .map(line -> line.substring(FIGURE.length()).split("=", 2))
        .collect(Collectors.toMap(parts -> parts[0], parts -> Double.valueOf(parts[1])));
  }

  @Override
  public void close() throws IOException {
    resource.close();
  }
}
