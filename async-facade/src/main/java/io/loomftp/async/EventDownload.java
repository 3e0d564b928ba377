package io.loomftp.async;

/** {@code get}, {@code ls} or {@code dir} whose data goes through a filter into events. */
final class EventDownload extends StreamDownload {
  private final DataFilter filter;

  EventDownload(SessionLoop session, String name, String argument, DataFilter filter, Opener opener) {
    super(session, name, argument, opener);
    this.filter = filter;
  }

  @Override
  void begin() {
    EventLoop events = session().events();
    events.add(new EventLoop.Begin(new DataFeed(events, this, filter, session().config(), session().alias())));
  }

  @Override
  void pass(byte[] block) {
    session().events().addData(new EventLoop.Block(block), this::isCancelled);
  }

  @Override
  void end(boolean complete) {
    session().events().add(new EventLoop.End(complete));
  }
}
