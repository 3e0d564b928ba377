package io.loomftp.examples.benchmarks.micro;

import io.loomftp.Features;
import io.loomftp.Limits;
import io.loomftp.Reply;
import io.loomftp.internal.text.NameCodec;
import io.loomftp.internal.wire.BadReplyException;
import io.loomftp.internal.wire.FeatureReply;
import io.loomftp.internal.wire.PassiveAddress;
import io.loomftp.internal.wire.ReplyReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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

/** Reads replies from bytes, each in one piece, and what is in them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ReplyParsing {
  private static final Duration BOUND = Duration.ofSeconds(1);
  private static final String FEATURES = """
      211-Features:
       EPRT
       EPSV
       MDTM
       MLST type*;size*;modify*;UNIX.mode*;
       PASV
       REST STREAM
       SIZE
       TVFS
       UTF8
      211 End
      """;

  private final ReplyReader oneLine = reader("226 Transfer complete.\r\n");
  private final ReplyReader manyLines = reader(FEATURES.replace("\n", "\r\n"));
  private final Reply features = read(manyLines);

  private static ReplyReader reader(String reply) {
    byte[] bytes = reply.getBytes(StandardCharsets.US_ASCII);
    ReplyReader.Source source = (buffer, bound) -> {
      System.arraycopy(bytes, 0, buffer, 0, bytes.length);
      return bytes.length;
    };
    return new ReplyReader(source, new NameCodec(StandardCharsets.UTF_8), Limits.defaults());
  }

  private static Reply read(ReplyReader reader) {
    try {
      return reader.read(BOUND);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A reply of one line. */
  @Benchmark
  public Reply oneLine() throws IOException {
    return oneLine.read(BOUND);
  }

  /** The reply to FEAT. */
  @Benchmark
  public Reply manyLines() throws IOException {
    return manyLines.read(BOUND);
  }

  /** The features in it. */
  @Benchmark
  public Features features() {
    return FeatureReply.of(features);
  }

  /** The port in a reply to EPSV. */
  @Benchmark
  public PassiveAddress epsv() throws BadReplyException {
    return PassiveAddress.ofEpsv("Entering Extended Passive Mode (|||50123|)");
  }

  /** The address in a reply to PASV. */
  @Benchmark
  public PassiveAddress pasv() throws BadReplyException {
    return PassiveAddress.ofPasv("Entering Passive Mode (127,0,0,1,195,203).");
  }
}
