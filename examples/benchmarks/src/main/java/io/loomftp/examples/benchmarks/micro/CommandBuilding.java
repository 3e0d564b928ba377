package io.loomftp.examples.benchmarks.micro;

import io.loomftp.internal.text.Glob;
import io.loomftp.internal.text.NameCodec;
import io.loomftp.internal.wire.BadReplyException;
import io.loomftp.internal.wire.Command;
import io.loomftp.internal.wire.QuotedPath;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Makes the bytes of commands, and reads and matches paths. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CommandBuilding {
  private static final int LIMIT = 4 << 10;

  private final NameCodec codec = new NameCodec(StandardCharsets.UTF_8);
  private final Glob glob = new Glob("report-*-2026.csv");

  private String ascii = "/reports/2026/november/report-17.csv";
  private String unicode = "/отчёты/2026/ноябрь/отчёт-17.csv";

  /** A command without an argument. */
  @Benchmark
  public byte[] epsv() {
    return Command.of("EPSV").encode(codec, LIMIT);
  }

  /** A command with a path in ASCII. */
  @Benchmark
  public byte[] retrieve() {
    return Command.of("RETR", ascii).encode(codec, LIMIT);
  }

  /** A command with a path in Cyrillic letters. */
  @Benchmark
  public byte[] retrieveUnicode() {
    return Command.of("RETR", unicode).encode(codec, LIMIT);
  }

  /** A command as logs and transcripts show it. */
  @Benchmark
  public String shown() {
    return Command.of("RETR", ascii).toString();
  }

  /** The path in a reply to PWD. */
  @Benchmark
  public String quotedPath() throws BadReplyException {
    return QuotedPath.of("\"/reports/2026/the \"\"new\"\" ones\" is the current directory");
  }

  /** A name against a pattern. */
  @Benchmark
  public boolean glob() {
    return glob.matches("report-17-november-2026.csv");
  }
}
