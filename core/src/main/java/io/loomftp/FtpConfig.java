package io.loomftp;

import java.net.InetAddress;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import io.loomftp.internal.retry.LongestWait;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The server that a session connects to, and the session's settings; immutable, read once when the session is opened.
 *
 * {@snippet :
 * FtpConfig config = FtpConfig.builder("ftp.example.org")
 *     .credentials("alice", password)
 *     .tls(TlsPolicy.explicit())
 *     .timeouts(Timeouts.defaults().withConnect(Duration.ofSeconds(10)))
 *     .build();
 * }
 */
public final class FtpConfig {
  private static final int FTP_PORT = 21;
  private static final int IMPLICIT_TLS_PORT = 990;

  private final Builder set;

  private FtpConfig(Builder set) {
    this.set = set;
  }

  /** Starts a configuration for a server, given by name or address. Everything else has a default. */
  public static Builder builder(String host) {
    return new Builder(host);
  }

  /** A builder that starts from this configuration. */
  public Builder toBuilder() {
    return new Builder(set);
  }

  /** Name or address of the server. */
  public String host() {
    return set.host;
  }

  /** Port of the control connection: what was set, else 990 with implicit TLS, else 21. */
  public int port() {
    if (set.port != 0) {
      return set.port;
    }
    return set.tls instanceof TlsPolicy.Secured secured && secured.implicit() ? IMPLICIT_TLS_PORT : FTP_PORT;
  }

  /** The user who logs in; empty when the credentials are given to {@link FtpSession#login}. */
  public Optional<Credentials> credentials() {
    return Optional.ofNullable(set.credentials);
  }

  /** Whether and how TLS protects the session; none by default. */
  public TlsPolicy tls() {
    return set.tls;
  }

  /** The bound of every wait. */
  public Timeouts timeouts() {
    return set.timeouts;
  }

  /** The bounds on what a server may send. */
  public Limits limits() {
    return set.limits;
  }

  /** Which side opens data connections; passive, this side, by default. */
  public DataMode dataMode() {
    return set.dataMode;
  }

  /** The type of file transfers; binary by default. */
  public TransferType transferType() {
    return set.transferType;
  }

  /** The charset of names and replies; UTF-8 by default, then {@code OPTS UTF8 ON} is sent where FEAT offers it. */
  public Charset charset() {
    return set.charset;
  }

  /** The charset in which names that are not valid in {@link #charset()} are displayed; ISO 8859-1 by default. */
  public Charset fallbackCharset() {
    return set.fallbackCharset;
  }

  /** The zone of times in listings that do not give one (all but MLSD); UTC by default. */
  public ServerZone serverZone() {
    return set.serverZone;
  }

  /** The clock that gives the present day, for times in listings that leave out the year. */
  public Clock clock() {
    return set.clock;
  }

  /** Bytes moved at a time in both directions; 131,072 by default. */
  public int blockSize() {
    return set.blockSize;
  }

  /** Bytes posted for upload that the asynchronous side may hold in memory before they are sent; 1 MiB by default. */
  public int sendWindow() {
    return set.sendWindow;
  }

  /** The local address to connect from, where one was set. */
  public Optional<InetAddress> localAddress() {
    return Optional.ofNullable(set.localAddress);
  }

  /** Whether and how the session goes through a proxy; directly by default. */
  public ProxyPolicy proxy() {
    return set.proxy;
  }

  /** The limit of the transfers of all sessions opened with this configuration; empty by default: none. */
  public Optional<RateLimit> rateLimit() {
    return Optional.ofNullable(set.rateLimit);
  }

  /** The interval of NOOPs on the control connection during a transfer; empty by default: none are sent. */
  public Optional<Duration> keepAlive() {
    return Optional.ofNullable(set.keepAlive);
  }

  /** Whether commands are sent ahead to save round trips. */
  public Pipelining pipelining() {
    return set.pipelining;
  }

  /** The caller's own reader of listing lines, asked before the library's. */
  public Optional<EntryParser> entryParser() {
    return Optional.ofNullable(set.entryParser);
  }

  /** Whether listings deliver the folder itself and the one above ({@code .}, {@code ..}, cdir, pdir); not by default. */
  public boolean listDots() {
    return set.listDots;
  }

