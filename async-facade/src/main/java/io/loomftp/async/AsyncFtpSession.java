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
import io.loomftp.Retry;
import io.loomftp.TransferOptions;
import io.loomftp.TransferResult;
import io.loomftp.TransferType;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

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
public final class AsyncFtpSession extends EventSource {
  private final Map<String, DataFilter> filters = new ConcurrentHashMap<>();
  private final OpenUploads uploads = new OpenUploads();
  private final ListenerErrors errors;
  private final SessionLoop loop;
  private volatile UploadFilter uploadFilter = AsyncFtpSession::asBytes;

  AsyncFtpSession(String alias, FtpConfig config, Listeners bus, ListenerErrors busErrors, @Nullable Executor executor) {
    errors = new ListenerErrors(busErrors, uploads::callOff);
    EventLoop events = new EventLoop(alias, listeners, bus, errors, executor);
    loop = new SessionLoop(alias, config, events, event -> listeners.hear(event) || bus.hear(event));
    filters.putAll(Map.of("get", DataFilter.blocks(), "ls", DataFilter.lines(), "dir", DataFilter.lines()));
  }

  /** The alias of the session. */
  public String alias() {
    return loop.alias();
  }

  // --- events ---

  /**
   * Sets what receives the exceptions of listeners of this session, on the thread that runs the listeners; without it, that of
   * {@link AsyncFtp#onListenerError} does, and without that they are logged at ERROR. The other listeners are called in any
   * case. When the listener of {@code put_connected} or {@code put_flushed} throws, which has to post the data of an upload,
   * that upload is also aborted.
   */
  public AsyncFtpSession onListenerError(BiConsumer<? super FtpEvent, ? super Throwable> handler) {
    errors.handler(handler);
    return this;
  }

