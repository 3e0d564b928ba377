package io.loomftp.examples.benchmarks;

import io.loomftp.pool.FtpPool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Many small files over a link with latency, from connecting to closing. */
final class LatencyRows {
  private static final String OURS = "LoomFTP mirror";
  private static final double ON_VSFTPD = 1 / 1.9; // it lingers on data sockets, so three round trips a file are the floor
  private static final double ELSEWHERE = 1 / 3.0;

  private LatencyRows() {}

  /** The rows for one server: with and without TLS, for each round trip. */
  static List<Row> of(ServerKind server, Settings settings) {
    List<Row> rows = new ArrayList<>();
    for (int milliseconds : settings.latencies()) {
      for (boolean tls : new boolean[] {false, true}) {
        String title = String.format(
            "%d files, %d sessions, a round trip of %d ms, %s (%s)",
            settings.latencyFiles(), settings.sessions(), milliseconds, tls ? "TLS 1.3" : "no TLS", server.label());
        rows.add(
            new Row(
                "latency-" + milliseconds + (tls ? "-tls" : "-plain"), Row.Group.LATENCY, title,
                fixture -> mirror(fixture, server, milliseconds, tls),
                List.of(Goal.wall(OURS, Lftp.NAME, round(server == ServerKind.VSFTPD ? ON_VSFTPD : ELSEWHERE)))));
      }
    }
    return rows;
  }

  private static double round(double ratio) {
    return Math.floor(ratio * 100) / 100;
  }

  private static List<Rival> mirror(Fixture fixture, ServerKind kind, int milliseconds, boolean tls)
      throws IOException, InterruptedException, Unavailable {
    Endpoint server = fixture.far(fixture.farServer(kind, tls).endpoint(), milliseconds);
    int files = fixture.settings().latencyFiles();
    int sessions = fixture.settings().sessions();
    Data data = fixture.data();
    LocalCopies copies = new LocalCopies(fixture.folder("far"));
    List<Rival> rivals = new ArrayList<>();
    rivals.add(
        Rival.of(
            OURS,
            () -> {
              try (FtpPool pool = FtpPool.of(server.config(), sessions)) {
                ParallelRows.mirror(pool, copies.folder());
              }
            }));
    Optional<ExternalProgram> lftp = fixture.program("lftp");
    if (lftp.isPresent()) {
      Lftp peer = new Lftp(lftp.get(), server);
      rivals.add(Rival.external(Lftp.NAME, () -> peer.mirror(Data.TREE, copies.folder(), sessions)));
    }
    if (!tls) { // Commons Net cannot resume TLS sessions, as servers demand
      rivals.add(ParallelRows.connectingToFiles(server, sessions, data, copies, files));
    }
    rivals.forEach(rival -> ParallelRows.checked(rival, data, copies, files));
    return rivals;
  }
}
