package io.loomftp.async;

import io.loomftp.Credentials;
import io.loomftp.Digest;
import io.loomftp.ErrorKind;
import io.loomftp.Features;
import io.loomftp.FtpConfig;
import io.loomftp.FtpEntry;
import io.loomftp.FtpTransferException;
import io.loomftp.Listing;
import io.loomftp.Progress;
import io.loomftp.Reply;
import io.loomftp.TransferOptions;
import io.loomftp.TransferResult;
import io.loomftp.TransferType;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A session whose verbs return at once, with a future, and report by events.
 *
 * {@snippet :
 * s.on("authenticated", e -> s.post("cd", "/incoming"));
 * s.on("cd", e -> s.post("put", "notes.txt"));
 * s.on("put_connected", e -> { s.post("put_data", bytes); s.post("put_close"); });
 * s.connect();
 * }
 *
 * <p>Commands run one at a time in the order in which they were posted. All methods may be called by any thread. The
 * descriptions of verbs in {@link io.loomftp.FtpSession} apply here too; the future fails with the exception that the verb
 * throws. The rules of threads and events are in the package comment.
 */
public final class AsyncFtpSession implements AutoCloseable {
  private final Listeners listeners = new Listeners();
  private final Map<String, DataFilter> filters = new ConcurrentHashMap<>();
  private final SessionLoop loop;
  private final OpenUploads uploads;

  AsyncFtpSession(String alias, FtpConfig config, Listeners bus) {
    SessionMonitor monitor = new SessionMonitor();
    loop = new SessionLoop(alias, config, monitor, new EventLoop(monitor, alias, listeners, bus));
    uploads = new OpenUploads(monitor);
    filters.putAll(Map.of("get", DataFilter.blocks(), "ls", DataFilter.lines(), "dir", DataFilter.lines()));
  }

  /** The alias of the session. */
  public String alias() {
    return loop.alias();
  }

  // --- events ---

  /**
   * Registers a listener for events of this session.
   *
   * @param name the name of the events, or {@code all}
   * @throws IllegalArgumentException for an unknown name
   */
  public Subscription on(String name, Consumer<? super FtpEvent> listener) {
    return listeners.add(name, FtpEvent.class, listener);
  }

  /**
   * Registers a listener for events of one type of this session.
   *
   * @param name the name of the events, or {@code all} for all events of the type
   * @throws IllegalArgumentException for an unknown name, and for a type that events of this name never have
   */
  public <E extends FtpEvent> Subscription on(String name, Class<E> type, Consumer<? super E> listener) {
    return listeners.add(name, type, listener);
  }

  /**
   * Sets the filter that produces the items of data events, from the next such command on.
   *
   * @param command {@code get}, {@code ls} or {@code dir}
   */
  public AsyncFtpSession filter(String command, DataFilter filter) {
    filters.put(Vocabulary.incoming(command), filter);
    return this;
  }

  // --- commands by name ---

  /**
   * Posts a command: see the table in the package comment.
   *
   * @return the future that the method of that command returns
   * @throws IllegalArgumentException for an unknown name, and for arguments that the command does not take
   */
  public CompletableFuture<?> post(String name, Object... arguments) {
    return post(FtpCommand.of(name, arguments));
  }

  /** Posts a command. */
  public CompletableFuture<?> post(FtpCommand command) {
    return CommandDispatcher.to(this, command);
  }

  /** Changes the settings when the commands before it are done. */
  CompletableFuture<Void> adjust(UnaryOperator<FtpConfig.Builder> change) {
    return loop.post(new SettingsChange(loop, change));
  }

  private <T> CompletableFuture<T> verb(String name, String argument, SimpleOperation.Verb<T> verb) {
    return loop.post(new SimpleOperation<>(loop, name, argument, verb));
  }

  /** Runs a verb of the core that has no events. */
  private <T> CompletableFuture<T> silent(SimpleOperation.Verb<T> verb) {
    return verb("", "", verb);
  }

  /** Downloads and delivers the data as events. */
  CompletableFuture<TransferResult> download(String name, String path, StreamDownload.Opener opener) {
    DataFilter filter = filters.getOrDefault(name, DataFilter.blocks());
    return loop.post(new EventDownload(loop, name, path, filter, opener));
  }

