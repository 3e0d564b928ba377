package io.loomftp.internal.control;

import io.loomftp.DataMode;
import io.loomftp.Features;
import io.loomftp.FtpConfig;
import io.loomftp.Pipelining;
import io.loomftp.Reply;
import io.loomftp.ReplyCode;
import io.loomftp.internal.transfer.DataConnector;
import io.loomftp.internal.transfer.DataPreconnect;
import io.loomftp.internal.wire.Command;
import java.time.Duration;
import java.util.Optional;
import org.apache.commons.io.IOUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a session sends ahead of its time, and whether its server can take that; used by the session's thread alone. */
public final class Pipeline {
  private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

  /** How long a passive port is good that nobody has connected to. */
  private static final long FRESH_NANOS = Duration.ofSeconds(20).toNanos();

  /** How long a connection to it may wait for its transfer: nobody would notice if the server had given it up. */
  private static final long WARM_NANOS = Duration.ofSeconds(1).toNanos();

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private boolean shown;
  private boolean proven;
  private boolean oneAtATime;
  private boolean suspect;
  private int inARow;
  private long callBegan;
  private @Nullable Ahead ahead;

  /** A passive port that the server opened before it was needed, and perhaps a connection to it. */
  private record Ahead(ControlConnection control, Reply reply, long since, @Nullable DataPreconnect connection) {}

  /**
   * What there is for the next transfer.
   *
   * @param reply the 229 or 227 with the port
   * @param connection to that port, where it was begun already
   */
  public record Port(Reply reply, @Nullable DataPreconnect connection) {}

  /** A path-to-path transfer begins. */
  public void wholeFile() {
    callBegan = System.nanoTime();
    inARow++;
  }

  /** Something else than a path-to-path transfer begins. */
  public void somethingElse() {
    Ahead known = ahead;
    if (known != null && known.connection != null && System.nanoTime() - known.since > WARM_NANOS) {
      drop();
    }
    inARow = 0;
  }

  /** Whether anything may be sent ahead with these settings. */
  public boolean isAllowed(FtpConfig config, Features features) {
    return config.pipelining() == Pipelining.AUTO
        && !oneAtATime
        && inARow > 0
        && config.dataMode() instanceof DataMode.Passive
        && config.keepAlive().isEmpty()
        && !features.has("PRET");
  }

  /** Whether this is one of several files. */
  public boolean isInARow() {
    return inARow > 1;
  }

  /** Whether the server has taken two commands at once. */
  public boolean isShown() {
    return shown;
  }

  /** The server answered two commands in order that were sent together. */
  public void shown() {
    shown = true;
  }

  /** The server answered in order what was sent behind a transfer that went well. */
  public void proven() {
    proven = true;
  }

  /** Whether sending behind a transfer has worked before. */
  public boolean isProven() {
    return proven && !oneAtATime;
  }

  /** A transfer broke with something behind it, on a server that has never shown that it can take that. */
  public void suspect() {
    if (!isProven()) {
      giveUp("a transfer broke");
      suspect = true;
    }
  }

  /** Whether what was sent behind may have broken the last transfer: it is worth another attempt without. Told once. */
  public boolean takeSuspicion() {
    boolean told = suspect;
    suspect = false;
    return told;
  }

  /** From here on each command waits for its reply. */
  public void giveUp(String why) {
    if (!oneAtATime) {
      LOG.debug("one command at a time from here on: {}", why);
    }
    oneAtATime = true;
    drop();
  }

  /** What was prepared and not used is of no use any more. */
  public void drop() {
    Ahead known = ahead;
    ahead = null;
    if (known != null) {
      IOUtils.closeQuietly(known.connection);
    }
  }

  /** A transfer is about to begin: connects to the port that is at hand while other things are asked. */
  public void connectEarly(ControlConnection control, DataConnector connector) {
    Ahead known = ahead;
    if (known != null && known.connection == null && hasPort(control)) {
      connector
          .early(known.reply)
          .ifPresent(connection -> ahead = new Ahead(control, known.reply, known.since, connection));
    }
  }

  /** A call is over that prepared for the next; one that ended the session, or used nothing of it, leaves nothing behind. */
  public void callEnds(ControlConnection control) {
    Ahead known = ahead;
    if (known != null && known.connection != null && (!control.isOpen() || known.since - callBegan < 0)) {
      drop();
    }
  }

  /** How long the server may take for a reply that should follow at once. */
  public static Duration patience(FtpConfig config) {
    Duration reply = config.timeouts().reply();
    return reply.compareTo(PATIENCE) < 0 ? reply : PATIENCE;
  }

  /** The command that asks for the next passive port. */
  public static Command question(ServerProfile profile) {
    return Command.of(profile.fails(ServerProfile.Fact.EPSV) ? "PASV" : "EPSV");
  }

  /** Keeps the reply to {@link #question} for the next transfer. */
  public void keep(ControlConnection control, Reply reply) {
    drop();
    boolean port = reply.code() == DataConnector.EXTENDED || reply.code() == ReplyCode.ENTERING_PASSIVE_MODE.code();
    ahead = port ? new Ahead(control, reply, System.nanoTime(), null) : null;
  }

  /** Whether a port is at hand. */
  public boolean hasPort(ControlConnection control) {
    Ahead known = ahead;
    long bound = known != null && known.connection != null ? WARM_NANOS : FRESH_NANOS;
    return known != null && known.control == control && System.nanoTime() - known.since < bound;
  }

  /** The port that came ahead, if it is still good; it is forgotten here. */
  public Optional<Port> take(ControlConnection control) {
    Ahead known = ahead;
    if (known == null || !hasPort(control)) {
      drop();
      return Optional.empty();
    }
    ahead = null;
    return Optional.of(new Port(known.reply, known.connection));
  }
}
