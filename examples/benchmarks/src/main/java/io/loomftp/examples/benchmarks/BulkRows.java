package io.loomftp.examples.benchmarks;

import io.loomftp.Ftp;
import io.loomftp.FtpInputStream;
import io.loomftp.FtpSession;
import io.loomftp.TransferOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One large file, each way. */
final class BulkRows {
  private static final String OURS = "LoomFTP";
  private static final String LOOP = "socket loop, 256 KiB buffer";
  private static final String UPLOADED = "up.bin";

  private BulkRows() {}

  /** The rows for one server. */
  static List<Row> of(ServerKind server) {
    String from = " (" + server.label() + ")";
    return List.of(
        new Row("get-sink", Row.Group.BULK, "get to a sink by options" + from, f -> toSink(f, server),
            List.of(Goal.both(OURS, LOOP, 1.0, 1.1))),
        new Row("get-stream", Row.Group.BULK, "get by stream, transferTo" + from, f -> byStream(f, server),
            List.of(Goal.both(OURS, LOOP, 1.1, 1.1))),
        new Row("get-file", Row.Group.BULK, "get to a file" + from, f -> toFile(f, server),
            List.of(Goal.cpu(OURS, CommonsClient.NAME, 0.75), Goal.cpu(OURS, LOOP, 1.0))),
        new Row("put-file", Row.Group.BULK, "put from a file" + from, f -> put(f, server),
            List.of(Goal.cpu(OURS, CommonsClient.NAME, 0.5))),
        new Row("tls-get", Row.Group.BULK, "TLS 1.3, connect and get to a sink" + from, f -> tls(f, server),
            List.of(Goal.wall(OURS, Curl.NAME, 0.7))));
  }

  private static List<Rival> toSink(Fixture fixture, ServerKind kind) throws IOException, InterruptedException {
    Endpoint server = fixture.server(kind, false).endpoint();
    FtpSession ours = Ftp.open(server.config());
    CheckedSink sink = new CheckedSink(fixture.data().large());
    List<Rival> rivals = new ArrayList<>();
    rivals.add(sinking(Rival.of(OURS, () -> ours.get(Data.LARGE, sink, TransferOptions.defaults())), sink).closing(ours::close));
    addSinkPeers(rivals, fixture, server);
    return rivals;
  }

  private static List<Rival> byStream(Fixture fixture, ServerKind kind) throws IOException, InterruptedException {
    Endpoint server = fixture.server(kind, false).endpoint();
    FtpSession ours = Ftp.open(server.config());
    CheckedSink sink = new CheckedSink(fixture.data().large());
    List<Rival> rivals = new ArrayList<>();
    Rival.Step work = () -> {
      try (FtpInputStream in = ours.get(Data.LARGE)) {
        in.transferTo(sink);
      }
    };
    rivals.add(sinking(Rival.of(OURS, work), sink).closing(ours::close));
    addSinkPeers(rivals, fixture, server);
    return rivals;
  }

  private static void addSinkPeers(List<Rival> rivals, Fixture fixture, Endpoint server) throws IOException {
    Data data = fixture.data();
    SocketLoop loop = new SocketLoop(server);
    CheckedSink looped = new CheckedSink(data.large());
    rivals.add(sinking(Rival.of(LOOP, () -> loop.get(Data.LARGE, looped)), looped).closing(loop::close));
    CommonsClient commons = new CommonsClient(server, CommonsClient.AS_IT_COMES);
    CheckedSink first = new CheckedSink(data.large());
    rivals.add(sinking(Rival.of(CommonsClient.NAME, () -> commons.get(Data.LARGE, first)), first).closing(commons::close));
    CommonsClient large = new CommonsClient(server, CommonsClient.MEBIBYTE);
    CheckedSink second = new CheckedSink(data.large());
    rivals.add(sinking(Rival.of(CommonsClient.NAME_MEBIBYTE, () -> large.get(Data.LARGE, second)), second).closing(large::close));
    addCurl(rivals, fixture, server);
  }

  private static Rival sinking(Rival rival, CheckedSink sink) {
    return rival.before(sink::begin).check(sink::verify);
  }