  /** The commands that are sent after each login, in their order; none by default. */
  public List<LoginCommand> afterLogin() {
    return set.afterLogin;
  }

  /** Whether LIST is asked for names that begin with a dot ({@code LIST -a}); not by default. */
  public boolean listHidden() {
    return set.listHidden;
  }

  /** Whether uploads through streams are compared by size at their end ({@link Verify#SIZE}, the default) or not. */
  public Verify verifyStreams() {
    return set.verifyStreams;
  }

  /** Whether only the newest version of a file is delivered where the server keeps several (VMS); all by default. */
  public boolean newestVersions() {
    return set.newestVersions;
  }

  /** The listener that is notified of everything that happens in the session. */
  public SessionListener listener() {
    return set.listener;
  }

  /** What is notified of measurements; empty by default: nothing is measured. */
  public Optional<Consumer<? super FtpMeasurement>> metrics() {
    return Optional.ofNullable(set.metrics);
  }

  /** User, host and port as in a URL; never a secret. */
  @Override
  public String toString() {
    String user = set.credentials == null ? "" : set.credentials.user() + "@";
    String scheme = set.tls instanceof TlsPolicy.Secured ? "ftps://" : "ftp://";
    String name = set.host.contains(":") ? "[" + set.host + "]" : set.host;
    return scheme + user + name + ":" + port();
  }

  /** Collects the settings; not safe for use by several threads. */
  public static final class Builder {
    private final String host;
    private int port;
    private @Nullable Credentials credentials;
    private TlsPolicy tls = TlsPolicy.none();
    private Timeouts timeouts = Timeouts.defaults();
    private Limits limits = Limits.defaults();
    private DataMode dataMode = DataMode.passive();
    private TransferType transferType = TransferType.BINARY;
    private Charset charset = StandardCharsets.UTF_8;
    private Charset fallbackCharset = StandardCharsets.ISO_8859_1;
    private ServerZone serverZone = ServerZone.utc();
    private Clock clock = Clock.systemUTC();
    private int blockSize = 128 << 10; // the most that a socket of the JDK reads at a time
    private int sendWindow = 1 << 20;
    private @Nullable InetAddress localAddress;
    private ProxyPolicy proxy = ProxyPolicy.direct();
    private @Nullable RateLimit rateLimit;
    private @Nullable Duration keepAlive;
    private Pipelining pipelining = Pipelining.AUTO;
    private @Nullable EntryParser entryParser;
    private boolean listDots;
    private List<LoginCommand> afterLogin = List.of();
    private boolean listHidden;
    private Verify verifyStreams = Verify.SIZE;
    private boolean newestVersions;
    private SessionListener listener = SessionListener.NONE;
    private @Nullable Consumer<? super FtpMeasurement> metrics;

    private Builder(String host) {
      if (host.isBlank() || host.chars().anyMatch(c -> c <= ' ')) {
        throw new IllegalArgumentException("not a host: '" + host.strip() + "'");
      }
      this.host = host;
    }

    private Builder(Builder other) {
      host = other.host;
      port = other.port;
      credentials = other.credentials;
      tls = other.tls;
      timeouts = other.timeouts;
      limits = other.limits;
      dataMode = other.dataMode;
      transferType = other.transferType;
      charset = other.charset;
      fallbackCharset = other.fallbackCharset;
      serverZone = other.serverZone;
      clock = other.clock;
      blockSize = other.blockSize;
      sendWindow = other.sendWindow;
      localAddress = other.localAddress;
      proxy = other.proxy;
      rateLimit = other.rateLimit;
      keepAlive = other.keepAlive;
      pipelining = other.pipelining;
      entryParser = other.entryParser;
      listDots = other.listDots;
      afterLogin = other.afterLogin;
      listHidden = other.listHidden;
      verifyStreams = other.verifyStreams;
      newestVersions = other.newestVersions;
      listener = other.listener;
      metrics = other.metrics;
    }

    /** The port of the control connection, 1 to 65535. */
    public Builder port(int port) {
      if (port < 1 || port > 65535) {
        throw new IllegalArgumentException("not a port: " + port);
      }
      this.port = port;
      return this;
    }