  // --- a session ---

  /**
   * Connects, and logs in when the configuration has credentials. May be called again after a {@code connect_error}.
   *
   * @return the greeting, when the session is ready; at once for a session that is connected already
   */
  public CompletableFuture<Reply> connect() {
    return loop.post(LoginOperation.connect(loop));
  }

  /** Logs in with the credentials of the configuration. */
  public CompletableFuture<Reply> login() {
    return loop
        .config()
        .credentials()
        .map(this::login)
        .orElseGet(() -> CompletableFuture.failedFuture(new IllegalStateException("no credentials in the configuration")));
  }

  /**
   * Logs in; may be called again after a {@code login_error}, while the server keeps the connection.
   *
   * @return the reply that accepts the login
   */
  public CompletableFuture<Reply> login(Credentials credentials) {
    return loop.post(LoginOperation.login(loop, credentials));
  }

  /** Changes the working folder (CWD). */
  public CompletableFuture<Reply> cd(String path) {
    return verb("cd", path, ftp -> ftp.cd(path));
  }

  /** Changes to the parent folder (CDUP). */
  public CompletableFuture<Reply> cdup() {
    return verb("cdup", "", ftp -> ftp.cdup());
  }

  /** The working folder (PWD). */
  public CompletableFuture<String> pwd() {
    return verb("pwd", "", ftp -> ftp.pwd());
  }

  /** Makes a folder (MKD); returns its path. */
  public CompletableFuture<String> mkdir(String path) {
    return verb("mkdir", path, ftp -> ftp.mkdir(path));
  }

  /** Removes an empty folder (RMD). */
  public CompletableFuture<Reply> rmdir(String path) {
    return verb("rmdir", path, ftp -> ftp.rmdir(path));
  }

  /** Deletes a file (DELE). */
  public CompletableFuture<Reply> delete(String path) {
    return verb("delete", path, ftp -> ftp.delete(path));
  }

  /** Renames or moves a file or folder (RNFR, RNTO). */
  public CompletableFuture<Reply> rename(String from, String to) {
    return verb("rename", from, ftp -> ftp.rename(from, to));
  }

  /** The size of a file in bytes, as a download in the transfer type in force would have (SIZE). */
  public CompletableFuture<Long> size(String path) {
    return verb("size", path, ftp -> ftp.size(path));
  }

  /** The time of the last modification of a file (MDTM). */
  public CompletableFuture<Instant> mdtm(String path) {
    return verb("mdtm", path, ftp -> ftp.mdtm(path));
  }

  /** The digest of a file as the server computes it, see {@link io.loomftp.FtpSession#hash}. Has no events. */
  public CompletableFuture<Digest> hash(String path) {
    return silent(ftp -> ftp.hash(path));
  }

  /** The facts of one file or folder (MLST). Has no events. */
  public CompletableFuture<FtpEntry> mlst(String path) {
    return silent(ftp -> ftp.mlst(path));
  }

  /** Whether a file or folder of that name exists. Has no events. */
  public CompletableFuture<Boolean> exists(String path) {
    return silent(ftp -> ftp.exists(path));
  }

  /**
   * The entries of a folder, by MLSD or LIST, in memory. Has no events; {@code post("ls", path)} with
   * {@link DataFilter#entries()} delivers them one by one.
   *
   * @param path empty for the working folder
   */
  public CompletableFuture<List<FtpEntry>> list(String path) {
    return loop.post(
        new Operation<List<FtpEntry>>(loop, "", path) {
          @Override
          Outcome<List<FtpEntry>> run() throws Exception {
            List<FtpEntry> rows = new ArrayList<>();
            try (Listing listing = session().open().list(path)) {
              for (Optional<FtpEntry> row = listing.next(); row.isPresent(); row = listing.next()) {
                if (isCancelled()) {
                  throw new FtpTransferException(
                      "the listing was aborted", null, 0, ErrorKind.ABORTED, true, List.of(), null);
                }
                rows.add(row.get());
              }
            }
            return new Outcome<>(rows, null);
          }
        });
  }