  private static void addCurl(List<Rival> rivals, Fixture fixture, Endpoint server) throws IOException {
    LocalCopies copies = new LocalCopies(fixture.folder("curl"));
    fixture.program("curl").ifPresent(curl -> rivals.add(new Curl(curl, server).getToNothing(fixture.data(), copies)));
  }

  private static List<Rival> toFile(Fixture fixture, ServerKind kind) throws IOException, InterruptedException {
    Endpoint server = fixture.server(kind, false).endpoint();
    LocalCopies copies = new LocalCopies(fixture.folder("get"));
    Path target = copies.file(Data.LARGE);
    FtpSession ours = Ftp.open(server.config());
    CommonsClient commons = new CommonsClient(server, CommonsClient.AS_IT_COMES);
    CommonsClient large = new CommonsClient(server, CommonsClient.MEBIBYTE);
    SocketLoop loop = new SocketLoop(server);
    List<Rival> rivals = new ArrayList<>(List.of(
        Rival.of(OURS, () -> ours.get(Data.LARGE, target)).closing(ours::close),
        Rival.of(CommonsClient.NAME, () -> commons.get(Data.LARGE, target)).closing(commons::close),
        Rival.of(CommonsClient.NAME_MEBIBYTE, () -> large.get(Data.LARGE, target)).closing(large::close),
        Rival.of(LOOP, () -> loop.get(Data.LARGE, target)).closing(loop::close)));
    fixture.program("curl").map(curl -> new Curl(curl, server))
        .ifPresent(curl -> rivals.add(Rival.external(Curl.NAME, () -> curl.get(target))));
    rivals.forEach(
        rival -> rival.before(warmUp -> copies.clear()).check(() -> copies.verify(Data.LARGE, fixture.data().large())));
    return rivals;
  }

  private static List<Rival> put(Fixture fixture, ServerKind kind) throws IOException, InterruptedException {
    BenchServer running = fixture.server(kind, false);
    Endpoint server = running.endpoint();
    Path source = fixture.data().large();
    Path stored = running.home().resolve(UPLOADED);
    FtpSession ours = Ftp.open(server.config());
    CommonsClient commons = new CommonsClient(server, CommonsClient.AS_IT_COMES);
    CommonsClient large = new CommonsClient(server, CommonsClient.MEBIBYTE);
    SocketLoop loop = new SocketLoop(server);
    List<Rival> rivals = new ArrayList<>(List.of(
        Rival.of(OURS, () -> ours.put(source, UPLOADED)).closing(ours::close),
        Rival.of(CommonsClient.NAME, () -> commons.put(source, UPLOADED)).closing(commons::close),
        Rival.of(CommonsClient.NAME_MEBIBYTE, () -> large.put(source, UPLOADED)).closing(large::close),
        Rival.of(LOOP, () -> loop.put(source, UPLOADED)).closing(loop::close)));
    fixture.program("curl").map(curl -> new Curl(curl, server))
        .ifPresent(curl -> rivals.add(Rival.external(Curl.NAME, () -> curl.put(source, UPLOADED))));
    rivals.forEach(
        rival -> rival
            .before(warmUp -> Files.deleteIfExists(stored))
            .check(
                () -> {
                  LocalCopies.verify(stored, source);
                  Files.delete(stored);
                }));
    return rivals;
  }

  /** Connecting and logging in is measured as well, since curl cannot leave it out. */
  private static List<Rival> tls(Fixture fixture, ServerKind kind) throws IOException, InterruptedException {
    Endpoint server = fixture.server(kind, true).endpoint();
    CheckedSink sink = new CheckedSink(fixture.data().large());
    List<Rival> rivals = new ArrayList<>();
    Rival.Step work = () -> {
      try (FtpSession ftp = Ftp.open(server.config())) {
        ftp.get(Data.LARGE, sink, TransferOptions.defaults());
        ftp.quit();
      }
    };
    rivals.add(sinking(Rival.of(OURS, work), sink));
    addCurl(rivals, fixture, server);
    return rivals;
  }
}
