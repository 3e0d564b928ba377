package io.loomftp.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A conversation as text, one step a line, that a {@link ScriptedServer} plays on one control connection:
 *
 * <pre>
 *   &lt; 220 hi             sends the line and CRLF; {port} opens a listener for data, {p1},{p2} are its port for a 227
 *   &lt;&lt; 234 ok\r\n331 x   sends exactly this; escapes \r \n \t \0 \\ and \xHH
 *   &gt; USER anonymous     expects exactly this command
 *   &gt; USER *             expects a command that starts so; after PORT and EPRT data goes to that address
 *   D&lt; bytes             sends data, the same escapes; the first D line opens the data connection
 *   D&lt;* 1000 x           sends 1000 times x
 *   D&gt; bytes             expects exactly this from the client, up to the end of its data
 *   D! tls | close | truncate | rst | stall
 *   ! tls | close | fin | rst | stall | drip TEXT | closed      (closed: expects that the client closes)
 *   # remark
 * </pre>
 *
 * <p>After the last line the control connection is closed. A step that fails is recorded with its line, the
 * conversation ends there, and {@link ScriptedServer#verify()} reports it.
 */
final class Script {
  private record Step(int number, String mark, String text) {}

  private static final List<String> MARKS = List.of("D<*", "D<", "D>", "D!", "<<", "<", ">", "!");

  private final List<Step> steps;

  private Script(List<Step> steps) {
    this.steps = steps;
  }

  static Script parse(String text) {
    List<Step> steps = new ArrayList<>();
    int number = 0;
    for (String raw : text.lines().toList()) {
      number++;
      String line = raw.strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String mark = MARKS.stream().filter(line::startsWith).findFirst().orElse("");
      if (mark.isEmpty()) {
        throw new IllegalArgumentException("line " + number + " is not a step of a script: " + line);
      }
      String rest = line.substring(mark.length());
      steps.add(new Step(number, mark, rest.startsWith(" ") ? rest.substring(1) : rest));
    }
    return new Script(steps);
  }

  void play(Conversation c) throws IOException, InterruptedException {
    @Nullable DataPipe data = null;
    try {
      for (Step step : steps) {
        if (step.mark().startsWith("D")) {
          data = data == null ? open(c, step) : data;
        }
        try {
          String mismatch = perform(step, c, data);
          if (!mismatch.isEmpty()) {
            fail(c, step, mismatch);
            return;
          }
        } catch (IOException e) {
          // The end of the server is not a mismatch of the client.
          if (!c.server().workers().isClosing()) {
            fail(c, step, e.toString());
          }
          return;
        }
        if (data != null && data.hasEnded()) {
          data = null;
        }
      }
      if (!c.isOver()) {
        c.end();
      }
    } finally {
      if (data != null) {
        data.abandon();
      }
    }
  }

  private static void fail(Conversation c, Step step, String what) {
    c.server().ledger().mismatch("line " + step.number() + ": " + step.mark() + " " + step.text() + "\n  but " + what);
  }

  private static DataPipe open(Conversation c, Step step) throws IOException {
    try {
      return step.mark().equals("D!") && step.text().equals("tls") ? c.openData(c.server().security().context()) : c.openData();
    } catch (IOException e) {
      fail(c, step, "there is no data connection: " + e);
      throw e;
    }
  }

  /** Returns the mismatch, or "". */
  private static String perform(Step step, Conversation c, @Nullable DataPipe data)
      throws IOException, InterruptedException {
    if (data != null && step.mark().startsWith("D")) {
      return performOnData(step, c, data);
    }
    String text = step.text();
    switch (step.mark()) {
      case "<" -> c.reply(fillIn(text, c));
      case "<<" -> c.raw(unescape(fillIn(text, c)));
      case ">" -> {
        String line = c.next().line();
        boolean matches = text.endsWith("*") ? line.startsWith(text.substring(0, text.length() - 1)) : line.equals(text);
        if (!matches) {
          return "the client sent: " + line;
        }
        noteAddress(c);
      }
      default -> {
        return act(text, c);
      }
    }
    return "";
  }

  private static String performOnData(Step step, Conversation c, DataPipe data) throws IOException {
    switch (step.mark()) {
      case "D<" -> data.send(unescape(step.text()));
      case "D<*" -> {
        String[] parts = step.text().split(" ", 2);
        data.send(unescape(parts[1].repeat(Integer.parseInt(parts[0]))));
      }
      case "D>" -> {
        byte[] expected = unescape(step.text());
        byte[] received = data.receiveAll();
        if (!java.util.Arrays.equals(expected, received)) {
          return "the client's data was: " + new String(received, c.server().charset());
        }
      }
      default -> {
        switch (step.text()) {
          case "tls" -> {} // done when it was opened
          case "close" -> data.finish();
          case "truncate" -> data.truncate();
          case "rst" -> data.reset();
          case "stall" -> data.stall();
          default -> throw new IllegalArgumentException("unknown step: D! " + step.text());
        }
      }
    }
    return "";
  }

  private static String act(String text, Conversation c) throws IOException, InterruptedException {
    switch (text.split(" ", 2)[0]) {
      case "tls" -> c.startTls();
      case "close" -> c.end();
      case "fin" -> c.close();
      case "rst" -> c.reset();
      case "stall" -> c.stall();
      case "drip" -> c.drip(unescape(text.substring("drip ".length())), Duration.ofMillis(200));
      case "closed" -> {
        return c.clientCloses() ? "" : "the client sent: " + c.next().line();
      }
      default -> throw new IllegalArgumentException("unknown step: ! " + text);
    }
    return "";
  }

  /** After PORT or EPRT, data goes to the address of the client. */
  private static void noteAddress(Conversation c) throws IOException {
    InetSocketAddress address = switch (c.request().verb()) {
      case "PORT" -> DataCommands.parsePort(c.argument());
      case "EPRT" -> DataCommands.parseEprt(c.argument());
      default -> null;
    };
    if (address != null) {
      c.connectTo(address);
    }
  }

  private static String fillIn(String text, Conversation c) throws IOException {
    if (!text.contains("{port}") && !text.contains("{p1}")) {
      return text;
    }
    int port = c.listen();
    return text.replace("{port}", Integer.toString(port))
        .replace("{p1}", Integer.toString(port >> 8))
        .replace("{p2}", Integer.toString(port & 0xFF));
  }

  private static byte[] unescape(String text) {
    byte[] in = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < in.length; i++) {
      if (in[i] != '\\' || i + 1 == in.length) {
        out.write(in[i]);
        continue;
      }
      char escape = Character.toLowerCase((char) in[++i]);
      switch (escape) {
        case 'r' -> out.write('\r');
        case 'n' -> out.write('\n');
        case 't' -> out.write('\t');
        case '0' -> out.write(0);
        case 'x' -> {
          out.write(Integer.parseInt(new String(in, i + 1, 2, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT), 16));
          i += 2;
        }
        default -> out.write(in[i]);
      }
    }
    return out.toByteArray();
  }
}
