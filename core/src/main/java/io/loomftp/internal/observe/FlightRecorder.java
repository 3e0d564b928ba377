package io.loomftp.internal.observe;

import io.loomftp.FtpMeasurement;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** The events of JDK Flight Recorder. Absent values are empty texts and -1. */
final class FlightRecorder implements EventSource {
  private static final Event[] ASKED = new Event[EventKind.values().length];

  static {
    for (EventKind kind : EventKind.values()) {
      ASKED[kind.ordinal()] = create(kind);
    }
  }

  @Override
  public @Nullable Begun begin(EventKind kind) {
    if (!ASKED[kind.ordinal()].isEnabled()) {
      return null;
    }
    OfLoom event = create(kind);
    event.begin();
    return event;
  }

  private static OfLoom create(EventKind kind) {
    return switch (kind) {
      case CONNECT -> new Connect();
      case TLS_HANDSHAKE -> new TlsHandshake();
      case COMMAND -> new Command();
      case TRANSFER -> new Transfer();
      case POOL_WAIT -> new PoolWait();
      case RETRY -> new Retry();
    };
  }

  private static String text(Optional<?> value) {
    return value.map(Object::toString).orElse("");
  }

  private static long nanos(Optional<Duration> value) {
    return value.map(Duration::toNanos).orElse(-1L);
  }

  /** An event of the library. */
  @Category("LoomFTP")
  @StackTrace(false)
  abstract static class OfLoom extends Event implements Begun {
    @Override
    public final void end(FtpMeasurement measurement) {
      end();
      if (shouldCommit()) {
        fill(measurement);
        commit();
      }
    }

    abstract void fill(FtpMeasurement measurement);
  }

  @Name("loomftp.Connect")
  @Label("FTP Connect")
  @Description("A control connection was established, or could not be")
  static final class Connect extends OfLoom {
    @Label("Host") String host = "";

    @Label("Port") int port;

    @Label("Address") String address = "";

    @Label("Failure Kind") String failure = "";

    @Override
    void fill(FtpMeasurement measurement) {
      var m = (FtpMeasurement.Connect) measurement;
      host = m.host();
      port = m.port();
      address = m.address().map(InetAddress::getHostAddress).orElse("");
      failure = text(m.failure());
    }
  }

  @Name("loomftp.TlsHandshake")
  @Label("FTP TLS Handshake")
  static final class TlsHandshake extends OfLoom {
    @Label("Channel")
    @Description("control or data") String channel = "";

    @Label("Protocol") String protocol = "";

    @Label("Cipher Suite") String cipher = "";

    @Label("Resumed")
    @Description("Whether the TLS session of the control connection was resumed") boolean resumed;

    @Label("Failure Kind") String failure = "";

    @Override
    void fill(FtpMeasurement measurement) {
      var m = (FtpMeasurement.TlsHandshake) measurement;
      channel = m.channel() == FtpMeasurement.Channel.DATA ? "data" : "control";
      protocol = m.protocol();
      cipher = m.cipherSuite();
      resumed = m.resumed();
      failure = text(m.failure());
    }
  }

  @Name("loomftp.Command")
  @Label("FTP Command")
  @Description("A command was answered by its final reply, or the connection ended before that")
  static final class Command extends OfLoom {
    @Label("Verb") String verb = "";

    @Label("Reply Code")
    @Description("Of the final reply; 0 for none") int code;

    @Label("Latency")
    @Description("Until the first reply")
    @Timespan(Timespan.NANOSECONDS) long latency;

    @Override
    void fill(FtpMeasurement measurement) {
      var m = (FtpMeasurement.Command) measurement;
      verb = m.verb();
      code = m.code();
      latency = m.latency().toNanos();
    }
  }

  @Name("loomftp.Transfer")
  @Label("FTP Transfer")
  @Description("A file or a listing was moved over a data connection, or could not be")
  static final class Transfer extends OfLoom {
    @Label("Verb") String verb = "";

    @Label("Path") String path = "";

    @Label("Direction")
    @Description("down or up") String direction = "";

    @Label("Bytes")
    @DataAmount long bytes;

    @Label("Bytes per Second")
    @DataAmount long bytesPerSecond;

    @Label("Setup")
    @Description("Until data could flow: the data connection, the first reply, the TLS handshake")
    @Timespan(Timespan.NANOSECONDS) long setup;

    @Label("First Byte")
    @Description("Until the first block was read or written")
    @Timespan(Timespan.NANOSECONDS) long firstByte;

    @Label("Outcome") String outcome = "";

    @Label("Failure Kind") String failure = "";

    @Override
    void fill(FtpMeasurement measurement) {
      var m = (FtpMeasurement.Transfer) measurement;
      verb = m.verb();
      path = m.path();
      direction = m.direction() == FtpMeasurement.Direction.UP ? "up" : "down";
      bytes = m.bytes();
      bytesPerSecond = m.bytesPerSecond();
      setup = nanos(m.setup());
      firstByte = nanos(m.firstByte());
      outcome = m.outcome().name();
      failure = text(m.failure());
    }
  }

  @Name("loomftp.PoolWait")
  @Label("FTP Pool Wait")
  @Description("A thread waited for a session of a pool")
  static final class PoolWait extends OfLoom {
    @Label("Pool") String pool = "";

    @Label("Outcome") String outcome = "";

    @Label("Failure Kind") String failure = "";

    @Override
    void fill(FtpMeasurement measurement) {
      var m = (FtpMeasurement.PoolWait) measurement;
      pool = m.pool();
      outcome = m.outcome().name();
      failure = text(m.failure());
    }
  }

  @Name("loomftp.Retry")
  @Label("FTP Retry")
  @Description("Something will be tried again")
  static final class Retry extends OfLoom {
    @Label("What") String what = "";

    @Label("Attempt")
    @Description("The number of the attempt that follows") int attempt;

    @Label("Pause")
    @Timespan(Timespan.NANOSECONDS) long pause;

    @Label("Reason Kind") String reason = "";

    @Override
    void fill(FtpMeasurement measurement) {
      var m = (FtpMeasurement.Retried) measurement;
      what = m.what();
      attempt = m.attempt();
      pause = m.pause().toNanos();
      reason = m.reason().name();
    }
  }
}