  /** The entries of the working folder: see {@link #list(String)}. */
  public CompletableFuture<List<FtpEntry>> list() {
    return list("");
  }

  /** The names in a folder as the server gives them (NLST), in memory. Has no events. */
  public CompletableFuture<List<String>> names(String path) {
    return silent(ftp -> ftp.names(path));
  }

  // --- data ---

  /** Downloads a file to a local one, which is complete or does not exist: see {@link #get(String, Path, Progress)}. */
  public CompletableFuture<TransferResult> get(String path, Path target) {
    return get(path, target, TransferOptions.defaults());
  }

  /**
   * Downloads a file to a local one, as {@link io.loomftp.FtpSession#get(String, Path, Progress)} does.
   *
   * @param progress called on the events thread, with the latest state only where that thread is slow
   */
  public CompletableFuture<TransferResult> get(String path, Path target, Progress progress) {
    return get(path, target, TransferOptions.defaults().progress(progress));
  }

  /**
   * Downloads a file to a local one, as {@link io.loomftp.FtpSession#get(String, Path, TransferOptions)} does. It has the
   * events of {@code get}, except {@code get_data}; a skipped file has {@code get_done} alone, and each event is delivered
   * once regardless of retries.
   *
   * @param options its progress is called on the events thread, with the latest state only where that thread is slow
   */
  public CompletableFuture<TransferResult> get(String path, Path target, TransferOptions options) {
    return loop.post(
        new FileOperation(
            loop, "get", path, options, (ftp, relayed) -> ftp.get(path, target, relayed)));
  }

  /** Downloads a file to a stream: see {@link #get(String, OutputStream, Progress)}. */
  public CompletableFuture<TransferResult> get(String path, OutputStream target) {
    return get(path, target, Progress.NONE);
  }

  /**
   * Downloads a file to a stream, which is written on the events thread and not closed. It has the events of {@code get},
   * except {@code get_data}.
   */
  public CompletableFuture<TransferResult> get(String path, OutputStream target, Progress progress) {
    return streamed(path, target, progress, ftp -> ftp.get(path));
  }

  /** The same for the rest of a file (REST, RETR), from an offset in bytes. */
  public CompletableFuture<TransferResult> getFrom(String path, long offset, OutputStream target) {
    return streamed(path, target, Progress.NONE, ftp -> ftp.getFrom(path, offset));
  }

  private CompletableFuture<TransferResult> streamed(
      String path, OutputStream target, Progress progress, StreamDownload.Opener opener) {
    StreamSink sink = new StreamSink(target, progress);
    FlowDownload download = new FlowDownload(loop, "get", path, sink, opener);
    sink.onSubscribe(download);
    return loop.post(download);
  }

  /**
   * A file as a publisher; each subscription downloads it once, after the commands before. Demand is counted in blocks of at
   * most {@link FtpConfig#blockSize()} bytes. Without demand only one block is read ahead, so the server waits, and so do the
   * commands behind. {@code onComplete} means that the server confirmed the end; cancelling aborts the transfer and keeps the
   * session. Signals are delivered on the events thread. It has the events of {@code get}, except
   * {@code get_data}.
   */
  public Flow.Publisher<ByteBuffer> download(String path) {
    return new FlowSource(loop, "get", path, ftp -> ftp.get(path));
  }

  /** The same for the rest of a file (REST, RETR), from an offset in bytes. */
  public Flow.Publisher<ByteBuffer> download(String path, long offset) {
    return new FlowSource(loop, "get", path, ftp -> ftp.getFrom(path, offset));
  }

  /**
   * The same for the data of any other command, such as {@code MLSD}. Its events are those of {@code ls}.
   *
   * @param argument empty for none
   */
  public Flow.Publisher<ByteBuffer> data(String verb, String argument) {
    return new FlowSource(loop, "ls", argument, ftp -> ftp.data(verb, argument));
  }

  /** Uploads a local file: see {@link #put(Path, String, Progress)}. */
  public CompletableFuture<TransferResult> put(Path source, String path) {
    return put(source, path, TransferOptions.defaults());
  }

