package io.loomftp.testkit;

import java.nio.charset.Charset;
import java.util.Locale;

/**
 * One received command line.
 *
 * @param verb the first word in upper case
 * @param argument what follows the first space, or ""
 * @param line the whole line without CRLF and without Telnet sequences
 */
public record Request(String verb, String argument, String line) {
  static Request parse(byte[] bytes, Charset charset) {
    String line = new String(bytes, charset);
    int space = line.indexOf(' ');
    String verb = space < 0 ? line : line.substring(0, space);
    return new Request(verb.toUpperCase(Locale.ROOT), space < 0 ? "" : line.substring(space + 1), line);
  }
}
