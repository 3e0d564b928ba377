package io.loomftp.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of names that may and may not become local ones. */
class LocalNamesTest {
  private static final String NOWHERE = "";
  private static final String NATIVE = "N";
  private static final String NOT_PORTABLE = "NS";
  private static final String EVERYWHERE = "NSP";

  /** A name, and the rules that allow it on a system like Unix. */
  static Stream<Arguments> names() {
    return Stream.of(
        row("a.txt", EVERYWHERE),
        row("Grüße 日本語 \uD83D\uDE00", EVERYWHERE),
        row("...", NOT_PORTABLE),
        row("..a", EVERYWHERE),
        row(".hidden", EVERYWHERE),
        row(" lead", EVERYWHERE),
        row("-la", EVERYWHERE),
        row("~", EVERYWHERE),
        row("%41%2e%2e%2f", EVERYWHERE),
        row("a".repeat(255), EVERYWHERE),
        row("é".repeat(127), EVERYWHERE),
        row("COMA", EVERYWHERE),
        row("COM10", EVERYWHERE),
        row("console", EVERYWHERE),
        row("", NOWHERE),
        row(".", NOWHERE),
        row("..", NOWHERE),
        row("/", NOWHERE),
        row("/etc/passwd", NOWHERE),
        row("../../x", NOWHERE),
        row("a/b", NOWHERE),
        row("a\0b", NOWHERE),
        row("a\uDC80b", NOWHERE),
        row("a\uD800", NOWHERE),
        row("a".repeat(256), NOWHERE),
        row("é".repeat(128), NOWHERE),
        row("..\\..\\x", NATIVE),
        row("C:", NATIVE),
        row("C:\\x", NATIVE),
        row("file:stream", NATIVE),
        row("a\nb", NATIVE),
        row("a\u001b[2J", NATIVE),
        row("a\u007f", NATIVE),
        row("a\u0085", NATIVE),
        row("trail ", NOT_PORTABLE),
        row("trail.", NOT_PORTABLE),
        row("a*", NOT_PORTABLE),
        row("a?b", NOT_PORTABLE),
        row("<a>", NOT_PORTABLE),
        row("\"q\"", NOT_PORTABLE),
        row("a|b", NOT_PORTABLE),
        row("CON", NOT_PORTABLE),
        row("con", NOT_PORTABLE),
        row("nul.txt", NOT_PORTABLE),
        row("Aux.tar.gz", NOT_PORTABLE),
        row("COM1", NOT_PORTABLE),
        row("lpt9.log", NOT_PORTABLE),
        row("COM\u00b9", NOT_PORTABLE),
        row("con .txt", NOT_PORTABLE));
  }

  private static Arguments row(String name, String allowing) {
    return Arguments.of(name, allowing);
  }

  @ParameterizedTest(name = "[{index}]")
  @MethodSource("names")
  void namesAreAllowedByTheRulesOfTheTable(String name, String allowing) {
    Assumptions.assumeTrue(File.separatorChar == '/');
    StringBuilder found = new StringBuilder();
    for (LocalNames rules : LocalNames.values()) {
      found.append(rules.objection(name).isEmpty() ? rules.name().substring(0, 1) : "");
    }
    assertEquals(allowing, found.toString(), LineEscapes.visible(name));
  }
}
