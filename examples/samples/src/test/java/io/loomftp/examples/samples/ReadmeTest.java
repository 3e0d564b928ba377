package io.loomftp.examples.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every block of Java in the documents compiles, as the body of a method. */
class ReadmeTest {
  private static final Path TOP = Path.of("../..");
  private static final List<String> DOCUMENTS =
      List.of("README.md", "core/GUIDE.md", "async-facade/GUIDE.md", "async-facade/EVENTS.md", "CHANGELOG.md");

  /** What a reader's editor would import. */
  private static final String IMPORTS =
      """
      import io.loomftp.*;
      import io.loomftp.async.*;
      import io.loomftp.mirror.*;
      import io.loomftp.pool.*;
      import io.loomftp.watch.*;
      import java.io.*;
      import java.net.*;
      import java.nio.ByteBuffer;
      import java.nio.charset.*;
      import java.nio.file.*;
      import java.security.*;
      import java.security.cert.CertificateFactory;
      import java.time.*;
      import java.util.*;
      import java.util.concurrent.*;
      import java.util.stream.*;
      import javax.net.ssl.*;
      """;

  /** What the blocks speak of without declaring it. */
  private static final String GIVEN =
      """
      abstract class Given {
        FtpConfig config;
        FtpSession ftp;
        FtpPool pool;
        AsyncFtpSession s;
        AsyncFtpSession other;
        char[] password;
        String fingerprint;
        byte[] rest;
        OutputStream sink;
        List<String> names;

        abstract boolean userPressedCancel();
      }
      """;

  @TempDir static Path classes;

  private static List<Block> blocks = List.of();

  /** What the compiler has to say of each block, by its {@link Block#name()}. */
  private static Map<String, List<String>> errors = Map.of();

  private record Block(String file, int line, String code) {
    /** The class that it is compiled in. */
    String name() {
      return file.replaceAll("\\W", "_") + "_" + line;
    }

    @Override
    public String toString() {
      return file + " line " + line;
    }
  }

  @BeforeAll
  static void compileAll() throws IOException {
    List<Block> all = new ArrayList<>();
    for (String document : DOCUMENTS) {
      all.addAll(blocksOf(document, Files.readAllLines(TOP.resolve(document))));
    }
    blocks = all;
    errors = compile(all);
  }

  private static List<Block> blocksOf(String file, List<String> lines) {
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

  static List<Block> blocks() {
    return blocks;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("blocks")
  void blockCompiles(Block block) {
    assertEquals(List.of(), errors.getOrDefault(block.name(), List.of()));
  }

  @Test
  void nothingElseWentWrong() {
    assertEquals(Map.of(), errors);
  }

  @Test
  void blockWithAnErrorDoesNotCompile() {
    Map<String, List<String>> said = compile(List.of(new Block("bad", 1, "ftp.conquer(\"Rome\");")));
    assertTrue(said.getOrDefault("bad_1", List.of()).toString().contains("conquer"), said.toString());
  }

  @ParameterizedTest
  @FieldSource("DOCUMENTS")
  void everyBlockOfADocumentIsFound(String document) throws IOException {
    long fences = Files.readAllLines(TOP.resolve(document)).stream().filter(line -> line.contains("```java")).count();
    assertTrue(fences > 0, document + " has no block of Java");
    assertEquals(fences, blocks.stream().filter(block -> block.file.equals(document)).count());
  }

  /** The errors in each block as the body of a method; the line numbers are the block's own. */
  private static Map<String, List<String>> compile(List<Block> blocks) {
    List<JavaFileObject> units = new ArrayList<>();
    units.add(source("Given", IMPORTS + GIVEN));
    for (Block block : blocks) {
      String head = "abstract class " + block.name() + " extends Given { void block() throws Exception {\n";
      units.add(source(block.name(), IMPORTS + head + block.code + "\n}}\n"));
    }
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    List<String> options =
        List.of(
            "--release", "21", "-proc:none", "-d", classes.toString(), "-classpath", System.getProperty("java.class.path"));
    boolean fine = ToolProvider.getSystemJavaCompiler().getTask(null, null, diagnostics, options, null, units).call();
    Map<String, List<String>> errors = new TreeMap<>();
    for (Diagnostic<? extends JavaFileObject> found : diagnostics.getDiagnostics()) {
      if (found.getKind() == Diagnostic.Kind.ERROR) {
        JavaFileObject file = found.getSource();
        String name = file == null ? "?" : file.getName().replaceAll("^/|\\.java$", "");
        long line = found.getLineNumber() - IMPORTS.lines().count() - 1;
        errors.computeIfAbsent(name, n -> new ArrayList<>()).add("line " + line + ": " + found.getMessage(Locale.ROOT));
      }
    }
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
