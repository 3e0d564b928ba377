package io.loomftp;

import io.loomftp.FtpMeasurement.Direction;
import io.loomftp.FtpMeasurement.Outcome;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Counts what the sessions, pools and mirrors do whose configuration has it, and how long that takes.
 *
 * {@snippet :
 * FtpMetrics metrics = new FtpMetrics();
 * FtpConfig measured = config.toBuilder().metrics(metrics).build();   // for any number of sessions and pools
 * Ftp.run(measured, ftp -> ftp.size("huge.iso"));
 * FtpMetrics.Snapshot now = metrics.snapshot();
 * System.out.println(now.commands() + ", median " + now.commandLatency().quantile(0.5));
 * }
 *
 * <p>Safe for use by any number of threads, none of which waits for another; no update is lost. Its memory is bounded, about
 * 60 KB: the verbs behind the first 64 different ones count as {@code OTHER}.
 */
public final class FtpMetrics implements Consumer<FtpMeasurement> {
  private static final int VERBS = 64;
  private static final String OTHER = "OTHER";

  private final LongAdder connectFailures = new LongAdder();
  private final LongAdder opened = new LongAdder();
  private final LongAdder ended = new LongAdder();
  private final Map<String, LongAdder> commands = new ConcurrentHashMap<>();
  private final Map<Integer, LongAdder> replies = new ConcurrentHashMap<>();
  private final Map<Direction, Map<Outcome, LongAdder>> transfers = table(Direction.class, d -> adders(Outcome.class));
  private final Map<Direction, LongAdder> bytes = adders(Direction.class);
  private final LongAdder retries = new LongAdder();
  private final Map<Outcome, LongAdder> poolWaits = adders(Outcome.class);
  private final LongAdder handshakes = new LongAdder();
  private final LongAdder resumed = new LongAdder();
  private final LongAdder handshakeFailures = new LongAdder();
  private final LatencyRecorder connectLatency = new LatencyRecorder();
  private final LatencyRecorder handshakeLatency = new LatencyRecorder();
  private final LatencyRecorder commandLatency = new LatencyRecorder();
  private final LatencyRecorder transferLatency = new LatencyRecorder();
  private final LatencyRecorder poolWaitLatency = new LatencyRecorder();

  /** Metrics that count from zero. */
  public FtpMetrics() {}

  private static <K extends Enum<K>, V> Map<K, V> table(Class<K> type, Function<K, V> value) {
    Map<K, V> all = new EnumMap<>(type);
    Arrays.stream(type.getEnumConstants()).forEach(key -> all.put(key, value.apply(key)));
    return all;
  }

  private static <K extends Enum<K>> Map<K, LongAdder> adders(Class<K> type) {
    return table(type, key -> new LongAdder());
  }

  /** Counts a measurement. */
  @Override
  public void accept(FtpMeasurement measurement) {
    switch (measurement) {
      case FtpMeasurement.Connect connect -> {
        (connect.failure().isEmpty() ? opened : connectFailures).increment();
        connectLatency.record(connect.duration());
      }
      case FtpMeasurement.Disconnect end -> ended.increment();
      case FtpMeasurement.TlsHandshake handshake -> count(handshake);
      case FtpMeasurement.Command command -> {
        adderOf(command.verb()).increment();
        commandLatency.record(command.latency());
      }
      case FtpMeasurement.ReplyRead reply -> replies.computeIfAbsent(reply.code() / 100, c -> new LongAdder()).increment();
      case FtpMeasurement.Transfer transfer -> {
        of(of(transfers, transfer.direction()), transfer.outcome()).increment();
        of(bytes, transfer.direction()).add(transfer.bytes());
        transferLatency.record(transfer.duration());
      }
      case FtpMeasurement.PoolWait wait -> {
        of(poolWaits, wait.outcome()).increment();
        poolWaitLatency.record(wait.duration());
      }
      case FtpMeasurement.Retried retry -> retries.increment();
    }
  }

