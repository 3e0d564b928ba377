package io.loomftp.examples.benchmarks;

import io.loomftp.EntryFilter;
import io.loomftp.Ftp;
import io.loomftp.FtpConfig;
import io.loomftp.FtpSession;
import io.loomftp.TlsPolicy;
import io.loomftp.mirror.Mirror;
import io.loomftp.mirror.MirrorReport;
import io.loomftp.pool.FtpPool;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/**
 * How long do many small files take over a link with latency? One session beside Apache Commons Net, in round trips a file;
 * and a mirror of a whole tree over several sessions beside {@code lftp mirror}, if that is on the PATH. The rivals take
 * turns in one run, and what they fetched is compared.
 *
 * <p>The server is given by environment variables, since it must be at the other end of a real or emulated link:
 * {@code FTP_HOST}, {@code FTP_PORT} (21), {@code FTP_USER} (anonymous), {@code FTP_PASSWORD}, {@code FTP_TREE} (a folder with
 * folders of small files), {@code FTP_SESSIONS} (8), {@code FTP_ROUNDS} (2); {@code FTP_PIN}, the SHA-256 of the server's
 * certificate, means explicit TLS, for which Commons Net is left out since it cannot resume TLS sessions.
 */
public final class SmallFiles {
  private static final int PROBES = 15;
  private static final int ONE_SESSION = 200;

  private final String host = given("FTP_HOST", "localhost");
  private final int port = Integer.parseInt(given("FTP_PORT", "21"));
  private final String user = given("FTP_USER", "anonymous");
  private final String password = given("FTP_PASSWORD", "nobody@example.org");
  private final String tree = given("FTP_TREE", "/pub");
  private final int sessions = Integer.parseInt(given("FTP_SESSIONS", "8"));
  private final Optional<String> pin = Optional.ofNullable(System.getenv("FTP_PIN"));
  private final FtpConfig config =
      FtpConfig.builder(host)
          .port(port)
          .credentials(user, password)
          .tls(pin.<TlsPolicy>map(print -> TlsPolicy.explicit().withPin(print)).orElse(TlsPolicy.none()))
          .build();
  private final Endpoint server = new Endpoint(host, port, user, password, pin.isPresent(), true);
  private final Path work;

  private SmallFiles(Path work) {
    this.work = work;
  }

  /** Measures and prints. */
  public static void main(String[] args) throws Exception {
    Path work = Files.createTempDirectory("small-files");
    try {
      new SmallFiles(work).run(Integer.parseInt(given("FTP_ROUNDS", "2")));
    } finally {
      FileUtils.deleteDirectory(work.toFile());
    }
  }

  private static String given(String name, String otherwise) {
    return Optional.ofNullable(System.getenv(name)).orElse(otherwise);
  }

  private void run(int rounds) throws Exception {
    double trip = roundTrip();
    System.out.printf(Locale.ROOT, "%s:%d, a round trip takes %.2f ms%n", host, port, trip * 1e3);
    List<String> some = someFiles();
    for (int round = 1; round <= rounds; round++) {
      double ours = loomOneByOne(some) / some.size() / trip;
      System.out.printf(
          Locale.ROOT, "round %d, %d files in one session: LoomFTP %.2f round trips a file%n", round, some.size(), ours);
      if (pin.isEmpty()) {
        double theirs = commonsOneByOne(some) / some.size() / trip;
        System.out.printf(
            Locale.ROOT, "round %d, the same with Commons Net: %.2f; ratio %.2f%n", round, theirs, theirs / ours);
      }
      double mirror = loomMirror();
      System.out.printf(Locale.ROOT, "round %d, LoomFTP mirror with %d sessions: %.2f s%n", round, sessions, mirror);
      lftpMirror(round, mirror);
    }
  }

  /** The median of what it takes to connect. */
  private double roundTrip() throws IOException {
    double[] seconds = new double[PROBES];
    for (int i = 0; i < PROBES; i++) {
      long start = System.nanoTime();
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(host, port));
        seconds[i] = (System.nanoTime() - start) / 1e9;
      }
    }
    Arrays.sort(seconds);
    return seconds[PROBES / 2];
  }

  private List<String> someFiles() throws Exception {
    return Ftp.run(
        config,
        ftp -> {
          try (Stream<String> files =
              ftp.walk(tree, 2, EntryFilter.all()).filter(f -> !f.entry().isDirectory()).map(f -> f.path())) {
            return files.limit(ONE_SESSION).toList();
          }
        });
  }

  private static String local(String file) {
    return file.replace('/', '-');
  }

  private double loomOneByOne(List<String> files) throws IOException {
    Path folder = Files.createTempDirectory(work, "one");
    try (FtpSession ftp = Ftp.open(config)) {
      long start = System.nanoTime();
      for (String file : files) {
        ftp.get(file, folder.resolve(local(file)));
      }
      return (System.nanoTime() - start) / 1e9;
    }
  }

  private double commonsOneByOne(List<String> files) throws IOException {
    Path folder = Files.createTempDirectory(work, "one");
    try (CommonsClient ftp = new CommonsClient(server, CommonsClient.AS_IT_COMES)) {
      long start = System.nanoTime();
      for (String file : files) {
        ftp.get(file, folder.resolve(local(file)));
      }
      return (System.nanoTime() - start) / 1e9;
    }
  }

  /** Everything from connecting to closing, as in a program that has just started, but in a warm JVM. */
  private double loomMirror() throws Exception {
    Path target = Files.createTempDirectory(work, "mirror");
    long start = System.nanoTime();
    MirrorReport report;
    try (FtpPool pool = FtpPool.of(config, sessions)) {
      report = Mirror.download(tree, target).plan(pool).apply(pool);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    report.orThrow();
    System.out.println("  " + count(target) + " files");
    FileUtils.deleteDirectory(target.toFile());
    return seconds;
  }

  private void lftpMirror(int round, double ours) throws Exception {
    Optional<ExternalProgram> lftp = ExternalProgram.find("lftp");
    if (lftp.isEmpty()) {
      System.out.println("no lftp here");
      return;
    }
    Path target = work.resolve("lftp" + round);
    long start = System.nanoTime();
    new Lftp(lftp.get(), server).mirror(tree, target, sessions);
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        Locale.ROOT, "round %d, lftp mirror -P%d: %.2f s, %d files; ratio %.2f%n", round, sessions, seconds, count(target),
        seconds / ours);
  }

  private static long count(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).count();
    }
  }
}
