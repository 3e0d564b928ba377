package io.loomftp.examples.benchmarks.micro;

import io.loomftp.FtpConfig;
import io.loomftp.FtpEntry;
import io.loomftp.Listing;
import io.loomftp.examples.benchmarks.ListingText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.commons.net.ftp.FTPClientConfig;
import org.apache.commons.net.ftp.parser.MLSxEntryParser;
import org.apache.commons.net.ftp.parser.UnixFTPEntryParser;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Reads lines of LIST and MLSD, with Commons Net beside it; the time is that of one line. Name, size and time are asked for. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ListingParsing {
  private static final int LINES = 1_000;
  private static final FtpConfig CONFIG = FtpConfig.builder("localhost").build();

  private final byte[] unix = ListingText.unix(LINES);
  private final byte[] mlsd = ListingText.mlsd(LINES);
  private final List<String> unixLines = new String(unix, StandardCharsets.UTF_8).lines().toList();
  private final List<String> mlsdLines = new String(mlsd, StandardCharsets.UTF_8).lines().toList();
  private final UnixFTPEntryParser unixParser = new UnixFTPEntryParser(new FTPClientConfig(FTPClientConfig.SYST_UNIX));

  /** LIST, by this library. */
  @Benchmark
  @OperationsPerInvocation(LINES)
  public void unix(Blackhole hole) throws IOException {
    try (Listing listing = Listing.of(new ByteArrayInputStream(unix), CONFIG)) {
      use(listing, hole);
    }
  }

  /** MLSD, by this library. */
  @Benchmark
  @OperationsPerInvocation(LINES)
  public void mlsd(Blackhole hole) throws IOException {
    try (Listing listing = Listing.ofMlsd(new ByteArrayInputStream(mlsd), CONFIG)) {
      use(listing, hole);
    }
  }

  private static void use(Listing listing, Blackhole hole) {
    for (FtpEntry entry : listing) {
      hole.consume(entry.name());
      hole.consume(entry.size());
      hole.consume(entry.modified());
    }
  }

  /** LIST, by Commons Net. */
  @Benchmark
  @OperationsPerInvocation(LINES)
  public void unixCommonsNet(Blackhole hole) {
    for (String line : unixLines) {
      hole.consume(unixParser.parseFTPEntry(line));
    }
  }

  /** MLSD, by Commons Net. */
  @Benchmark
  @OperationsPerInvocation(LINES)
  public void mlsdCommonsNet(Blackhole hole) {
    for (String line : mlsdLines) {
      hole.consume(MLSxEntryParser.parseEntry(line));
    }
  }
}
