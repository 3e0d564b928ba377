package io.loomftp.examples.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The least that FTP costs in Java: a socket, PASV, RETR or STOR, and a loop with one buffer. It trusts the server in
 * everything.
 */
final class SocketLoop implements AutoCloseable {
  private static final int BUFFER = 256 << 10;
  private static final Pattern PASV = Pattern.compile("(\\d+),(\\d+)\\)?\\.?$");

  private final String host;
  private final Socket control;
  private final BufferedReader replies;
  private final byte[] buffer = new byte[BUFFER];

  SocketLoop(Endpoint endpoint) throws IOException {
    host = endpoint.host();
    control = new Socket(host, endpoint.port());
    replies = new BufferedReader(new InputStreamReader(control.getInputStream(), StandardCharsets.US_ASCII));
    expect('2');
    ask("USER " + endpoint.user(), '3');
    ask("PASS " + endpoint.password(), '2');
    ask("TYPE I", '2');
  }

  /** Fetches a file into a sink. */
  void get(String path, OutputStream sink) throws IOException {
    try (Socket data = passive()) {
      ask("RETR " + path, '1');
      copy(data.getInputStream(), sink);
    }
    expect('2');
  }

  /** Fetches a file into a file. */
  void get(String path, Path target) throws IOException {
    try (OutputStream out = Files.newOutputStream(target)) {
      get(path, out);
    }
  }

  /** Stores a file. */
  void put(Path source, String path) throws IOException {
    try (Socket data = passive();
        InputStream in = Files.newInputStream(source)) {
      ask("STOR " + path, '1');
      copy(in, data.getOutputStream());
    }
    expect('2');
  }

  private void copy(InputStream in, OutputStream out) throws IOException {
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      out.write(buffer, 0, n);
    }
  }

  private Socket passive() throws IOException {
    String reply = ask("PASV", '2');
    Matcher port = PASV.matcher(reply);
    if (!port.find()) {
      throw new IOException("no port in " + reply);
    }
    return new Socket(host, Integer.parseInt(port.group(1)) << 8 | Integer.parseInt(port.group(2)));
  }

  private String ask(String command, char digit) throws IOException {
    control.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
    return expect(digit);
  }

  /** The last line of the next reply. */
  private String expect(char digit) throws IOException {
    String line = replies.readLine();
    while (line != null && (line.length() < 4 || line.charAt(3) == '-' || !Character.isDigit(line.charAt(0)))) {
      line = replies.readLine();
    }
    if (line == null || line.charAt(0) != digit) {
      throw new IOException("the server said " + line);
    }
    return line;
  }

  @Override
  public void close() throws IOException {
    control.close();
  }
}
