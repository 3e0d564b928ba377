package io.loomftp;

/**
 * Local ports to listen on in active mode.
 *
 * @param from the first, 0 to 65535; 0 in both means any free port
 * @param to the last, not less than {@code from}
 */
public record PortRange(int from, int to) {
  /** Any free port, chosen by the operating system. */
  public static final PortRange ANY = new PortRange(0, 0);

  /** Checks the bounds. */
  public PortRange {
    if (from < 0 || to > 65535 || from > to || (from == 0 && to != 0)) {
      throw new IllegalArgumentException("not a range of ports: " + from + "-" + to);
    }
  }

  /** A range of one port. */
  public static PortRange of(int port) {
    return new PortRange(port, port);
  }
}
