package io.loomftp.examples.benchmarks;

import java.io.IOException;
import java.util.List;

/**
 * Work that several clients do side by side.
 *
 * @param key a short name, by which the row can be chosen
 * @param group the chart that it is part of
 * @param title the work in words
 * @param opener makes the rivals
 * @param goals what is wanted of the ratios
 */
record Row(String key, Group group, String title, Opener opener, List<Goal> goals) {
  /** The charts. */
  enum Group {
    /** One large file. */
    BULK("One large file"),
    /** Many small files, without latency. */
    SMALL("Many small files"),
    /** Many small files over a link with latency. */
    LATENCY("Many small files over a link with latency"),
    /** Futures and events beside the core. */
    FACADE("Futures and events"),
    /** Listings from memory. */
    LISTING("Listings"),
    /** Very many sessions. */
    SESSIONS("Very many sessions");

    private final String title;

    Group(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  /** Makes the rivals of a row. */
  @FunctionalInterface
  interface Opener {
    /**
     * Connects what must be connected; the first rival is the one that the others are compared with.
     *
     * @throws Unavailable when the row cannot be run on this machine
     */
    List<Rival> open(Fixture fixture) throws IOException, InterruptedException, Unavailable;
  }

  @Override
  public String toString() {
    return key + ": " + title;
  }
}
