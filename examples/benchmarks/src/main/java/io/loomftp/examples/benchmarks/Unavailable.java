package io.loomftp.examples.benchmarks;

/** A row cannot be run on this machine. */
final class Unavailable extends Exception {
  private static final long serialVersionUID = 1;

  Unavailable(String reason) {
    super(reason);
  }
}
