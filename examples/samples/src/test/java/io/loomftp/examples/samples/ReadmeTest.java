package io.loomftp.examples.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every block of Java in the documents compiles, as the body of a method. */
class ReadmeTest {
  private static final Path TOP = Path.of("../..");

  /** What a reader's editor would import. */
  private static final String IMPORTS =
      """
      import io.loomftp.*;
      import java.io.*;
      import java.net.*;
      import java.nio.charset.*;
      import java.nio.file.*;
      import java.security.*;
      import java.security.cert.CertificateFactory;
      import java.time.*;
      import java.util.*;
      import java.util.concurrent.*;
      import javax.net.ssl.*;
      """;

  /** What the blocks speak of without declaring it. */
  private static final String GIVEN =
      """
      abstract class Given {
        FtpConfig config;
        FtpSession ftp;
        char[] password;
        String fingerprint;
        byte[] rest;
        OutputStream sink;
        List<String> names;

        abstract boolean userPressedCancel();
      }
      """;

  @TempDir Path classes;

  private record Block(Path file, int line, String code) {
    @Override
    public String toString() {
      return file.getFileName() + " line " + line;
    }
  }

  static Stream<Block> blocks() throws IOException {
    List<Block> all = new ArrayList<>();
    for (String document : List.of("README.md", "CHANGELOG.md")) {
      List<Block> found = blocksOf(TOP.resolve(document), Files.readAllLines(TOP.resolve(document)));
      assertFalse(found.isEmpty(), document + " has no block of Java");
      all.addAll(found);
    }
    return all.stream();
  }

  private static List<Block> blocksOf(Path file, List<String> lines) {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).strip().equals("```java")) {
        int begin = i + 1;
        do {
          i++;
        } while (!lines.get(i).strip().equals("```"));
        blocks.add(new Block(file, begin + 1, String.join("\n", lines.subList(begin, i))));
      }
    }
    return blocks;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("blocks")
  void blockCompiles(Block block) {
    assertEquals(List.of(), compile(block.code));
  }

  @Test
  void blockWithAnErrorDoesNotCompile() {
    assertTrue(compile("ftp.conquer(\"Rome\");").toString().contains("conquer"));
  }

  @Test
  void everyBlockIsFound() throws IOException {
    long fences = Files.readAllLines(TOP.resolve("README.md")).stream().filter(line -> line.contains("```java")).count();
    assertEquals(fences, blocks().filter(block -> block.file.endsWith("README.md")).count());
  }

  /** The errors of the code as the body of a method; the line numbers are its own. */
  private List<String> compile(String code) {
    String source =
        "abstract class Block extends Given { void block() throws Exception {\n" + code + "\n}}\n";
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    List<String> options =
        List.of("--release", "21", "-proc:none", "-d", classes.toString(), "-classpath", System.getProperty("java.class.path"));
    List<JavaFileObject> units = List.of(source("Given", IMPORTS + GIVEN), source("Block", IMPORTS + source));
    boolean fine = compiler.getTask(null, null, diagnostics, options, null, units).call();
    List<String> errors =
        diagnostics.getDiagnostics().stream()
            .filter(d -> d.getKind() == Diagnostic.Kind.ERROR)
            .map(d -> d.getMessage(Locale.ROOT) + " (line " + (d.getLineNumber() - IMPORTS.lines().count() - 1) + " of the block)")
            .toList();
    assertEquals(fine, errors.isEmpty(), errors.toString());
    return errors;
  }

  private static JavaFileObject source(String name, String text) {
    return new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }
}