  private void count(FtpMeasurement.TlsHandshake handshake) {
    handshakeLatency.record(handshake.duration());
    if (handshake.failure().isPresent()) {
      handshakeFailures.increment();
      return;
    }
    handshakes.increment();
    if (handshake.resumed()) {
      resumed.increment();
    }
  }

  private LongAdder adderOf(String verb) {
    LongAdder known = commands.get(verb);
    if (known != null) {
      return known;
    }
    String name = commands.size() < VERBS ? verb : OTHER;
    return commands.computeIfAbsent(name, v -> new LongAdder());
  }

  private static <K, V> V of(Map<K, V> complete, K key) {
    V value = complete.get(key);
    if (value == null) {
      throw new IllegalStateException("no counter for " + key);
    }
    return value;
  }

  /**
   * The counts and durations of this moment. While sessions are active, what is counted together may differ by what is being
   * counted.
   */
  public Snapshot snapshot() {
    long gone = ended.sum(); // first: what ends was opened before
    Map<Direction, Map<Outcome, Long>> moved = new EnumMap<>(Direction.class);
    transfers.forEach((direction, outcomes) -> moved.put(direction, sums(outcomes)));
    return new Snapshot(
        opened.sum(), opened.sum() - gone, connectFailures.sum(), sums(commands), sums(replies), moved,
        of(bytes, Direction.DOWN).sum(), of(bytes, Direction.UP).sum(), retries.sum(), sums(poolWaits), handshakes.sum(), resumed
            .sum(), handshakeFailures.sum(), connectLatency.snapshot(), handshakeLatency.snapshot(), commandLatency.snapshot(),
        transferLatency.snapshot(), poolWaitLatency.snapshot());
  }

  private static <K> Map<K, Long> sums(Map<K, LongAdder> adders) {
    return adders.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().sum()));
  }

  /**
   * What was counted since the start; immutable.
   *
   * @param sessionsOpened control connections that were established, those of reconnects too
   * @param sessionsOpen of these, those that have not ended
   * @param connectFailures control connections that could not be established
   * @param commands that were answered or will not be, by verb
   * @param replies that were read, by the first digit of their code: 4 is what is refused at the moment, 5 for good
   * @param transfers by direction and outcome; each attempt is one, and so is each listing
   * @param bytesDown from the server, in transfers that have ended, in any way
   * @param bytesUp to the server, in transfers that have ended, in any way
   * @param retries attempts behind the first, of transfers and of what pools and mirrors do
   * @param poolWaits requests for a session of a pool, by outcome
   * @param handshakes TLS handshakes that succeeded
   * @param resumedHandshakes of these, those that resumed the TLS session of the control connection
   * @param handshakeFailures TLS handshakes that failed
   * @param connectLatency durations of connecting
   * @param handshakeLatency durations of TLS handshakes
   * @param commandLatency from a command to its first reply
   * @param transferLatency durations of transfers
   * @param poolWaitLatency waits for a session of a pool
   */
  public record Snapshot(
      long sessionsOpened,
      long sessionsOpen,
      long connectFailures,
      Map<String, Long> commands,
      Map<Integer, Long> replies,
      Map<Direction, Map<Outcome, Long>> transfers,
      long bytesDown,
      long bytesUp,
      long retries,
      Map<Outcome, Long> poolWaits,
      long handshakes,
      long resumedHandshakes,
      long handshakeFailures,
      LatencyHistogram connectLatency,
      LatencyHistogram handshakeLatency,
      LatencyHistogram commandLatency,
      LatencyHistogram transferLatency,
      LatencyHistogram poolWaitLatency) {
    /** Copies the maps. */
    public Snapshot {
      commands = Collections.unmodifiableMap(new TreeMap<>(commands));
      replies = Collections.unmodifiableMap(new TreeMap<>(replies));
      transfers =
          transfers.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> Map.copyOf(e.getValue())));
      poolWaits = Map.copyOf(poolWaits);
    }

    /** How many transfers in this direction ended so. */
    public long transfers(Direction direction, Outcome outcome) {
      return transfers.getOrDefault(direction, Map.of()).getOrDefault(outcome, 0L);
    }
  }
}