  /**
   * Uploads a local file, as {@link io.loomftp.FtpSession#put(Path, String, Progress)} does.
   *
   * @param progress called on the events thread, with the latest state only where that thread is slow
   */
  public CompletableFuture<TransferResult> put(Path source, String path, Progress progress) {
    return put(source, path, TransferOptions.defaults().progress(progress));
  }

  /**
   * Uploads a local file, as {@link io.loomftp.FtpSession#put(Path, String, TransferOptions)} does. It has the events of
   * {@code put}, except {@code put_flushed}; a skipped file has {@code put_closed} alone, and each event is delivered once
   * regardless of retries.
   *
   * @param options its progress is called on the events thread, with the latest state only where that thread is slow
   */
  public CompletableFuture<TransferResult> put(Path source, String path, TransferOptions options) {
    return loop.post(
        new FileOperation(
            loop, "put", path, options, (ftp, relayed) -> ftp.put(source, path, relayed)));
  }

  /** Uploads a stream: see {@link #put(InputStream, String, Progress)}. */
  public CompletableFuture<TransferResult> put(InputStream source, String path) {
    return put(source, path, Progress.NONE);
  }

  /**
   * Uploads the contents of a stream, which is read on the events thread and not closed. When reading fails, the upload is
   * aborted and the incomplete file deleted.
   */
  public CompletableFuture<TransferResult> put(InputStream source, String path, Progress progress) {
    return upload(path, new StreamSource(source, loop.config().blockSize()), progress, ftp -> ftp.put(path));
  }

  /** Appends the contents of a stream to a file (APPE). */
  public CompletableFuture<TransferResult> append(InputStream source, String path) {
    return upload(path, new StreamSource(source, loop.config().blockSize()), Progress.NONE, ftp -> ftp.append(path));
  }

  /** Uploads the rest of a file (REST, STOR), of which the server keeps the first bytes. */
  public CompletableFuture<TransferResult> putFrom(InputStream source, String path, long offset) {
    return upload(
        path, new StreamSource(source, loop.config().blockSize()), Progress.NONE, ftp -> ftp.putFrom(path, offset));
  }

  /** Uploads a local file under a name that the server chooses (STOU), and returns that name where the server gives it. */
  public CompletableFuture<Optional<String>> putUnique(Path source) {
    return silent(ftp -> ftp.putUnique(source));
  }

  /**
   * Uploads the buffers of a publisher. It is subscribed to, on the events thread, when the data connection is established,
   * and one buffer at a time is requested while less than {@link FtpConfig#sendWindow()} bytes are held. A buffer belongs to
   * the session from {@code onNext} on. When the publisher fails, the upload is aborted and the incomplete file deleted.
   */
  public CompletableFuture<TransferResult> upload(String path, Flow.Publisher<? extends ByteBuffer> source) {
    return upload(path, source, Progress.NONE, ftp -> ftp.put(path));
  }

  private CompletableFuture<TransferResult> upload(
      String path, Flow.Publisher<? extends ByteBuffer> source, Progress progress, StreamUpload.Opener opener) {
    return loop.post(new FlowUpload(loop, path, source, progress, opener));
  }

  /**
   * Begins an upload whose data is posted: {@code put}. Post the data from the listener of {@code put_connected}.
   *
   * @return the result, after {@link #putClose()}
   */
  public CompletableFuture<TransferResult> put(String path) {
    EventUpload upload = new EventUpload(loop, uploads, path, ftp -> ftp.put(path));
    uploads.posted(upload);
    return loop.post(upload);
  }

  /**
   * Posts data of the first upload that is not closed yet: {@code put_data}. While more than {@link FtpConfig#sendWindow()}
   * bytes are held, this waits; events are delivered meanwhile if a listener of the session calls it.
   *
   * @param bytes copied, unless there are more than the send window, when this returns after they were written
   * @return done when the bytes were handed to the network; fails with an {@link IllegalStateException} when no upload is open
   */
  public CompletableFuture<Void> putData(byte[] bytes) {
    return uploads.data(bytes);
  }

