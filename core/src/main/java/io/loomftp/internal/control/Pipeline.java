package io.loomftp.internal.control;

import io.loomftp.DataMode;
import io.loomftp.Features;
import io.loomftp.FtpConfig;
import io.loomftp.Pipelining;
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
 * Prepares the next transfer while the present one runs: asks for its passive port behind the present command, and connects
 * to that port. RFC 959 section 5.4 promises no server that takes this, so nothing is sent ahead before a second file follows,
 * each way of doing it is proven on its own, and what fails once is given up for good ({@link ServerProfile}).
 *
 * <p>Used by the session's thread; any thread may {@link #drop}.
 */
public final class Pipeline {
  private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

  /** How long a server may take for a reply that should follow at once. */
  public static final Duration PATIENCE = Duration.ofSeconds(1);

  /** The reply to EPSV that names a port. */
  public static final int EXTENDED = 229;

  /** How long a passive port is good that nobody has connected to. */
  private static final long FRESH_NANOS = Duration.ofSeconds(20).toNanos();

  /** How long a connection to it may wait for its transfer: nobody would notice if the server had given it up. */
  private static final long WARM_NANOS = Duration.ofSeconds(1).toNanos();

  /** How long a connection is kept that no transfer takes: it occupies one of the server's ports. */
  public static final Duration UNUSED = Duration.ofMillis(1_500);

  private final SharedProfile profile;
  private final AtomicReference<@Nullable Ahead> ahead = new AtomicReference<>();
  private int inARow;
  private boolean suspect;
  private @Nullable Fact lastUsed;

  /** A passive port that the server opened before it was needed, and perhaps a connection to it. */
  private record Ahead(
      ControlConnection control, Fact proof, Reply reply, long since, @Nullable BackgroundConnect connection) {}

  /**
   * What there is for the next transfer.
   *
   * @param reply the 229 or 227 with the port
   * @param connection to that port, where it was begun already
   */
  public record Port(Reply reply, @Nullable BackgroundConnect connection) {}

  /** For one session. */
  public Pipeline(SharedProfile profile) {
    this.profile = profile;
  }

  /** A path-to-path transfer begins. */
  public void wholeFile() {
    inARow++;
    lastUsed = null;
  }

  /** Something else than a path-to-path transfer begins. */
  public void somethingElse() {
    Ahead known = ahead.get();
    if (known != null && known.connection != null && System.nanoTime() - known.since > WARM_NANOS) {
      drop();
    }
    inARow = 0;
  }

  /** Whether anything may be sent ahead now, as far as it is known. */
  public boolean isAllowed(FtpConfig config, Features features) {
    return config.pipelining() == Pipelining.AUTO
        && inARow > 1
        && config.dataMode() instanceof DataMode.Passive
        && config.keepAlive().isEmpty()
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

  /** What sending behind this command is known by. */
  private static Optional<Fact> behind(Command command) {
    return switch (command.verb()) {
      case "RETR" -> Optional.of(Fact.BEHIND_RETR);
      case "STOR", "APPE" -> Optional.of(Fact.BEHIND_STOR);
      default -> Optional.empty();
    };
  }

  /** What to send behind a transfer's command once the server has begun: what is wanted, and the question for the next port. */
  public PipelinedCommands followers(
      ControlConnection control, Command command, List<Command> wanted, FtpConfig config, Features features) {
    boolean may = isAllowed(config, features) && isProven() && behind(command).filter(fact -> !profile.fails(fact)).isPresent();
    if (!may) {
      return PipelinedCommands.none(control);
    }
    List<Command> all = new ArrayList<>(wanted);
    all.add(question(config));
    return new PipelinedCommands(control, all);
  }

  /** Learns from what came of the commands that were sent behind a transfer's, and keeps the port. */
  public void hear(ControlConnection control, PipelinedCommands sent, Command command, @Nullable Reply end) {
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

  /** Sending ahead in this way does not work with this server. */
  public void disprove(Fact proof, String why) {
    LOG.debug("one command at a time from here on: {}", why);
    profile.learn(proof, false);
    drop();
  }

  /**
   * A transfer broke that something was sent behind, or that used a port which was asked for ahead.
   *
   * @param moved bytes that went over the data connection: with any, the port was good
   */
  public void suspect(PipelinedCommands sent, Command command, long moved) {
    Fact used = moved == 0 ? lastUsed : null;
    if (used != null) {
      disprove(used, "a transfer over a port that was asked for ahead broke");
      suspect = true;
    }
    Optional<Fact> proof = behind(command).filter(fact -> !sent.isEmpty() && !profile.holds(fact));
    if (proof.isPresent()) {
      disprove(proof.get(), "a transfer broke with a command behind it");
      suspect = true;
    }
  }

  /** Whether what was sent ahead may have broken the last transfer: it is worth another attempt without. Told once. */
  public boolean takeSuspicion() {
    boolean told = suspect;
    suspect = false;
    return told;
  }

  /** Forgets what was prepared and not used; any thread may. */
  public void drop() {
    Ahead known = ahead.getAndSet(null);
    if (known != null) {
      IOUtils.closeQuietly(known.connection);
    }
  }

  /**
   * Connects to the port that is at hand, while other things are asked.
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

  /** A call is over that may have prepared for the next; one that ended the session leaves nothing behind. */
  public void callEnds(ControlConnection control) {
    if (!control.isOpen()) {
      drop();
    }
  }

  /** The command that asks for a passive port. */
  public Command question(FtpConfig config) {
    boolean epsv = config.dataMode() instanceof DataMode.Passive passive && passive.epsv();
    return Command.of(epsv && !profile.fails(Fact.EPSV) ? "EPSV" : "PASV");
  }

  /** Keeps the reply to {@link #question} for the next transfer; false when it names no port. */
  public boolean keep(ControlConnection control, Reply reply, Fact proof) {
    drop();
    boolean port = reply.code() == EXTENDED || reply.code() == ReplyCode.ENTERING_PASSIVE_MODE.code();
    if (port) {
      ahead.set(new Ahead(control, proof, reply, System.nanoTime(), null));
    }
    return port;
  }

  /** Whether a port is at hand. */
  public boolean hasPort(ControlConnection control) {
    Ahead known = ahead.get();
    long bound = known != null && known.connection != null ? WARM_NANOS : FRESH_NANOS;
    return known != null && known.control == control && System.nanoTime() - known.since < bound;
  }

  /** The port that came ahead, if it is still good; it is forgotten here. */
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

  /** The port that {@link #take} gave is not there. */
  public void portWasGone(String why) {
    Fact used = lastUsed;
    lastUsed = null;
    if (used != null) {
      disprove(used, "the port that was asked for ahead is not there: " + why);
    }
  }
}