    /** The user who logs in. */
    public Builder credentials(Credentials credentials) {
      this.credentials = Objects.requireNonNull(credentials);
      return this;
    }

    /** The user who logs in; the array is copied. */
    public Builder credentials(String user, char[] password) {
      return credentials(Credentials.of(user, password));
    }

    /** The user who logs in. */
    public Builder credentials(String user, String password) {
      return credentials(Credentials.of(user, password));
    }

    /** Logs in as {@code anonymous}. */
    public Builder anonymous() {
      return credentials(Credentials.anonymous());
    }

    /** The account of the user that was set before, for servers that ask for one. */
    public Builder account(String account) {
      if (credentials == null) {
        throw new IllegalStateException("an account goes with credentials: set them first");
      }
      return credentials(credentials.withAccount(account));
    }

    /** Whether and how TLS protects the session. */
    public Builder tls(TlsPolicy tls) {
      this.tls = Objects.requireNonNull(tls);
      return this;
    }

    /** The bound of every wait. */
    public Builder timeouts(Timeouts timeouts) {
      this.timeouts = Objects.requireNonNull(timeouts);
      return this;
    }

    /** The bounds on what a server may send. */
    public Builder limits(Limits limits) {
      this.limits = Objects.requireNonNull(limits);
      return this;
    }

    /** Which side opens data connections. */
    public Builder dataMode(DataMode dataMode) {
      this.dataMode = Objects.requireNonNull(dataMode);
      return this;
    }

    /** The type of file transfers. */
    public Builder transferType(TransferType transferType) {
      this.transferType = Objects.requireNonNull(transferType);
      return this;
    }

    /**
     * The charset of names and replies. ASCII must stand for itself in it: not so in UTF-16, EBCDIC, and those that switch
     * with escape sequences, as ISO-2022-JP does.
     */
    public Builder charset(Charset charset) {
      String ascii = IntStream.range(0, 128).mapToObj(Character::toString).collect(Collectors.joining());
      if (!charset.canEncode() || !new String(ascii.getBytes(StandardCharsets.US_ASCII), charset).equals(ascii)) {
        throw new IllegalArgumentException("ASCII characters must encode as themselves in a charset for FTP, not so in "
            + charset);
      }
      this.charset = charset;
      return this;
    }

    /** The charset in which names that are not valid in {@link #charset} are displayed. */
    public Builder fallbackCharset(Charset fallbackCharset) {
      this.fallbackCharset = Objects.requireNonNull(fallbackCharset);
      return this;
    }

    /** The zone of times in listings that do not give one. */
    public Builder serverZone(ZoneId serverZone) {
      return serverZone(ServerZone.of(serverZone));
    }

    /** The zone of times in listings that do not give one, or that it is to be detected. */
    public Builder serverZone(ServerZone serverZone) {
      this.serverZone = Objects.requireNonNull(serverZone);
      return this;
    }

    /** The clock that gives the present day, for times in listings that leave out the year. */
    public Builder clock(Clock clock) {
      this.clock = Objects.requireNonNull(clock);
      return this;
    }

    /** Bytes moved at a time in both directions, 1 to 16 MiB. */
    public Builder blockSize(int bytes) {
      if (bytes < 1 || bytes > 16 << 20) {
        throw new IllegalArgumentException("not a block size: " + bytes);
      }
      this.blockSize = bytes;
      return this;
    }

    /** Bytes posted for upload that may be held in memory before they are sent, at least 1. */
    public Builder sendWindow(int bytes) {
      if (bytes < 1) {
        throw new IllegalArgumentException("not a send window: " + bytes);
      }
      this.sendWindow = bytes;
      return this;
    }

    /** The local address to connect from. */
    public Builder localAddress(InetAddress localAddress) {
      this.localAddress = Objects.requireNonNull(localAddress);
      return this;
    }

    /** Whether and how the session goes through a proxy. */
    public Builder proxy(ProxyPolicy proxy) {
      this.proxy = Objects.requireNonNull(proxy);
      return this;
    }

