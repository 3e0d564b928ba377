package io.loomftp.async;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Flow;

/** A publisher that starts a download for each subscription. */
final class FlowSource implements Flow.Publisher<ByteBuffer> {
  private final SessionLoop session;
  private final String name;
  private final String argument;
  private final StreamDownload.Opener opener;

  FlowSource(SessionLoop session, String name, String argument, StreamDownload.Opener opener) {
    this.session = session;
    this.name = name;
    this.argument = argument;
    this.opener = opener;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    Objects.requireNonNull(subscriber);
    FlowDownload download = new FlowDownload(session, name, argument, subscriber, opener);
    subscriber.onSubscribe(download);
    session.enqueue(download);
  }
}
