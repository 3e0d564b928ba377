package io.loomftp.internal.control;

import io.loomftp.DataMode;
import io.loomftp.Features;
import io.loomftp.FtpConfig;
import io.loomftp.Pipelining;
import io.loomftp.ProxyPolicy;
import io.loomftp.Reply;
import io.loomftp.ReplyCode;
import io.loomftp.internal.control.ServerProfile.Fact;
import io.loomftp.internal.net.BackgroundConnect;
import io.loomftp.internal.wire.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.commons.io.IOUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares the next transfer while the present one runs: requests its passive port behind the present command, and connects
 * to that port. RFC 959 section 5.4 does not promise that servers support this, so nothing is sent ahead before a second file
 * follows, each way is proven separately, and a way that fails once is not used again ({@link ServerProfile}).
 *
 * <p>Used by the session's thread; any thread may {@link #drop}.
 */
public final class Pipeline {
  private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

  /** The bound for a reply that should follow at once. */
  public static final Duration PATIENCE = Duration.ofSeconds(1);

  /** The code of a reply to EPSV with a port. */
  public static final int EXTENDED = 229;

  /** The lifetime of a passive port without a connection. */
  private static final long FRESH_NANOS = Duration.ofSeconds(20).toNanos();

  /** The longest time that a connection waits for its transfer: that the server closed it would go unnoticed. */
  private static final long WARM_NANOS = Duration.ofSeconds(1).toNanos();

  /** The time for which an unused connection is kept: it occupies one of the server's ports. */
  public static final Duration UNUSED = Duration.ofMillis(1_500);

  private final SharedProfile profile;
  private final AtomicReference<@Nullable Ahead> ahead = new AtomicReference<>();
  private int inARow;
  private boolean transferFailed;
  private @Nullable Fact lastUsed;

  /** A passive port that the server opened before it was needed, and perhaps a connection to it. */
  private record Ahead(
      ControlConnection control, Fact proof, Reply reply, long since, @Nullable BackgroundConnect connection) {}

  /**
   * The port that is prepared for the next transfer.
   *
   * @param reply the 229 or 227 with the port
   * @param connection to that port, where it was begun
   */
  public record Port(Reply reply, @Nullable BackgroundConnect connection) {}

  /** The pipeline of one session. */
  public Pipeline(SharedProfile profile) {
    this.profile = profile;
  }

  /** A path-to-path transfer begins. */
  public void beginFile() {
    inARow++;
    lastUsed = null;
  }

  /** Anything but a path-to-path transfer begins. */
  public void beginOther() {
    Ahead known = ahead.get();
    if (known != null && known.connection != null && System.nanoTime() - known.since > WARM_NANOS) {
      drop();
    }
    inARow = 0;
  }

  /** Whether commands may be sent ahead now. */
  public boolean isAllowed(FtpConfig config, Features features) {
    return config.pipelining() == Pipelining.AUTO
        && inARow > 1
        && config.dataMode() instanceof DataMode.Passive
        && config.keepAlive().isEmpty()
        // ftp-proxy drops the data connection of a transfer when a command arrives behind it.
        && !(config.proxy() instanceof ProxyPolicy.FtpProxy)
        && !features.has("PRET")
        && !profile.fails(Fact.TWO_AT_ONCE);
  }

  /** Whether it is known that two commands at once are answered one after the other. */
  public boolean isProven() {
    return profile.holds(Fact.TWO_AT_ONCE);
  }

  /** Whether sending behind this command has worked before. */
  public boolean isProven(Command command) {
    return behind(command).filter(profile::holds).isPresent();
  }

  /** The fact that records whether sending behind this command works. */
  private static Optional<Fact> behind(Command command) {
    return switch (command.verb()) {
      case "RETR" -> Optional.of(Fact.BEHIND_RETR);
      case "STOR", "APPE" -> Optional.of(Fact.BEHIND_STOR);
      default -> Optional.empty();
    };
  }

  /**
   * The commands to send behind a transfer's command once the server has begun: those wanted, and the request for the next
   * port.
   */
  public PipelinedCommands followers(
      ControlConnection control, Command command, List<Command> wanted, FtpConfig config, Features features) {
    boolean may = isAllowed(config, features) && isProven() && behind(command).filter(fact -> !profile.fails(fact)).isPresent();
    if (!may) {
      return PipelinedCommands.none(control);
    }
    List<Command> all = new ArrayList<>(wanted);
    all.add(passiveCommand(config));
    return new PipelinedCommands(control, all);
  }

