package io.loomftp.internal.wire;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * The address at which a server waits for a data connection: the replies to PASV (RFC 959, RFC 1123 section 4.1.2.6) and EPSV
 * (RFC 2428).
 *
 * @param host four bytes as the server gave them, empty with EPSV
 * @param port 1 to 65535
 */
public record PassiveAddress(byte[] host, int port) {
  private static final int NUMBERS = 6;

  /**
   * Reads {@code Entering Passive Mode (h1,h2,h3,h4,p1,p2)}. The brackets are not guaranteed: six numbers are searched from
   * the first digit on.
   */
  public static PassiveAddress ofPasv(String text) throws BadReplyException {
    int at = 0;
    while (at < text.length() && !isDigit(text.charAt(at))) {
      at++;
    }
    if (at > 0 && text.charAt(at - 1) == '-') {
      throw bad(text);
    }
    int[] numbers = new int[NUMBERS];
    for (int i = 0; i < NUMBERS; i++) {
      int start = at;
      while (at < text.length() && isDigit(text.charAt(at))) {
        numbers[i] = Math.min(1000, numbers[i] * 10 + (text.charAt(at) - '0'));
        at++;
      }
      if (at == start || at - start > 3 || numbers[i] > 255) {
        throw bad(text);
      }
      if (i < NUMBERS - 1) {
        if (at == text.length() || text.charAt(at) != ',') {
          throw bad(text);
        }
        at++;
        while (at < text.length() && text.charAt(at) == ' ') {
          at++;
        }
      }
    }
    if (at < text.length() && text.charAt(at) == ',') {
      throw bad(text);
    }
    byte[] host = {(byte) numbers[0], (byte) numbers[1], (byte) numbers[2], (byte) numbers[3]};
    return checked(host, numbers[4] << 8 | numbers[5], text);
  }

  /**
   * Reads {@code Entering Extended Passive Mode (|||port|)}. The first two fields must be empty: the address is that of the
   * control connection.
   */
  public static PassiveAddress ofEpsv(String text) throws BadReplyException {
    int open = text.indexOf('(');
    if (open < 0 || open + 1 >= text.length()) {
      throw bad(text);
    }
    char delimiter = text.charAt(open + 1);
    int close = text.indexOf(')', open + 2);
    if (delimiter < 33 || delimiter > 126 || isDigit(delimiter) || close < 0) {
      throw bad(text);
    }
    String fields = text.substring(open + 1, close);
    String prefix = String.valueOf(delimiter).repeat(3);
    if (!fields.startsWith(prefix) || fields.length() < 5 || fields.charAt(fields.length() - 1) != delimiter) {
      throw bad(text);
    }
    String digits = fields.substring(3, fields.length() - 1);
    if (digits.length() > 5 || !digits.chars().allMatch(PassiveAddress::isDigit)) {
      throw bad(text);
    }
    return checked(new byte[0], Integer.parseInt(digits), text);
  }

  /** The host as an address, without a lookup. */
  public InetAddress address() {
    try {
      return InetAddress.getByAddress(host);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("only a reply to PASV has a host", e);
    }
  }

  private static PassiveAddress checked(byte[] host, int port, String text) throws BadReplyException {
    if (port < 1 || port > 65535) {
      throw bad(text);
    }
    return new PassiveAddress(host, port);
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static BadReplyException bad(String text) {
    return new BadReplyException("no address for data in '" + Command.printable(text) + "'");
  }
}