    /**
     * Limits the transfers, both ways, of all sessions that are opened with this configuration, together; for a session to
     * have a limit of its own, give it a configuration with one of its own.
     */
    public Builder rateLimit(RateLimit rateLimit) {
      this.rateLimit = Objects.requireNonNull(rateLimit);
      return this;
    }

    /**
     * Sends NOOP on the control connection in this interval during transfers, for routers that drop connections which seem
     * idle (TCP keep-alive is always on). Every reply to it is accounted for.
     */
    public Builder keepAlive(Duration interval) {
      if (interval.isZero() || interval.isNegative()) {
        throw new IllegalArgumentException("the interval must be positive: " + interval);
      }
      this.keepAlive = LongestWait.cut(interval);
      return this;
    }

    /** Whether commands may be sent ahead to save round trips; {@link Pipelining#AUTO} by default. */
    public Builder pipelining(Pipelining pipelining) {
      this.pipelining = Objects.requireNonNull(pipelining);
      return this;
    }

    /** A parser that is tried first for every line of LIST; lines that it does not understand are read as usual. */
    public Builder entryParser(EntryParser entryParser) {
      this.entryParser = Objects.requireNonNull(entryParser);
      return this;
    }

    /** Whether listings are to deliver the folder itself and the one above ({@code .}, {@code ..}, cdir, pdir) too. */
    public Builder listDots(boolean listDots) {
      this.listDots = listDots;
      return this;
    }

    /**
     * Commands to be sent after each login, also those of reconnects and of the sessions of a pool, such as
     * {@code SITE FILETYPE=SEQ}. One that is refused fails the login and closes the session.
     *
     * @throws IllegalArgumentException as {@link LoginCommand} does
     */
    public Builder afterLogin(String... commands) {
      return afterLogin(Arrays.stream(commands).map(LoginCommand::required).toArray(LoginCommand[]::new));
    }

    /** Commands to be sent after each login, each of them required or optional. */
    public Builder afterLogin(LoginCommand... commands) {
      this.afterLogin = List.of(commands);
      return this;
    }

    /**
     * Lists names that begin with a dot too: sends {@code LIST -a} to servers that honour it, which the first listing of a
     * server finds out. MLSD lists them in any case. {@link Listing#includesHidden()} tells whether a listing has them.
     */
    public Builder listHidden(boolean listHidden) {
      this.listHidden = listHidden;
      return this;
    }

    /**
     * Whether an upload through an {@link FtpOutputStream}, or with an {@link UploadBody}, is compared by size at its end. A data
     * connection that something between client and server has ended early, in order, looks whole to both of them. Text is
     * not compared. Calls with {@link TransferOptions} have their own {@link TransferOptions#verify}.
     *
     * @param how {@link Verify#SIZE} or {@link Verify#NONE}
     */
    public Builder verifyStreams(Verify how) {
      if (how.compareTo(Verify.SIZE) > 0) {
        throw new IllegalArgumentException("a stream is compared by size alone, not by " + how);
      }
      this.verifyStreams = how;
      return this;
    }

    /**
     * Whether only the newest version of a file is to be delivered where the server keeps several (VMS). Versions of a
     * file are compared where they follow each other, as they do in every listing of these servers.
     */
    public Builder newestVersions(boolean newestVersions) {
      this.newestVersions = newestVersions;
      return this;
    }

    /** The listener that is notified of everything that happens in the session. */
    public Builder listener(SessionListener listener) {
      this.listener = Objects.requireNonNull(listener);
      return this;
    }

    /**
     * Notifies of each measurement: an {@link FtpMetrics}, which counts them, code of one's own, or both with {@link
     * Consumer#andThen}. One may serve any number of configurations, sessions and pools.
     *
     * <p>It is called by the threads of sessions and pools, several at a time, while no lock is held, must return soon and must
     * not call a session, whose verbs throw an {@link IllegalStateException} then. What it throws is logged at WARN and has no
     * other effect.
     */
    public Builder metrics(Consumer<? super FtpMeasurement> metrics) {
      this.metrics = Objects.requireNonNull(metrics);
      return this;
    }

    /** The configuration as set so far; the builder can be used further. */
    public FtpConfig build() {
      return new FtpConfig(new Builder(this));
    }
  }
}
