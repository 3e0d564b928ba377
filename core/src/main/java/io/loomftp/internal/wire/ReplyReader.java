package io.loomftp.internal.wire;

import io.loomftp.Limits;
import io.loomftp.Reply;
import io.loomftp.internal.text.NameCodec;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads replies from the control connection, one at a time (RFC 959 section 4.2).
 *
 * <p>A reply of several lines begins with {@code 250-} and ends with the same code and a blank; digits on the
 * lines between are text. Also accepted: a bare LF, a last line of three digits alone, and a reply
 * that ends with <em>another</em> code, which counts only when the server then falls silent.
 */
public final class ReplyReader {
  /** The source of bytes. */
  @FunctionalInterface
  public interface Source {
    /**
     * Reads at least one byte; -1 at the end.
     *
     * @throws SocketTimeoutException when nothing arrived within the bound; may be called again
     */
    int read(byte[] buffer, Duration bound) throws IOException;
  }

  private static final Duration SILENCE = Duration.ofSeconds(2);
  private static final int IAC = 0xFF;
  private static final int CODE_DIGITS = 3;

  private final Source source;
  private final NameCodec codec;
  private final Limits limits;
  private final byte[] buffer = new byte[1 << 10];
  private int at;
  private int end;
  private boolean endedBySilence;

  /** Reads from the source. */
  public ReplyReader(Source source, NameCodec codec, Limits limits) {
    this.source = source;
    this.codec = codec;
    this.limits = limits;
  }

  /** Whether the last reply ended with another code than its own, so that the rest of it may still arrive. */
  public boolean hasUncertainEnd() {
    return endedBySilence;
  }

  /** Whether bytes have been read that are not part of a reply yet. */
  public boolean hasBuffered() {
    return at < end;
  }

  /** The code at the start of the bytes that were read and are not part of a reply yet; 0 when there is none. */
  public int peekCode() {
    if (end - at < CODE_DIGITS) {
      return 0;
    }
    int code = 0;
    for (int i = at; i < at + CODE_DIGITS; i++) {
      if (buffer[i] < '0' || buffer[i] > '9') {
        return 0;
      }
      code = code * 10 + (buffer[i] - '0');
    }
    return code;
  }

  /** Whether anything arrives within the bound; consumes nothing. */
  public boolean poll(Duration bound) throws IOException {
    if (!hasBuffered()) {
      try {
        fill(bound);
      } catch (SocketTimeoutException e) {
        return false;
      }
    }
    return true;
  }

  /**
   * Reads the next reply.
   *
   * @param bound for the whole of it
   * @throws SocketTimeoutException when it was not complete within the bound
   * @throws EOFException when the server closed the connection
   * @throws BadReplyException when it is not a reply
   */
  public Reply read(Duration bound) throws IOException {
    return new Assembly(System.nanoTime() + bound.toNanos()).read();
  }

  private final class Assembly {
    private final long deadline;
    private final List<String> lines = new ArrayList<>(1);
    private int kept;
    private int seen;
    /** The code of a last line that differs from the code of the reply. */
    private int otherEnd;

    Assembly(long deadline) {
      this.deadline = deadline;
    }

    Reply read() throws IOException {
      endedBySilence = false;
      String first = line();
      while (first.isEmpty()) {
        first = line();
      }
      int code = code(first);
      if (code == 0) {
        throw new BadReplyException("not an FTP reply: '" + Command.printable(first) + "'");
      }
      keep(text(first));
      if (separator(first) != '-') {
        return new Reply(code, lines);
      }
      while (true) {
        String line = nextLineOrSilence();
        if (line == null) {
          endedBySilence = true;
          return new Reply(code, lines);
        }
        if (code(line) == code && separator(line) != '-') {
          keep(text(line));
          return new Reply(code, lines);
        }
        otherEnd = code(line) != 0 && separator(line) == ' ' ? code(line) : 0;
        keep(code(line) == code ? text(line) : line);
      }
    }

    /** The next line; null when the last one looked like an end with the wrong code and nothing follows it. */
    private @Nullable String nextLineOrSilence() throws IOException {
      if (otherEnd == 0 || hasBuffered()) {
        return line();
      }
      long left = deadline - System.nanoTime();
      if (left < SILENCE.toNanos()) {
        return line();
      }
      try {
        fill(SILENCE);
      } catch (SocketTimeoutException e) {
        return null;
      }
      return line();
    }

    private void keep(String text) {
      if (lines.isEmpty() || (lines.size() < limits.replyLines() && kept + text.length() <= limits.replySize())) {
        lines.add(text);
        kept += text.length();
      }
    }

    private String line() throws IOException {
      var bytes = new ByteArrayOutputStream(128);
      boolean doubled = false;
      while (true) {
        int b = next();
        if (b == '\n') {
          break;
        }
        if (b == 0) {
          throw new BadReplyException("the reply contains a NUL");
        }
        if (b == IAC && !doubled) {
          doubled = true;
          continue;
        }
        if (doubled && b != IAC) {
          // A lone 0xFF: from a server that does not double it.
          store(bytes, IAC);
        }
        doubled = false;
        store(bytes, b);
      }
      if (doubled) {
        store(bytes, IAC);
      }
      byte[] line = bytes.toByteArray();
      int length = line.length;
      while (length > 0 && line[length - 1] == '\r') {
        length--;
      }
      return codec.decode(line, 0, length);
    }

    private void store(ByteArrayOutputStream bytes, int b) {
      if (bytes.size() < limits.replyLine()) {
        bytes.write(b);
      }
    }

    private int next() throws IOException {
      if (at == end) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw new SocketTimeoutException("no complete reply in time");
        }
        fill(Duration.ofNanos(left));
      }
      if (++seen > limits.replyStop()) {
        throw new BadReplyException("a reply of more than " + limits.replyStop() + " bytes", true);
      }
      return buffer[at++] & 0xFF;
    }
  }

  private void fill(Duration bound) throws IOException {
    int n = source.read(buffer, bound);
    if (n < 0) {
      throw new EOFException("the server closed the control connection");
    }
    at = 0;
    end = n;
  }

  /** The code at the start of a line, 0 if there is none. */
  private static int code(String line) {
    if (line.length() < CODE_DIGITS) {
      return 0;
    }
    int code = 0;
    for (int i = 0; i < CODE_DIGITS; i++) {
      char c = line.charAt(i);
      if (c < '0' || c > '9') {
        return 0;
      }
      code = code * 10 + (c - '0');
    }
    char separator = separator(line);
    return code >= 100 && code < 600 && (separator == ' ' || separator == '-') ? code : 0;
  }

  /** The character behind the code; a blank at the end of the line. */
  private static char separator(String line) {
    return line.length() == CODE_DIGITS ? ' ' : line.charAt(CODE_DIGITS);
  }

  private static String text(String line) {
    return line.length() <= CODE_DIGITS + 1 ? "" : line.substring(CODE_DIGITS + 1);
  }
}