  /**
   * Sets that a lost connection is established again, with backoff, and the user logged in as before: after {@code closed} there
   * is {@code connected} and {@code authenticated}, or {@code connect_error} for each attempt that failed. The command that was
   * running fails; those behind it are held until then, and a {@code quit} among them ends the attempts. The folder is that of a
   * new session. A refused login ({@code login_error}) is not repeated. Off by default.
   *
   * @param policy its number of attempts counts the lost connection; {@link Retry#none()} switches it off
   */
  public AsyncFtpSession reconnect(Retry policy) {
    loop.reconnect(Objects.requireNonNull(policy));
    return this;
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

  /** Sets the filter that turns what is posted with {@code put_data} into bytes; by default it takes bytes and text in UTF-8. */
  public AsyncFtpSession putFilter(UploadFilter filter) {
    uploadFilter = Objects.requireNonNull(filter);
    return this;
  }

  private static byte[] asBytes(Object item, FtpConfig config) {
    return switch (item) {
      case byte[] bytes -> bytes;
      case CharSequence text -> text.toString().getBytes(StandardCharsets.UTF_8);
      case ByteBuffer buffer -> {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        yield bytes;
      }
      default -> throw new IllegalArgumentException("put_data takes bytes or text, not " + item.getClass().getName());
    };
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
  FtpFuture<Void> adjust(UnaryOperator<FtpConfig.Builder> change) {
    return loop.post(new SettingsChange(loop, change));
  }

  private <T> FtpFuture<T> verb(String name, String argument, SimpleOperation.Verb<T> verb) {
    return loop.post(new SimpleOperation<>(loop, name, argument, verb));
  }

  /** Runs a verb of the core that has no events. */
  private <T> FtpFuture<T> silent(SimpleOperation.Verb<T> verb) {
    return verb("", "", verb);
  }

  /** Downloads and delivers the data as events. */
  FtpFuture<TransferResult> download(String name, String path, EventDownload.Opener opener) {
    DataFilter filter = filters.getOrDefault(name, DataFilter.blocks());
    return loop.post(new EventDownload(loop, name, path, filter, opener));
  }

  // --- a session ---

  /**
   * Connects, and logs in when the configuration has credentials. May be called again after a {@code connect_error}.
   *
   * @return the greeting, when the session is ready; at once for a session that is connected already
   */
  public FtpFuture<Reply> connect() {
    return loop.post(LoginOperation.connect(loop));
  }

  /** Logs in with the credentials of the configuration. */
  public FtpFuture<Reply> login() {
    return loop.post(LoginOperation.login(loop, Optional.empty()));
  }

  /**
   * Logs in; may be called again after a {@code login_error}, while the server keeps the connection.
   *
   * @return the reply that accepts the login
   */
  public FtpFuture<Reply> login(Credentials credentials) {
    return loop.post(LoginOperation.login(loop, Optional.of(credentials)));
  }

  /** Changes the working folder (CWD). */
  public FtpFuture<Reply> cd(String path) {
    return verb("cd", path, ftp -> ftp.cd(path));
  }

  /** Changes to the parent folder (CDUP). */
  public FtpFuture<Reply> cdup() {
    return verb("cdup", "", ftp -> ftp.cdup());
  }

  /** The working folder (PWD). */
  public FtpFuture<String> pwd() {
    return verb("pwd", "", ftp -> ftp.pwd());
  }

  /** Makes a folder (MKD); returns its path. */
  public FtpFuture<String> mkdir(String path) {
    return verb("mkdir", path, ftp -> ftp.mkdir(path));
  }

  /** Removes an empty folder (RMD). */
  public FtpFuture<Reply> rmdir(String path) {
    return verb("rmdir", path, ftp -> ftp.rmdir(path));
  }

  /** Deletes a file (DELE). */
  public FtpFuture<Reply> delete(String path) {
    return verb("delete", path, ftp -> ftp.delete(path));
  }

  /** Renames or moves a file or folder (RNFR, RNTO). */
  public FtpFuture<Reply> rename(String from, String to) {
    return loop.post(SimpleOperation.rename(loop, from, to));
  }

  /** The size of a file in bytes, as a download in the transfer type in force would have (SIZE). */
  public FtpFuture<Long> size(String path) {
    return verb("size", path, ftp -> ftp.size(path));
  }

  /** The time of the last modification of a file (MDTM). */
  public FtpFuture<Instant> mdtm(String path) {
    return verb("mdtm", path, ftp -> ftp.mdtm(path));
  }

  /** The digest of a file as the server computes it, see {@link io.loomftp.FtpSession#hash}. Has no events. */
  public FtpFuture<Digest> hash(String path) {
    return silent(ftp -> ftp.hash(path));
  }

  /** The facts of one file or folder (MLST). Has no events. */
  public FtpFuture<FtpEntry> mlst(String path) {
    return silent(ftp -> ftp.mlst(path));
  }

  /** Whether a file or folder of that name exists. Has no events. */
  public FtpFuture<Boolean> exists(String path) {
    return silent(ftp -> ftp.exists(path));
  }

  /**
   * The entries of a folder, by MLSD or LIST, in memory. Has no events; {@code post("ls", path)} with
   * {@link DataFilter#entries()} delivers them one by one.
   *
   * @param path empty for the working folder
   */
  public FtpFuture<List<FtpEntry>> list(String path) {
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

  /**
   * The entries of a folder as a publisher, which lists it for each subscription, after the commands before. Signals are
   * delivered as by {@link #download(String)}. Has no events.
   *
   * @param path empty for the working folder
   */
  public Flow.Publisher<FtpEntry> entries(String path) {
    return FlowSource.entries(loop, path);
  }

  /** The entries of the working folder: see {@link #list(String)}. */
  public FtpFuture<List<FtpEntry>> list() {
    return list("");
  }

  /** The names in a folder as the server gives them (NLST), in memory. Has no events. */
  public FtpFuture<List<String>> names(String path) {
    return silent(ftp -> ftp.names(path));
  }

  // --- data ---

  /** Downloads a file to a local one, which is complete or does not exist: see {@link #get(String, Path, Progress)}. */
  public FtpFuture<TransferResult> get(String path, Path target) {
    return get(path, target, TransferOptions.defaults());
  }

  /**
   * Downloads a file to a local one, as {@link io.loomftp.FtpSession#get(String, Path, Progress)} does.
   *
   * @param progress called on the events thread, with the latest state only where that thread is slow
   */
  public FtpFuture<TransferResult> get(String path, Path target, Progress progress) {
    return get(path, target, TransferOptions.defaults().progress(progress));
  }

  /**
   * Downloads a file to a local one, as {@link io.loomftp.FtpSession#get(String, Path, TransferOptions)} does. It has the
   * events of {@code get}, except {@code get_data}; a skipped file has {@code get_done} alone, and each event is delivered
   * once regardless of retries.
   *
   * @param options its progress is called on the events thread, with the latest state only where that thread is slow
   */
  public FtpFuture<TransferResult> get(String path, Path target, TransferOptions options) {
    Objects.requireNonNull(target);
    return loop.post(
        new FileOperation(
            loop, "get", path, options, (ftp, relayed, users) -> ftp.get(path, target, relayed)));
  }

  /** Downloads a file to a stream: see {@link #get(String, OutputStream, TransferOptions)}. */
  public FtpFuture<TransferResult> get(String path, OutputStream target) {
    return get(path, target, TransferOptions.defaults());
  }

  /** Downloads a file to a stream: see {@link #get(String, OutputStream, TransferOptions)}. */
  public FtpFuture<TransferResult> get(String path, OutputStream target, Progress progress) {
    return get(path, target, TransferOptions.defaults().progress(progress));
  }

  /**
   * Downloads a file to a stream, which is written on the session's thread and not closed: see
   * {@link io.loomftp.FtpSession#get(String, OutputStream, TransferOptions)}. It has the events of {@code get}, except
   * {@code get_data}.
   */
  public FtpFuture<TransferResult> get(String path, OutputStream target, TransferOptions options) {
    Objects.requireNonNull(target);
    return loop.post(
        new FileOperation(
            loop, "get", path, options, (ftp, relayed, users) -> ftp.get(path, users.target(target), relayed)));
  }

  /** The same for the rest of a file (REST, RETR), from an offset in bytes. */
  public FtpFuture<TransferResult> getFrom(String path, long offset, OutputStream target) {
    return loop.post(CopyOperation.download(loop, path, target, ftp -> ftp.getFrom(path, offset)));
  }

  /**
   * A file as a publisher; each subscription downloads it once, after the commands before. Demand is counted in blocks of at
   * most {@link FtpConfig#blockSize()} bytes. Without demand only one block is read ahead, so the server waits, and so do the
   * commands behind. {@code onComplete} means that the server confirmed the end; cancelling aborts the transfer and keeps the
   * session. {@code onNext} is called on the session's thread, so it must not wait for the session; the last signal comes
   * on the thread of the futures. It has the events of {@code get}, except {@code get_data}.
   */
  public Flow.Publisher<ByteBuffer> download(String path) {
    return FlowSource.blocks(loop, "get", path, ftp -> ftp.get(path));
  }

  /** The same for the rest of a file (REST, RETR), from an offset in bytes. */
  public Flow.Publisher<ByteBuffer> download(String path, long offset) {
    return FlowSource.blocks(loop, "get", path, ftp -> ftp.getFrom(path, offset));
  }

  /**
   * The same for the data of any other command, such as {@code MLSD}. Its events are those of {@code ls}.
   *
   * @param argument empty for none
   */
  public Flow.Publisher<ByteBuffer> data(String verb, String argument) {
    return FlowSource.blocks(loop, "ls", argument, ftp -> ftp.data(verb, argument));
  }

  /** Uploads a local file: see {@link #put(Path, String, Progress)}. */
  public FtpFuture<TransferResult> put(Path source, String path) {
    return put(source, path, TransferOptions.defaults());
  }

  /**
   * Uploads a local file, as {@link io.loomftp.FtpSession#put(Path, String, Progress)} does.
   *
   * @param progress called on the events thread, with the latest state only where that thread is slow
   */
  public FtpFuture<TransferResult> put(Path source, String path, Progress progress) {
    return put(source, path, TransferOptions.defaults().progress(progress));
  }

  /**
   * Uploads a local file, as {@link io.loomftp.FtpSession#put(Path, String, TransferOptions)} does. It has the events of
   * {@code put}, except {@code put_flushed}; a skipped file has {@code put_closed} alone, and each event is delivered once
   * regardless of retries.
   *
   * @param options its progress is called on the events thread, with the latest state only where that thread is slow
   */
  public FtpFuture<TransferResult> put(Path source, String path, TransferOptions options) {
    Objects.requireNonNull(source);
    return loop.post(
        new FileOperation(
            loop, "put", path, options, (ftp, relayed, users) -> ftp.put(source, path, relayed)));
  }

  /** Uploads a stream: see {@link #put(InputStream, String, TransferOptions)}. */
  public FtpFuture<TransferResult> put(InputStream source, String path) {
    return put(source, path, TransferOptions.defaults());
  }

  /** Uploads a stream: see {@link #put(InputStream, String, TransferOptions)}. */
  public FtpFuture<TransferResult> put(InputStream source, String path, Progress progress) {
    return put(source, path, TransferOptions.defaults().progress(progress));
  }

  /**
   * Uploads the contents of a stream, which is read on the session's thread and not closed: see
   * {@link io.loomftp.FtpSession#put(InputStream, String, TransferOptions)}. When reading fails, the upload is aborted and the
   * incomplete file deleted. It has the events of {@code put}, except {@code put_flushed}.
   */
  public FtpFuture<TransferResult> put(InputStream source, String path, TransferOptions options) {
    Objects.requireNonNull(source);
    return loop.post(
        new FileOperation(
            loop, "put", path, options, (ftp, relayed, users) -> ftp.put(users.source(source), path, relayed)));
  }

  /** Appends the contents of a stream to a file (APPE). */
  public FtpFuture<TransferResult> append(InputStream source, String path) {
    return loop.post(CopyOperation.upload(loop, path, source, ftp -> ftp.append(path)));
  }

  /** Uploads the rest of a file (REST, STOR), of which the server keeps the first bytes. */
  public FtpFuture<TransferResult> putFrom(InputStream source, String path, long offset) {
    return loop.post(CopyOperation.upload(loop, path, source, ftp -> ftp.putFrom(path, offset)));
  }

  /** Uploads a local file under a name that the server chooses (STOU), and returns that name where the server gives it. */
  public FtpFuture<Optional<String>> putUnique(Path source) {
    return silent(ftp -> ftp.putUnique(source));
  }

  /**
   * Uploads the buffers of a publisher. It is subscribed to, on the session's thread, when the data connection is established,
   * and one buffer at a time is requested while less than {@link FtpConfig#sendWindow()} bytes are held. A buffer belongs to
   * the session from {@code onNext} on. When the publisher fails, the upload is aborted and the incomplete file deleted; so it
   * is when no buffer comes for {@code Timeouts.dataWrite()}.
   */
  public FtpFuture<TransferResult> upload(String path, Flow.Publisher<? extends ByteBuffer> source) {
    return loop.post(new FlowUpload(loop, path, source, ftp -> ftp.put(path)));
  }

  /**
   * Begins an upload whose data is posted: {@code put}. Post the data from the listener of {@code put_connected}. An upload for
   * which no data is posted for {@code Timeouts.dataWrite()} is aborted.
   *
   * @return the result, after {@link #putClose()}
   */
  public FtpFuture<TransferResult> put(String path) {
    return posted(path, ftp -> ftp.put(path));
  }

  /** Begins an upload of the rest of a file, whose data is posted as for {@link #put(String)} (REST, STOR). */
  public FtpFuture<TransferResult> putFrom(String path, long offset) {
    return posted(path, ftp -> ftp.putFrom(path, offset));
  }

  /** Begins to append to a file what is posted as for {@link #put(String)} (APPE). Its events are those of {@code put}. */
  public FtpFuture<TransferResult> append(String path) {
    return posted(path, ftp -> ftp.append(path));
  }

  private FtpFuture<TransferResult> posted(String path, StreamUpload.Opener opener) {
    EventUpload upload = new EventUpload(loop, uploads, path, opener);
    uploads.posted(upload);
    return loop.post(upload);
  }

  /**
   * Posts data of the first upload that is not closed yet: {@code put_data}. While more than {@link FtpConfig#sendWindow()}
   * bytes are held, this waits for the server to take them. When the waiting thread is interrupted, it returns with the
   * interrupt pending.
   *
   * @param bytes copied, unless there are more than the send window, when this returns after they were written
   * @return done when the bytes were handed to the network; fails with an {@link IllegalStateException} when no upload is open
   */
  public CompletableFuture<Void> putData(byte[] bytes) {
    return uploads.data(Objects.requireNonNull(bytes));
  }

  /** Posts an item of the {@linkplain #putFilter filter} in place as data: see {@link #putData(byte[])}. */
  CompletableFuture<Void> putItem(Object item) {
    return uploads.data(Objects.requireNonNull(uploadFilter.bytes(item, loop.config()), "a put filter returned null"));
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
  public FtpFuture<Reply> setModified(String path, Instant time) {
    return silent(ftp -> ftp.setModified(path, time));
  }

  /** Sets permissions (SITE CHMOD). Has no events. */
  public FtpFuture<Reply> chmod(String path, int mode) {
    return silent(ftp -> ftp.chmod(path, mode));
  }

  /** Sends a command specific to the server (SITE). */
  public FtpFuture<Reply> site(String command) {
    return verb("site", command, ftp -> ftp.site(command));
  }

  /** The server's status of the session (STAT). */
  public FtpFuture<Reply> stat() {
    return verb("stat", "", ftp -> ftp.stat());
  }

  /** A listing over the control connection (STAT with a path). */
  public FtpFuture<Reply> stat(String path) {
    return verb("stat", path, ftp -> ftp.stat(path));
  }

  /** The operating system that the server claims to run on (SYST). */
  public FtpFuture<Reply> syst() {
    return verb("syst", "", ftp -> ftp.syst());
  }

  /** The help text of the server (HELP). Has no events. */
  public FtpFuture<Reply> help() {
    return silent(ftp -> ftp.help());
  }

  /** Asks the server for a reply and nothing else (NOOP). */
  public FtpFuture<Reply> noop() {
    return verb("noop", "", ftp -> ftp.noop());
  }

  /** Sets the representation type at once (TYPE); later transfers use it until the next type or {@code trans_mode}. */
  public FtpFuture<Reply> type(TransferType type) {
    Objects.requireNonNull(type);
    return verb(
        "type", type == TransferType.ASCII ? "A" : "I",
        ftp -> {
          Reply reply = ftp.type(type);
          loop.adjust(set -> set.transferType(type));
          return reply;
        });
  }

  /**
   * Sends any command that needs no data connection. An error reply is a {@code quot_error} event, but the future has the
   * reply in any case, as in {@link io.loomftp.FtpSession#quote}.
   */
  public FtpFuture<Reply> quote(String verb, String... arguments) {
    String rest = String.join(" ", arguments);
    return quot(rest.isEmpty() ? verb : verb + " " + rest);
  }

  /** Sends a whole command line. */
  FtpFuture<Reply> quot(String command) {
    int blank = command.indexOf(' ');
    return verb(
        "quot",
        command,
        ftp -> blank < 0 ? ftp.quote(command) : ftp.quote(command.substring(0, blank), command.substring(blank + 1)));
  }

  /** The extensions that the server listed after login (FEAT). */
  public FtpFuture<Features> features() {
    return silent(ftp -> ftp.features());
  }

  /** The last lines of the control conversation; secrets masked. */
  public FtpFuture<List<String>> transcript() {
    return silent(ftp -> ftp.transcript());
  }

  /**
   * Sends QUIT and ends the session: commands posted later fail, and {@code quit} is the last event.
   */
  public FtpFuture<Reply> quit() {
    return verb("quit", "", ftp -> ftp.quit());
  }

  /** Completes when the session has ended and its last event was delivered. Completing it has no effect on the session. */
  public CompletableFuture<Void> ended() {
    return loop.end();
  }

  /** Runs this when the last event was delivered, before {@link #ended()} completes. */
  void beforeEnd(Runnable action) {
    loop.beforeEnd(action);
  }

  /** Whether the present thread runs a listener of this session. */
  boolean isDelivering() {
    return loop.events().isDelivering();
  }

  /** Ends the session after the commands before; a session that never began ends at once. */
  void leave() {
    if (loop.hasBegun()) {
      loop.enqueue(new SimpleOperation<>(loop, "quit", "", ftp -> ftp.quit()));
    } else {
      close();
    }
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
