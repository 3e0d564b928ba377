package io.loomftp.internal.proxy;

import io.loomftp.Credentials;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** HTTP's CONNECT (RFC 9110 section 9.3.6), with a login by the scheme Basic (RFC 7617). */
final class HttpConnect implements Handshake {
  private static final int LONGEST_HEAD = 32 << 10;
  private static final int LONGEST_SHOWN = 200;
  private static final int MOST_INTERIM = 8;
  private static final int SHORTEST_SECRET = 3;
  private static final int LOGIN_DEMANDED = 407;
  /** What tinyproxy answers to a wrong login in place of 407. */
  private static final int UNAUTHORIZED = 401;

  private static final String START = "HTTP/1.";
  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.\\d (\\d{3})(?: (.*))?");

  private final Optional<Credentials> credentials;

  HttpConnect(Optional<Credentials> credentials) {
    this.credentials = credentials;
  }

  @Override
  public String scheme() {
    return "http";
  }

  @Override
  public void connect(ProxyStream stream, Target target) throws IOException {
    stream.send(request(target).getBytes(StandardCharsets.ISO_8859_1));
    for (int interim = 0; interim < MOST_INTERIM; interim++) {
      String statusLine = readLine(stream, START, LONGEST_HEAD);
      Matcher status = STATUS_LINE.matcher(statusLine);
      if (!status.matches()) {
        throw ProxyException.broken(stream.proxy(), "answered '" + shown(statusLine) + "': that is not HTTP", null);
      }
      List<String> fields = readFields(stream);
      int code = Integer.parseInt(status.group(1));
      // In a 2xx the fields on a body are to be ignored: whatever follows the head is the server's.
      if (code >= 200 && code < 300) {
        return;
      }
      if (code >= 200) {
        throw refused(stream, target, code, shown(code + " " + Optional.ofNullable(status.group(2)).orElse("")), fields);
      }
    }
    throw ProxyException.broken(stream.proxy(), "sent more than " + MOST_INTERIM + " interim answers", null);
  }

  private String request(Target target) {
    return "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n"
        + credentials.map(who -> "Proxy-Authorization: Basic " + basic(who) + "\r\n").orElse("")
        + "\r\n";
  }

  private static String basic(Credentials who) {
    String pair = who.user() + ":" + new String(who.password());
    return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private ProxyException refused(ProxyStream stream, Target target, int code, String reply, List<String> fields) {
    if (code != LOGIN_DEMANDED && code != UNAUTHORIZED) {
      return ProxyException.refused(stream.proxy(), "to connect to " + target, reply);
    }
    String wanted = fields.stream().filter(line -> line.toLowerCase(Locale.ROOT).matches("(proxy|www)-authenticate:.*"))
        .map(line -> " (" + shown(line) + ")").findFirst().orElse("");
    String what = credentials
        .map(who -> "refused the user '" + who.user() + "' or the password: ")
        .orElse("demands a login: ");
    return ProxyException.login(stream.proxy(), what + reply + wanted, reply);
  }

  /** The lines up to the empty one that ends them. */
  private static List<String> readFields(ProxyStream stream) throws IOException {
    List<String> fields = new ArrayList<>();
    int left = LONGEST_HEAD;
    while (true) {
      String line = readLine(stream, "", left);
      if (line.isEmpty()) {
        return fields;
      }
      fields.add(line);
      left -= line.length();
    }
  }

  /** A line without its end, read byte by byte; it ends early where it does not start as it must. */
  private static String readLine(ProxyStream stream, String start, int longest) throws IOException {
    var line = new ByteArrayOutputStream();
    while (true) {
      int next = stream.read();
      if (next == '\n') {
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
      }
      line.write(next);
      int at = line.size() - 1;
      if (at < start.length() && next != start.charAt(at)) {
        return line.toString(StandardCharsets.ISO_8859_1);
      }
      if (line.size() > longest) {
        throw ProxyException.broken(stream.proxy(), "answered with a head of more than " + LONGEST_HEAD + " bytes", null);
      }
    }
  }

  /** The text of the proxy without control characters and secrets, cut to a bearable length. */
  private String shown(String text) {
    String shown = text;
    if (credentials.isPresent()) {
      String password = new String(credentials.get().password());
      shown = shown.replace(basic(credentials.get()), "***");
      shown = password.length() < SHORTEST_SECRET ? shown : shown.replace(password, "***");
    }
    StringBuilder printable = new StringBuilder();
    shown.strip().chars().limit(LONGEST_SHOWN).forEach(c -> printable.append(Character.isISOControl(c) ? '?' : (char) c));
    return printable.toString();
  }
}
