package io.loomftp.examples.benchmarks;

import io.loomftp.Ftp;
import io.loomftp.FtpInputStream;
import io.loomftp.FtpSession;
import io.loomftp.TransferOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Many small files in one session, each way. */
final class SmallRows {
  private static final String OURS = "LoomFTP";
  private static final String TEMPORARY = CommonsClient.NAME + ", by temporary names";

  private SmallRows() {}

  /** The rows for one server. */
  static List<Row> of(ServerKind server) {
    String from = " in one session (" + server.label() + ")";
    return List.of(
        new Row("small-stream", Row.Group.SMALL, "by stream" + from, f -> byStream(f, server),
            List.of(Goal.wall(OURS, CommonsClient.NAME, 0.9))),
        new Row("small-sink", Row.Group.SMALL, "to a sink by options" + from, f -> toSink(f, server),
            List.of(Goal.both(OURS, CommonsClient.NAME, 0.9, 0.8))),
        new Row("small-files", Row.Group.SMALL, "to local files" + from, f -> toFiles(f, server),
            List.of(Goal.wall(OURS, TEMPORARY, 1.0))));
  }

  private static List<Rival> byStream(Fixture fixture, ServerKind kind) throws IOException, InterruptedException {
    Endpoint server = fixture.server(kind, false).endpoint();
    SmallSinks sinks = new SmallSinks(fixture.data(), fixture.settings().smallFiles());
    List<String> paths = sinks.paths();
    FtpSession ours = Ftp.open(server.config());
    CommonsClient commons = new CommonsClient(server, CommonsClient.AS_IT_COMES);
    Rival.Step work = () -> {
      for (int i = 0; i < paths.size(); i++) {
        try (FtpInputStream in = ours.get(paths.get(i))) {
          sinks.put(i, in.readAllBytes());
        }
      }
    };
    Rival.Step theirs = () -> {
      for (int i = 0; i < paths.size(); i++) {
        sinks.put(i, commons.getByStream(paths.get(i)));
      }
    };
    return sinking(
        List.of(Rival.of(OURS, work).closing(ours::close), Rival.of(CommonsClient.NAME, theirs).closing(commons::close)), sinks);
  }

  private static List<Rival> toSink(Fixture fixture, ServerKind kind) throws IOException, InterruptedException {
    Endpoint server = fixture.server(kind, false).endpoint();
    SmallSinks sinks = new SmallSinks(fixture.data(), fixture.settings().smallFiles());
    List<String> paths = sinks.paths();
    FtpSession ours = Ftp.open(server.config());
    CommonsClient commons = new CommonsClient(server, CommonsClient.AS_IT_COMES);
    SocketLoop loop = new SocketLoop(server);
    Rival.Step work = () -> {
      for (int i = 0; i < paths.size(); i++) {
        try (OutputStream sink = sinks.sink(i)) {
          ours.get(paths.get(i), sink, TransferOptions.defaults());
        }
      }
    };
    Rival.Step theirs = () -> {
      for (int i = 0; i < paths.size(); i++) {
        try (OutputStream sink = sinks.sink(i)) {
          commons.get(paths.get(i), sink);
        }
      }
    };
    Rival.Step bare = () -> {
      for (int i = 0; i < paths.size(); i++) {
        try (OutputStream sink = sinks.sink(i)) {
          loop.get(paths.get(i), sink);
        }
      }
    };
    return sinking(
        List.of(
            Rival.of(OURS, work).closing(ours::close),
            Rival.of(CommonsClient.NAME, theirs).closing(commons::close),
            Rival.of("socket loop", bare).closing(loop::close)),
        sinks);
  }

  static List<Rival> sinking(List<Rival> rivals, SmallSinks sinks) {
    rivals.forEach(rival -> rival.before(warmUp -> sinks.clear()).check(sinks::verify));
    return rivals;
  }

  private static List<Rival> toFiles(Fixture fixture, ServerKind kind) throws IOException, InterruptedException {
    Endpoint server = fixture.server(kind, false).endpoint();
    Data data = fixture.data();
    int files = fixture.settings().smallFiles();
    List<String> paths = data.smallPaths(files);
    LocalCopies copies = new LocalCopies(fixture.folder("small"));
    FtpSession ours = Ftp.open(server.config());
    CommonsClient commons = new CommonsClient(server, CommonsClient.AS_IT_COMES);
    CommonsClient direct = new CommonsClient(server, CommonsClient.AS_IT_COMES);
    Rival.Step work = () -> {
      for (int i = 0; i < paths.size(); i++) {
        ours.get(paths.get(i), copies.file(data.smallNames().get(i)));
      }
    };
    Rival.Step theirs = () -> {
      for (int i = 0; i < paths.size(); i++) {
        commons.getByTemporaryName(paths.get(i), copies.file(data.smallNames().get(i)));
      }
    };
    Rival.Step straight = () -> {
      for (int i = 0; i < paths.size(); i++) {
        direct.get(paths.get(i), copies.file(data.smallNames().get(i)));
      }
    };
    List<Rival> rivals = List.of(
        Rival.of(OURS, work).closing(ours::close),
        Rival.of(TEMPORARY, theirs).closing(commons::close),
        Rival.of(CommonsClient.NAME + ", straight to the file", straight).closing(direct::close));
    rivals.forEach(
        rival -> rival
            .before(warmUp -> copies.clearForSmallFiles(data))
            .check(() -> copies.verifySmallFiles(data, files)));
    return rivals;
  }
}
