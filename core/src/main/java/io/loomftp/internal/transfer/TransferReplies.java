package io.loomftp.internal.transfer;

import io.loomftp.FtpException;
import io.loomftp.Reply;
import io.loomftp.internal.control.AbortResync;
import io.loomftp.internal.control.ControlConnection;
import io.loomftp.internal.control.KeepAlive;
import io.loomftp.internal.control.Pipeline;
import io.loomftp.internal.control.PipelinedCommands;
import io.loomftp.internal.wire.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replies of one transfer: the one that starts it, the one that ends it, and those to commands sent during it. Used by
 * the session's thread; {@link #hasFailed} by any.
 */
final class TransferReplies {
  private static final Logger LOG = LoggerFactory.getLogger(TransferReplies.class);

  private final TransferContext context;
  private final TransferRequest request;
  private final ControlConnection control;
  private volatile @Nullable Reply preliminary;
  private volatile @Nullable Reply finalReply;
  private int preliminaries;
  /** The first error that a NOOP or the transfer itself may have. */
  private @Nullable Reply heldError;
  private volatile PipelinedCommands followers;
  private volatile @Nullable KeepAlive keepAlive;

  TransferReplies(TransferContext context, TransferRequest request) {
    this.context = context;
    this.request = request;
    this.control = context.control();
    this.followers = PipelinedCommands.none(control);
  }

  /** Reads the first reply: 1yz starts the transfer, any other ends it. */
  Reply readStart(Duration bound) throws FtpException {
    Reply reply = control.readReply(request.command(), bound);
    if (reply.isPreliminary()) {
      preliminary = reply;
    } else {
      finalReply = reply;
    }
    return reply;
  }

  /** The transfer's command, with those that follow in the same flight on a server that is known to answer in order. */
  List<Command> flight() {
    if (context.pipeline().isProven(request.command())) {
      followers = followersWanted();
    }
    List<Command> flight = new ArrayList<>(followers.commands());
    flight.addFirst(request.command());
    return flight;
  }

  /** Sends the commands that may follow while data flows, unless they were sent before. */
  void sendFollowers() throws FtpException {
    if (!followers.isEmpty()) {
      return;
    }
    PipelinedCommands all = followersWanted();
    if (!all.isEmpty()) {
      followers = all;
      control.sendDirectly(all.commands());
      all.commands().forEach(control::announce);
    }
  }

  private PipelinedCommands followersWanted() {
    return context.pipeline()
        .followers(control, request.command(), request.behind(), context.config(), context.features());
  }

  void startKeepAlive() {
    context.config().keepAlive().ifPresent(interval -> keepAlive = KeepAlive.start(control, interval));
  }

  /** Whether the server has replied to the command. */
  boolean hasBegun() {
    return preliminary != null || finalReply != null;
  }

  Optional<Reply> preliminary() {
    return Optional.ofNullable(preliminary);
  }

  @Nullable
  Reply finalReply() {
    return finalReply;
  }

  /** Whether the server has ended the transfer with an error. */
  boolean hasFailed() {
    Reply reply = finalReply;
    return reply != null && reply.isError();
  }

  PipelinedCommands followers() {
    return followers;
  }

  /** Whether the server ends the transfer within the bound. */
  boolean endedEarly(Duration bound) throws FtpException {
    while (finalReply == null && control.hasReply(bound)) {
      readOne(context.config().timeouts().reply());
    }
    return finalReply != null;
  }

  /** Whether an unread reply ends the transfer with an error; consumes nothing. May be called by any thread. */
  boolean seemsToHaveFailed() {
    int code = control.peek();
    boolean ofTransfer = code == 425 || code == 426 || code == 451 || code == 452 || (code >= 550 && code <= 553);
    return followers.isEmpty() && keepAlive == null ? code >= 400 : ofTransfer;
  }

  /** Waits for the final reply. */
  Reply awaitFinal(Duration bound) throws FtpException {
    Reply known = finalReply;
    while (known == null) {
      if (followers.isHolding() && !control.hasReply(control.cut(Pipeline.PATIENCE))) {
        finalReply = followers.firstError();
      }
      known = finalReply == null ? readOne(bound) : finalReply;
    }
    return known;
  }

  /** Reads and assigns one reply; null when it was not the transfer's final one. */
  private @Nullable Reply readOne(Duration bound) throws FtpException {
    Reply reply = control.readReply(request.command(), bound);
    KeepAlive pings = keepAlive;
    if (reply.isPreliminary()) {
      if (++preliminaries > ControlConnection.MAX_PRELIMINARY) {
        throw control.flooded(request.command());
      }
      if (preliminary == null) {
        preliminary = reply;
      }
      return null;
    }
    if (pings != null && isOfNoop(reply)) {
      return readBesideNoops(reply, pings);
    }
    finalReply = followers.sort(reply);
    return finalReply;
  }

  /**
   * Assigns a reply that a NOOP may have. An error among them may be the transfer's own: unless the transfer ends in another
   * way, it is.
   */
  private @Nullable Reply readBesideNoops(Reply reply, KeepAlive pings) {
    if (pings.outstanding() > 0) {
      pings.answered();
      heldError = heldError == null && reply.isError() ? reply : heldError;
      return null;
    }
    Reply held = heldError;
    finalReply = held == null ? followers.sort(reply) : held;
    return finalReply;
  }

  private static boolean isOfNoop(Reply reply) {
    return switch (reply.code()) {
      case 200, 202, 500, 501, 502, 503 -> true;
      default -> false;
    };
  }

  /**
   * Reads the pending replies besides the final one; a failure of that does not concern this transfer.
   *
   * @return whether the connection is in step
   */
  boolean settleOthers() throws FtpException {
    int noops = stopKeepAlive();
    boolean inStep = noops == 0 || AbortResync.afterNoops(control, noops, context.config().timeouts().close());
    PipelinedCommands sent = followers;
    if (sent.isEmpty()) {
      return inStep;
    }
    try {
      inStep = sent.readAll(control.cut(Pipeline.PATIENCE)) && inStep;
      context.pipeline().learn(control, sent, request.command(), finalReply);
    } catch (FtpException e) {
      LOG.debug("after {}: {}", request, e.getMessage());
    }
    return inStep;
  }

  /** Stops the keep-alive; returns the number of pending replies to NOOP. */
  int stopKeepAlive() {
    KeepAlive pings = keepAlive;
    keepAlive = null;
    if (pings == null) {
      return 0;
    }
    pings.stop();
    return pings.outstanding();
  }

  /** Stops what was sent during the transfer, for an abort; returns the number of pending replies. */
  int takeOwed() {
    int owed = followers.owed() + stopKeepAlive();
    followers = PipelinedCommands.none(control);
    return owed;
  }
}