  /** Learns from the replies to the commands that were sent behind a transfer's, and keeps the port. */
  public void learn(ControlConnection control, PipelinedCommands sent, Command command, @Nullable Reply end) {
    Fact proof = behind(command).orElse(Fact.TWO_AT_ONCE);
    if (sent.wasOdd()) {
      disprove(proof, "replies out of turn after " + command);
      return;
    }
    Optional<Reply> port = sent.answerTo("EPSV").or(() -> sent.answerTo("PASV"));
    if (port.isPresent() && !keep(control, port.get(), proof)) {
      disprove(proof, "no port for the transfer after " + command);
    } else if (end != null && end.isCompletion()) {
      profile.learn(proof, true);
    }
  }

  /** Records that sending ahead in this way does not work with this server. */
  public void disprove(Fact proof, String why) {
    LOG.debug("sends one command at a time from here on: {}", why);
    profile.learn(proof, false);
    drop();
  }

  /**
   * A transfer failed behind which commands were sent, or that used a port requested ahead.
   *
   * @param moved bytes moved over the data connection; if there are any, the port was good
   */
  public void transferFailed(PipelinedCommands sent, Command command, long moved) {
    Fact used = moved == 0 ? lastUsed : null;
    if (used != null) {
      disprove(used, "a transfer over a port requested ahead failed");
      transferFailed = true;
    }
    Optional<Fact> proof = behind(command).filter(fact -> !sent.isEmpty() && !profile.holds(fact));
    if (proof.isPresent()) {
      disprove(proof.get(), "a transfer failed with a command behind it");
      transferFailed = true;
    }
  }

  /** Whether commands sent ahead may have broken the last transfer, which is then retried without; true once. */
  public boolean takeSuspicion() {
    boolean told = transferFailed;
    transferFailed = false;
    return told;
  }

  /** Discards what was prepared and not used; may be called by any thread. */
  public void drop() {
    Ahead known = ahead.getAndSet(null);
    if (known != null) {
      IOUtils.closeQuietly(known.connection);
    }
  }

  /**
   * Connects to the prepared port while other commands are sent.
   *
   * @param connect begins to connect to the port in a reply
   */
  public void connectEarly(ControlConnection control, Function<Reply, Optional<BackgroundConnect>> connect) {
    Ahead known = ahead.get();
    if (known == null || known.connection != null || !hasPort(control)) {
      return;
    }
    Optional<BackgroundConnect> begun = connect.apply(known.reply);
    if (begun.isPresent()
        && !ahead.compareAndSet(known, new Ahead(control, known.proof, known.reply, System.nanoTime(), begun.get()))) {
      IOUtils.closeQuietly(begun.get());
    }
  }

  /** Ends a call that may have prepared for the next; one that ended the session leaves nothing behind. */
  public void callEnds(ControlConnection control) {
    if (!control.isOpen()) {
      drop();
    }
  }

  /** The command that asks for a passive port. */
  public Command passiveCommand(FtpConfig config) {
    boolean epsv = config.dataMode() instanceof DataMode.Passive passive && passive.epsv();
    return Command.of(epsv && !profile.fails(Fact.EPSV) ? "EPSV" : "PASV");
  }

  /** Keeps the reply to {@link #passiveCommand} for the next transfer; false when it has no port. */
  public boolean keep(ControlConnection control, Reply reply, Fact proof) {
    drop();
    boolean port = reply.code() == EXTENDED || reply.code() == ReplyCode.ENTERING_PASSIVE_MODE.code();
    if (port) {
      ahead.set(new Ahead(control, proof, reply, System.nanoTime(), null));
    }
    return port;
  }

  /** Whether a port is prepared. */
  public boolean hasPort(ControlConnection control) {
    Ahead known = ahead.get();
    long bound = known != null && known.connection != null ? WARM_NANOS : FRESH_NANOS;
    return known != null && known.control == control && System.nanoTime() - known.since < bound;
  }

  /** Takes the prepared port, if it is still valid. */
  public Optional<Port> take(ControlConnection control) {
    boolean good = hasPort(control);
    Ahead known = good ? ahead.getAndSet(null) : null;
    if (known == null) {
      drop();
      lastUsed = null;
      return Optional.empty();
    }
    lastUsed = known.proof;
    return Optional.of(new Port(known.reply, known.connection));
  }

  /** Records that the port of {@link #take} could not be connected to. */
  public void portFailed(String why) {
    Fact used = lastUsed;
    lastUsed = null;
    if (used != null) {
      disprove(used, "the port requested ahead is not reachable: " + why);
    }
  }
}
