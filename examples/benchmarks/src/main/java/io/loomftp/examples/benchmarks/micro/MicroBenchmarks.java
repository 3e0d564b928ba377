package io.loomftp.examples.benchmarks.micro;

import org.openjdk.jmh.Main;

/** Runs the JMH benchmarks of this package. The arguments are those of JMH, such as {@code ReplyParsing -prof gc}. */
public final class MicroBenchmarks {
  private MicroBenchmarks() {}

  /** Measures and prints. */
  public static void main(String[] args) throws Exception {
    String line = String.join(" ", args).strip();
    Main.main(line.isEmpty() ? new String[0] : line.split("\\s+", -1));
  }
}
