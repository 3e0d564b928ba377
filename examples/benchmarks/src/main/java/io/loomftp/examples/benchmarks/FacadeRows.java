package io.loomftp.examples.benchmarks;

import io.loomftp.Ftp;
import io.loomftp.FtpException;
import io.loomftp.FtpSession;
import io.loomftp.Reply;
import io.loomftp.TransferOptions;
import io.loomftp.async.AsyncFtp;
import io.loomftp.async.AsyncFtpSession;
import io.loomftp.async.FtpEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** What futures and events cost beside the core: one large download, and many short commands. */
final class FacadeRows {
  private static final String CORE = "core";
  private static final String VIRTUAL = "core, on a virtual thread";
  private static final String FUTURES = "futures";
  private static final String AT_ONCE = "futures, posted at once";
  private static final String IN_TURN = "futures, waited for in turn";
  private static final String EVENTS = "events";

  private FacadeRows() {}

  /** The rows for one server. */
  static List<Row> of(ServerKind server, int noops) {
    return List.of(
        new Row("facade-bulk", Row.Group.FACADE, "get of the large file to a sink (" + server.label() + ")",
            f -> bulk(f, server), List.of(Goal.cpu(FUTURES, CORE, 1.1), Goal.cpu(EVENTS, CORE, 1.1))),
        new Row("facade-noop", Row.Group.FACADE, noops + " NOOP (" + server.label() + ")", f -> noops(f, server),
            List.of(Goal.wall(AT_ONCE, CORE, 2), Goal.wall(IN_TURN, CORE, 2))));
  }

  private static List<Rival> bulk(Fixture fixture, ServerKind kind) throws IOException, InterruptedException {
    Endpoint server = fixture.server(kind, false).endpoint();
    FtpSession core = Ftp.open(server.config());
    FtpSession onVirtual = Ftp.open(server.config());
    AsyncFtpSession futures = AsyncFtp.session(server.config());
    futures.connect().join();
    AsyncFtp bus = AsyncFtp.create();
    AsyncFtpSession heard = bus.session("heard", server.config());
    CheckedSink sink = new CheckedSink(fixture.data().large());
    byte[] block = new byte[1 << 20];
    heard.on("get_data", FtpEvent.Data.class, event -> write(event.block(), block, sink));
    heard.connect().join();
    List<Rival> rivals = List.of(
        Rival.of(CORE, () -> get(core, sink)).closing(core::close),
        Rival.of(VIRTUAL, () -> onVirtualThread(() -> get(onVirtual, sink))).closing(onVirtual::close),
        Rival.of(FUTURES, () -> futures.get(Data.LARGE, sink).join()).closing(futures::close),
        Rival.of(
            EVENTS,
            () -> {
              heard.post("get", Data.LARGE).join();
              heard.noop().join(); // listeners have heard everything before its reply
            }).closing(bus::close));
    rivals.forEach(rival -> rival.before(sink::begin).check(sink::verify));
    return rivals;
  }

  private static void get(FtpSession ftp, CheckedSink sink) throws FtpException {
    ftp.get(Data.LARGE, sink, TransferOptions.defaults());
  }

  /** Runs on the listeners' thread. */
  private static void write(ByteBuffer data, byte[] block, CheckedSink sink) {
    ByteBuffer rest = data.duplicate();
    try {
      if (rest.hasArray()) {
        sink.write(rest.array(), rest.arrayOffset() + rest.position(), rest.remaining());
        return;
      }
      while (rest.hasRemaining()) {
        int n = Math.min(block.length, rest.remaining());
        rest.get(block, 0, n);
        sink.write(block, 0, n);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Rival> noops(Fixture fixture, ServerKind kind) throws IOException, InterruptedException {
    Endpoint server = fixture.server(kind, false).endpoint();
    int count = fixture.settings().noops();
    FtpSession core = Ftp.open(server.config());
    FtpSession onVirtual = Ftp.open(server.config());
    AsyncFtpSession atOnce = AsyncFtp.session(server.config());
    AsyncFtpSession inTurn = AsyncFtp.session(server.config());
    CompletableFuture.allOf(atOnce.connect(), inTurn.connect()).join();
    return List.of(
        Rival.of(CORE, () -> repeat(count, core::noop)).closing(core::close),
        Rival.of(VIRTUAL, () -> onVirtualThread(() -> repeat(count, onVirtual::noop))).closing(onVirtual::close),
        Rival.of(AT_ONCE, () -> postAll(count, atOnce)).closing(atOnce::close),
        Rival.of(IN_TURN, () -> repeat(count, () -> inTurn.noop().join())).closing(inTurn::close));
  }

  private static void repeat(int count, Rival.Step work) throws Exception {
    for (int i = 0; i < count; i++) {
      work.run();
    }
  }

  private static void postAll(int count, AsyncFtpSession session) {
    List<CompletableFuture<Reply>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(session.noop());
    }
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
  }

  /** Runs the work as sessions of the facade do. */
  private static void onVirtualThread(Rival.Step work) throws Exception {
    FutureTask<@Nullable Void> task =
        new FutureTask<>(
            () -> {
              work.run();
              return null;
            });
    Thread.ofVirtual().start(task);
    task.get();
  }
}
