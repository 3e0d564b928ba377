package io.loomftp.pool;

import java.util.List;
import java.util.OptionalInt;

/**
 * A pool at one moment, for people to look at; never a secret.
 *
 * @param server user, host and port
 * @param size sessions that the pool may have
 * @param idle sessions that nobody uses
 * @param leased sessions in use
 * @param opening sessions on their way
 * @param waiting threads that wait for one
 * @param limit sessions that the server allows at a time, as far as the {@link ConnectionLimiter} knows
 * @param holders who uses the leased ones: thread, since when, and the last command
 */
public record PoolState(
    String server, int size, int idle, int leased, int opening, int waiting, OptionalInt limit, List<String> holders) {
  /** Takes a copy of the list. */
  public PoolState {
    holders = List.copyOf(holders);
  }
}
