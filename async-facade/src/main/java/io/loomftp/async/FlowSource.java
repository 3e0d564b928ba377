package io.loomftp.async;

import io.loomftp.FtpEntry;
import io.loomftp.FtpException;
import io.loomftp.FtpInputStream;
import io.loomftp.Listing;
import io.loomftp.TransferResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A publisher that starts a download for each subscription. */
final class FlowSource<T> implements Flow.Publisher<T> {
  private final SessionLoop session;
  private final String name;
  private final String argument;
  private final FlowDownload.Opener<T> opener;

  FlowSource(SessionLoop session, String name, String argument, FlowDownload.Opener<T> opener) {
    this.session = session;
    this.name = name;
    this.argument = argument;
    this.opener = opener;
  }

  /** The blocks of a transfer. */
  static FlowSource<ByteBuffer> blocks(SessionLoop session, String name, String argument, EventDownload.Opener opener) {
    return new FlowSource<>(
        session, name, argument,
        (ftp, operation) -> {
          FtpInputStream in = opener.open(ftp);
          return new BlockItems(in, new DataStream(in, operation, session.config().blockSize()));
        });
  }

  /** The entries of a folder, without events. */
  static FlowSource<FtpEntry> entries(SessionLoop session, String path) {
    return new FlowSource<>(session, "", path, (ftp, operation) -> new ListingItems(ftp.list(path)));
  }

  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    Objects.requireNonNull(subscriber);
    FlowDownload<T> download = new FlowDownload<>(session, name, argument, subscriber, opener);
    subscriber.onSubscribe(download);
    session.enqueue(download);
  }

  private record BlockItems(FtpInputStream in, DataStream data) implements FlowDownload.Items<ByteBuffer> {
    @Override
    public @Nullable ByteBuffer next() throws IOException {
      return data.nextBlock();
    }

    @Override
    public long bytes() {
      return data.count();
    }

    @Override
    public Optional<TransferResult> result() {
      return in.result();
    }

    @Override
    public void close() throws FtpException {
      in.close();
    }
  }

  private record ListingItems(Listing listing) implements FlowDownload.Items<FtpEntry> {
    @Override
    public @Nullable FtpEntry next() throws IOException {
      return listing.next().orElse(null);
    }

    @Override
    public long bytes() {
      return 0;
    }

    @Override
    public Optional<TransferResult> result() {
      return Optional.empty();
    }

    @Override
    public void close() throws FtpException {
      listing.close();
    }
  }
}
