package io.loomftp.examples.benchmarks;

import java.util.List;
import java.util.Optional;

/**
 * What the clients of a row took.
 *
 * @param row the work
 * @param clients in the order of the row; the first is the one that the others are compared with
 */
record RowResult(Row row, List<ClientResult> clients) {
  /** Takes a copy of the list. */
  RowResult {
    clients = List.copyOf(clients);
  }

  /** A client by its name; empty when it was left out. */
  Optional<ClientResult> client(String name) {
    return clients.stream().filter(client -> client.client().equals(name)).findFirst();
  }

  /** The one that the others are compared with. */
  ClientResult ours() {
    return clients.getFirst();
  }
}