  /**
   * Ends the upload, all of whose data was posted: {@code put_close}.
   *
   * @return the future of {@link #put(String)}; fails with an {@link IllegalStateException} when no upload is open
   */
  public CompletableFuture<?> putClose() {
    return uploads.close();
  }

  // --- the rest ---

  /** Sets the time a file was last modified. Has no events. */
  public CompletableFuture<Reply> setModified(String path, Instant time) {
    return silent(ftp -> ftp.setModified(path, time));
  }

  /** Sets permissions (SITE CHMOD). Has no events. */
  public CompletableFuture<Reply> chmod(String path, int mode) {
    return silent(ftp -> ftp.chmod(path, mode));
  }

  /** Sends a command specific to the server (SITE). */
  public CompletableFuture<Reply> site(String command) {
    return verb("site", command, ftp -> ftp.site(command));
  }

  /** The server's status of the session (STAT). */
  public CompletableFuture<Reply> stat() {
    return verb("stat", "", ftp -> ftp.stat());
  }

  /** A listing over the control connection (STAT with a path). */
  public CompletableFuture<Reply> stat(String path) {
    return verb("stat", path, ftp -> ftp.stat(path));
  }

  /** The operating system that the server claims to run on (SYST). */
  public CompletableFuture<Reply> syst() {
    return verb("syst", "", ftp -> ftp.syst());
  }

  /** The help text of the server (HELP). Has no events. */
  public CompletableFuture<Reply> help() {
    return silent(ftp -> ftp.help());
  }

  /** Asks the server for a reply and nothing else (NOOP). */
  public CompletableFuture<Reply> noop() {
    return verb("noop", "", ftp -> ftp.noop());
  }

  /** Sets the representation type at once (TYPE). */
  public CompletableFuture<Reply> type(TransferType type) {
    return verb("type", type == TransferType.ASCII ? "A" : "I", ftp -> ftp.type(type));
  }

  /**
   * Sends any command that needs no data connection. An error reply is a {@code quot_error} event, but the future has the
   * reply in any case, as in {@link io.loomftp.FtpSession#quote}.
   */
  public CompletableFuture<Reply> quote(String verb, String... arguments) {
    String rest = String.join(" ", arguments);
    return quot(rest.isEmpty() ? verb : verb + " " + rest);
  }

  /** Sends a whole command line. */
  CompletableFuture<Reply> quot(String command) {
    int blank = command.indexOf(' ');
    return verb(
        "quot",
        command,
        ftp -> blank < 0 ? ftp.quote(command) : ftp.quote(command.substring(0, blank), command.substring(blank + 1)));
  }

  /** The extensions that the server listed after login (FEAT). */
  public CompletableFuture<Features> features() {
    return silent(ftp -> ftp.features());
  }

  /** The last lines of the control conversation; secrets masked. */
  public CompletableFuture<List<String>> transcript() {
    return silent(ftp -> ftp.transcript());
  }

  /**
   * Sends QUIT and ends the session: commands posted later fail, and {@code quit} is the last event.
   */
  public CompletableFuture<Reply> quit() {
    return verb("quit", "", ftp -> ftp.quit());
  }

  /** Completes when the session has ended and its last event was delivered. Completing it has no effect on the session. */
  public CompletableFuture<Void> ended() {
    return loop.end().copy();
  }

  /** Runs this when the last event was delivered, before {@link #ended()} completes. */
  void beforeEnd(Runnable action) {
    loop.beforeEnd(action);
  }

  /** Whether the present thread is the one that delivers the events of this session. */
  boolean isDelivering() {
    return loop.events().isEventsThread();
  }

  /**
   * Ends the session: with QUIT when it is idle, at once when a command is running. Outstanding commands fail with an
   * {@link io.loomftp.FtpClosedException}; if the session was connected, {@code closed} is its last event. Does not wait for
   * that; {@link #ended()} does. A second call does nothing.
   */
  @Override
  public void close() {
    loop.close("close() was called");
  }

  /** Alias and destination; never a secret. */
  @Override
  public String toString() {
    return "AsyncFtpSession[" + loop + "]";
  }
}
