package io.loomftp.examples.benchmarks;

import io.loomftp.TransferOptions;
import io.loomftp.mirror.Mirror;
import io.loomftp.pool.FtpPool;
import io.loomftp.pool.ItemReport;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Many small files over several sessions that are open already. */
final class ParallelRows {
  private static final String OURS = "LoomFTP";
  private static final String TO_MEMORY = CommonsClient.NAME + ", a thread for each session, to memory";
  private static final String TO_FILES = CommonsClient.NAME + ", a thread for each session, by temporary names";

  private ParallelRows() {}

  /** The rows for one server. */
  static List<Row> of(ServerKind server, int sessions) {
    String from = " with " + sessions + " sessions (" + server.label() + ")";
    return List.of(
        new Row("small-pool", Row.Group.SMALL, "pool, to sinks by options" + from, f -> pool(f, server),
            List.of(Goal.both(OURS, TO_MEMORY, 0.9, 1.0))),
        new Row("small-mirror", Row.Group.SMALL, "mirror" + from, f -> mirror(f, server),
            List.of(Goal.wall(OURS, TO_MEMORY, 1.2))));
  }

  private static List<Rival> pool(Fixture fixture, ServerKind kind) throws IOException, InterruptedException {
    Endpoint server = fixture.server(kind, false).endpoint();
    SmallSinks sinks = new SmallSinks(fixture.data(), fixture.settings().smallFiles());
    FtpPool pool = FtpPool.of(server.config(), fixture.settings().sessions());
    Rival.Step work = () -> {
      ItemReport<Integer, Long> report = pool.forEach(
          Fixture.upTo(sinks.paths().size()),
          (ftp, file) -> {
            try (OutputStream sink = sinks.sink(file)) {
              return ftp.get(sinks.paths().get(file), sink, TransferOptions.defaults()).bytes();
            }
          });
      if (!report.isComplete()) {
        throw new IOException("some files failed: " + report.failures());
      }
    };
    return SmallRows.sinking(List.of(Rival.of(OURS, work).closing(pool::close), toMemory(fixture, server, sinks)), sinks);
  }

  private static Rival toMemory(Fixture fixture, Endpoint server, SmallSinks sinks)
      throws IOException, InterruptedException {
    CommonsCrew crew = CommonsCrew.connect(server, fixture.settings().sessions());
    Rival.Step work = () -> crew.run(
        sinks.paths().size(),
        (client, file) -> {
          try (OutputStream sink = sinks.sink(file)) {
            client.get(sinks.paths().get(file), sink);
          }
        });
    return Rival.of(TO_MEMORY, work).closing(crew::close);
  }

  private static List<Rival> mirror(Fixture fixture, ServerKind kind) throws IOException, InterruptedException {
    Endpoint server = fixture.server(kind, false).endpoint();
    int files = fixture.settings().smallFiles();
    LocalCopies copies = new LocalCopies(fixture.folder("mirror"));
    SmallSinks sinks = new SmallSinks(fixture.data(), files);
    FtpPool pool = FtpPool.of(server.config(), fixture.settings().sessions());
    List<Rival> rivals = new ArrayList<>();
    rivals.add(
        checked(Rival.of(OURS, () -> mirror(pool, copies.folder())).closing(pool::close), fixture.data(), copies, files));
    rivals.add(
        checked(toFiles(server, fixture.settings().sessions(), fixture.data(), copies, files), fixture.data(), copies, files));
    rivals.addAll(SmallRows.sinking(List.of(toMemory(fixture, server, sinks)), sinks));
    return rivals;
  }

  /** Plans and applies a mirror of the small files. */
  static void mirror(FtpPool pool, Path target) throws IOException {
    Mirror.download(Data.TREE, target).plan(pool).apply(pool).orThrow();
  }

  private static Rival toFiles(Endpoint server, int sessions, Data data, LocalCopies copies, int files)
      throws IOException, InterruptedException {
    CommonsCrew crew = CommonsCrew.connect(server, sessions);
    return Rival.of(TO_FILES, () -> fetch(crew, data, copies, files)).closing(crew::close);
  }

  /** Connects with Commons Net, and fetches the first small files by temporary names. */
  static Rival connectingToFiles(Endpoint server, int sessions, Data data, LocalCopies copies, int files) {
    return Rival.of(
        TO_FILES,
        () -> {
          try (CommonsCrew crew = CommonsCrew.connect(server, sessions)) {
            fetch(crew, data, copies, files);
          }
        });
  }

  private static void fetch(CommonsCrew crew, Data data, LocalCopies copies, int files) throws Exception {
    List<String> paths = data.smallPaths(files);
    crew.run(
        files, (client, file) -> client.getByTemporaryName(paths.get(file), copies.file(data.smallNames().get(file))));
  }

  /** Lets a rival begin with empty folders, and compares what it fetched. */
  static Rival checked(Rival rival, Data data, LocalCopies copies, int files) {
    return rival
        .before(warmUp -> copies.clearForSmallFiles(data))
        .check(() -> copies.verifySmallFiles(data, files));
  }
}
