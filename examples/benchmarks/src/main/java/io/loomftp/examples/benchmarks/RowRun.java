package io.loomftp.examples.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** Runs the rivals of one row: a round that warms up, then those that count. In each round the next rival begins. */
final class RowRun {
  private final Row row;
  private final Fixture fixture;
  private final Meter meter = new Meter();

  RowRun(Row row, Fixture fixture) {
    this.row = row;
    this.fixture = fixture;
  }

  /**
   * Measures.
   *
   * @throws Unavailable when the row cannot be run on this machine
   * @throws IllegalStateException when a client fails, or gives a wrong byte
   */
  RowResult run() throws Exception {
    List<Rival> rivals = row.opener().open(fixture);
    try {
      List<List<Sample>> samples = new ArrayList<>();
      rivals.forEach(rival -> samples.add(new ArrayList<>()));
      for (int round = 0; round <= fixture.settings().rounds(); round++) {
        for (int turn = 0; turn < rivals.size(); turn++) {
          int which = (turn + round) % rivals.size();
          Sample sample = once(rivals.get(which), round == 0);
          if (round > 0) {
            samples.get(which).add(sample);
          }
        }
      }
      List<ClientResult> clients = new ArrayList<>();
      for (int i = 0; i < rivals.size(); i++) {
        clients.add(new ClientResult(rivals.get(i).client(), rivals.get(i).isExternal(), samples.get(i)));
      }
      return new RowResult(row, clients);
    } finally {
      for (Rival rival : rivals) {
        rival.close();
      }
    }
  }

  private Sample once(Rival rival, boolean warmUp) throws Exception {
    try {
      rival.prepare(warmUp);
      Sample sample = meter.measure(rival);
      rival.check();
      return sample;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(row.key() + ", " + rival.client() + ": " + e, e);
    }
  }
}
