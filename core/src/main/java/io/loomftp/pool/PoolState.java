package io.loomftp.pool;

import java.util.List;
import java.util.OptionalInt;

/**
 * The state of a pool at one moment, for logs and monitoring; it holds no secret.
 *
 * @param server user, host and port
 * @param size the most sessions that the pool may have
 * @param idle sessions that are not in use
 * @param leased sessions in use
 * @param opening sessions that are being opened
 * @param waiting threads that wait for a session
 * @param limit the connections that the server accepts at a time, as far as the {@link ConnectionLimiter} knows
 * @param holders for each leased session its thread, the time since the lease, and the last command
 */
public record PoolState(
    String server, int size, int idle, int leased, int opening, int waiting, OptionalInt limit, List<String> holders) {
  /** Takes a copy of the list. */
  public PoolState {
    holders = List.copyOf(holders);
  }
}
