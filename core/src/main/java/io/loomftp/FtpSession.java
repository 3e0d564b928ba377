package io.loomftp;

import static io.loomftp.ReplyCode.COMMAND_OKAY;
import static io.loomftp.ReplyCode.FILE_ACTION_OKAY;
import static io.loomftp.ReplyCode.REQUESTED_FILE_PENDING;
import static io.loomftp.ReplyCode.SYSTEM_STATUS;
import static io.loomftp.ReplyCode.SYSTEM_TYPE;

import io.loomftp.internal.file.Download;
import io.loomftp.internal.file.RemoteDigest;
import io.loomftp.internal.file.Upload;
import io.loomftp.internal.file.UploadSource;
import io.loomftp.internal.session.FileQueries;
import io.loomftp.internal.session.FolderCommands;
import io.loomftp.internal.session.SessionCore;
import io.loomftp.internal.session.SessionSnapshot;
import io.loomftp.internal.wire.Command;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A session with one server: one method for each thing that FTP can do.
 *
 * {@snippet :
 * try (FtpSession ftp = Ftp.open(config)) {
 *   ftp.cd("/reports");
 *   ftp.get("today.csv", Path.of("today.csv"));
 *   ftp.put(Path.of("summary.csv"), "summary.csv");
 * }
 * }
 *
 * <p>The rules that all verbs share, about threads, failure, time and names, are in the {@linkplain io.loomftp package
 * comment}. All throw {@link FtpReplyException} when the server refuses, {@link FtpTimeoutException}, {@link FtpClosedException}
 * and {@link FtpProtocolException} when the connection fails, and {@link IllegalStateException} while a stream or a listing of
 * this session is open or another thread runs a verb.
 */
public final class FtpSession implements AutoCloseable {
  private final SessionCore session;
  private final FileQueries queries;
  private final SessionSnapshot snapshot;
  private final FolderCommands folders;
  private final Listings listings;
  private final Streams streams;

  FtpSession(SessionCore session) {
    this.session = session;
    this.queries = new FileQueries(session);
    this.folders = new FolderCommands(session);
    this.listings = new Listings(session, queries);
    this.streams = new Streams(session, queries);
    this.snapshot = new SessionSnapshot(session);
  }

  /**
   * Logs in on a session of {@link Ftp#connect} (USER, PASS, ACCT; RFC 959 section 5.4), then sends FEAT and the commands of
   * {@link FtpConfig#afterLogin()}. May be called again after a refusal, while the server keeps the connection.
   *
   * @throws FtpLoginException when the user, the password or the account is refused
   */
  public void login(Credentials credentials) throws FtpException {
    session.login(credentials);
  }

  /** Changes the working folder (CWD, RFC 959 section 4.1.1). */
  public Reply cd(String path) throws FtpException {
    return folders.enter(path);
  }

  /** Changes to the parent folder (CDUP, RFC 959 section 4.1.1). */
  public Reply cdup() throws FtpException {
    return folders.enterParent();
  }

  /** The working folder (PWD, RFC 959 section 4.1.3); the reply's text where it has no path in it. */
  public String pwd() throws FtpException {
    return session.runVerb(control -> session.workingDirectory());
  }

  /**
   * Makes a folder (MKD, RFC 959 section 4.1.3).
   *
   * @return its path as the server gives it, which may differ from the one asked for; that one where the server gives none
   */
  public String mkdir(String path) throws FtpException {
    return folders.make(path);
  }

  /**
   * Makes a folder and those above it that are missing (MKD). A folder that exists, or that another session makes at the same
   * time, is no error.
   *
   * @return the paths that were made, outermost first; empty when the folder existed
   * @throws FtpReplyException the refusal of MKD, when a folder can neither be made nor entered
   */
  public List<String> mkdirs(String path) throws FtpException {
    return session.runVerbs(() -> folders.makeAll(path));
  }

  /**
   * Deletes a file, a link, or a folder with everything below it (DELE, RMD). Links are deleted and never followed: each
   * folder is offered to DELE first, which deletes a link that the server lists as a folder. Names that begin with a dot are
   * deleted as far as the server lists them. A folder that DELE refuses is entered before anything in it is deleted: where PWD
   * then gives the path of another folder it is a link, and what it leads to is left. A refusal leaves that entry, and the rest
   * is deleted.
   *
   * @param path not the root, the working folder or one above it
   * @return what was deleted, when nothing was refused
   * @throws IllegalArgumentException for {@code ""}, {@code /}, {@code .}, {@code ..} and paths that end in the last two
   * @throws FtpReplyException the first refusal, with the others suppressed in it
   * @throws FtpTransferException of the kind {@link ErrorKind#LIMIT} when the tree is deeper than {@link Limits#depth()} or has
   *     more than {@link Limits#listingEntries()} entries; its files were not deleted
   */
  public TreeDeletion deleteTree(String path) throws FtpException {
    return session.runVerbs(() -> new TreeDeleter(session, folders, listings, false).delete(path));
  }

  /**
   * What {@link #deleteTree} would delete; deletes nothing. A link that the server lists as a folder appears with what is in that
   * folder.
   *
   * @throws FtpReplyException when there is nothing of that name, or a folder below it cannot be listed
   */
  public TreeDeletion previewDeleteTree(String path) throws FtpException {
    return session.runVerbs(() -> new TreeDeleter(session, folders, listings, true).delete(path));
  }

  /** Removes an empty folder (RMD, RFC 959 section 4.1.3). */
  public Reply rmdir(String path) throws FtpException {
    return session.runVerb(control -> control.askEither("RMD", "XRMD", path).expect(FILE_ACTION_OKAY), path);
  }

  /** Deletes a file (DELE, RFC 959 section 4.1.3). */
  public Reply delete(String path) throws FtpException {
    return session.runVerb(control -> control.ask("DELE", path).expect(FILE_ACTION_OKAY), path);
  }

  /** Renames or moves a file or folder (RNFR and RNTO, RFC 959 section 4.1.3). */
  public Reply rename(String from, String to) throws FtpException {
    return session.runVerb(
        control -> {
          control.ask("RNFR", from).expect(REQUESTED_FILE_PENDING);
          return control.ask("RNTO", to).expect(FILE_ACTION_OKAY);
        },
        from,
        to);
  }

  /**
   * The size of a file in bytes, as a download in the configured type would have (SIZE, RFC 3659 section 4).
   *
   * @throws FtpReplyException also for files that the server can send but does not measure, and, with
   *     {@link ErrorKind#PROTOCOL}, when there is no size in the reply
   */
  public long size(String path) throws FtpException {
    return session.runVerb(
        control -> {
          session.setType(session.config().transferType());
          return queries.size(path);
        },
        path);
  }

  /**
   * The time of the last modification of a file, to the second or finer (MDTM, RFC 3659 section 3).
   *
   * @throws FtpReplyException also, with {@link ErrorKind#PROTOCOL}, when there is no time in the reply
   */
  public Instant mdtm(String path) throws FtpException {
    return session.runVerb(control -> queries.modified(path), path);
  }

  /**
   * The digest of a file as the server computes it, by the strongest command it offers: HASH, XSHA512, XSHA256, XSHA1, XMD5,
   * MD5 or XCRC (no RFC has them). Large files may take the server longer than {@link Timeouts#reply()}.
   *
   * @throws FtpTransferException of the kind {@link ErrorKind#UNSUPPORTED} when it offers none
   */
  public Digest hash(String path) throws FtpException {
    session.check(path);
    return RemoteDigest.of(session, path);
  }

  /** The facts of one file or folder (MLST, RFC 3659 section 7). The name in it may be a whole path. */
  public FtpEntry mlst(String path) throws FtpException {
    return session.runVerb(control -> queries.facts(path), path);
  }

  /**
   * Whether a file or folder of that name exists. MLST, SIZE and CWD (followed by CWD back) are asked in turn, and at last the
   * folder above is listed; one yes is enough, and {@code false} is returned only when it is proven.
   *
   * @throws FtpReplyException when the server does not let this user find out
   */
  public boolean exists(String path) throws FtpException {
    return session.runVerbs(() -> new Existence(session, queries, listings).of(path));
  }

  /** The entries of the working folder: see {@link #list(String)}. */
  public Listing list() throws FtpException {
    return list("");
  }

  /**
   * The entries of a folder, read as they arrive: by MLSD (RFC 3659 section 7) where the server has it, else by LIST in
   * any dialect. Both are tried where one is refused; a listing that is refused in TYPE I is asked for in TYPE A; a folder
   * with a blank in its name is entered to be listed where the listing commands do not accept such a path. What a server needs is
   * remembered for all sessions with it.
   *
   * @param path empty for the working folder
   */
  public Listing list(String path) throws FtpException {
    return listings.list(path);
  }

  /**
   * Everything below a folder, lazily: each folder is listed when the stream reaches it. Other verbs of this session may be
   * used between two entries. Links are delivered and not followed; a folder that was entered already, by its {@code unique}
   * fact, is not entered again.
   *
   * <p>The stream throws failures as an {@link UncheckedIOException} around an {@link FtpException}: of the kind
   * {@link ErrorKind#TRUNCATED} when the server lists only some of a folder, {@link ErrorKind#DENIED} when it cannot read one,
   * {@link ErrorKind#LIMIT} when the tree is deeper than {@link Limits#depth()} or has more than
   * {@link Limits#listingEntries()} entries.
   *
   * @param path the start, empty for the working folder
   * @param depth how many levels, 1 for the folder alone; {@link Integer#MAX_VALUE} for all
   * @param rules which entries are delivered and which folders entered
   */
  public Stream<WalkEntry> walk(String path, int depth, EntryFilter rules) {
    if (depth < 1) {
      throw new IllegalArgumentException("not a depth: " + depth);
    }
    return StreamSupport.stream(new Walk(listings, path, depth, rules), false);
  }

  /**
   * The entries of one folder whose names match a pattern, matched by the client: servers need not support patterns (RFC 3659
   * section 2.2.2).
   *
   * @param pattern a name with {@code *} and {@code ?}, perhaps behind a folder and a slash; the folder is taken as it is
   */
  public List<WalkEntry> glob(String pattern) throws FtpException {
    return session.runVerbs(() -> Walk.glob(listings, pattern));
  }

  /**
   * The names in a folder as the server gives them, some with the folder before them (NLST, RFC 959 section 4.1.3); in memory,
   * so no more than {@link Limits#listingEntries()}.
   *
   * @throws FtpTransferException also when the server says that it lists only some of them ({@link ErrorKind#TRUNCATED})
   * @param path empty for the working folder
   */
  public List<String> names(String path) throws FtpException {
    return listings.names(path);
  }

  /**
   * The raw bytes that any other command sends over a data connection, such as {@code LIST} with options.
   *
   * @param verb the command, such as {@code LIST}, {@code NLST} or {@code MLSD}
   * @param argument behind the command, empty for none
   * @throws IllegalArgumentException for commands that receive data, and those that {@link #quote} refuses
   */
  public FtpInputStream data(String verb, String argument) throws FtpException {
    RawCommands.checkSendsData(verb);
    snapshot.sent(verb, argument);
    return streams.data(verb, argument);
  }

  /** Downloads a file (RETR, RFC 959 section 4.1.3); read the stream to its end or close it before the next verb. */
  public FtpInputStream get(String path) throws FtpException {
    return getFrom(path, 0);
  }

  /**
   * Downloads the rest of a file (REST, RETR; RFC 3659 section 5).
   *
   * @param offset bytes to leave out at the start
   */
  public FtpInputStream getFrom(String path, long offset) throws FtpException {
    return streams.download(path, offset);
  }

  /**
   * Downloads a range of a file (REST, RETR; RFC 3659 section 5): the stream delivers just these bytes and then ends, and the
   * rest of the transfer is aborted. A file that ends before the range does is an {@link FtpTransferException} of the kind
   * {@link ErrorKind#TRUNCATED} at that point of the stream.
   *
   * @param from the first byte, counted from 0
   * @param to the byte behind the last one; greater than {@code from}
   * @throws FtpReplyException also when the server refuses to start in the middle
   */
  public FtpInputStream getRange(String path, long from, long to) throws FtpException {
    return streams.range(path, from, to);
  }

  /** Downloads a file to a local one: see {@link #get(String, Path, TransferOptions)}. */
  public TransferResult get(String path, Path target) throws FtpException {
    return get(path, target, TransferOptions.defaults());
  }

  /** Downloads a file to a local one: see {@link #get(String, Path, TransferOptions)}. */
  public TransferResult get(String path, Path target, Progress progress) throws FtpException {
    return get(path, target, TransferOptions.defaults().progress(progress));
  }

  /**
   * Downloads a file to a local one. The data goes to {@code name.part} beside it and is renamed only when it is
   * complete: the server confirmed it, and size and digest agree as far as the options demand.
   *
   * <p>When all data is there but the server's final reply was lost, the session connects anew and compares the sizes: the
   * result says {@link TransferResult.Outcome#SETTLED} then, and the session is usable.
   *
   * @throws FtpLocalException when the local file cannot be written, or exists and must not be replaced; the session is
   *     usable
   * @throws FtpTransferException when the transfer failed, or the data differs from what the server has; the session is usable
   * @throws FtpInDoubtException when the server's final reply was lost, and comparing was not possible
   */
  public TransferResult get(String path, Path target, TransferOptions options) throws FtpException {
    return Download.toFile(session, queries, options, path, target);
  }

  /**
   * Downloads a file to a stream, which is not closed. What was written to it before a failure stays, so the transfer is retried
   * only if nothing was written; {@link TransferOptions#overwrite(Overwrite)}, {@link TransferOptions#resume()} and
   * {@link TransferOptions#keepModified()} have no effect.
   *
   * @throws FtpLocalException when the stream threw; the session is usable
   * @throws FtpTransferException as {@link #get(String, Path, TransferOptions)} does
   */
  public TransferResult get(String path, OutputStream sink, TransferOptions options) throws FtpException {
    return Download.toStream(session, queries, options, path, sink);
  }

  /** Downloads a file to a channel, which is not closed: see {@link #get(String, OutputStream, TransferOptions)}. */
  public TransferResult get(String path, WritableByteChannel sink, TransferOptions options) throws FtpException {
    return get(path, Channels.newOutputStream(sink), options);
  }

  /** Uploads a file (STOR); see {@link FtpOutputStream} for how to end it. */
  public FtpOutputStream put(String path) throws FtpException {
    return streams.upload("STOR", path, 0);
  }

  /**
   * Uploads what a body writes. When the body returns, the upload is completed; when it throws, the upload is aborted and the
   * incomplete file deleted.
   *
   * @throws FtpLocalException around an {@code IOException} that the body threw
   */
  public TransferResult put(String path, UploadBody body) throws FtpException {
    return new BodyUpload(session, path).write(put(path), body);
  }

  /** Uploads a local file: see {@link #put(Path, String, TransferOptions)}. */
  public TransferResult put(Path source, String path) throws FtpException {
    return put(source, path, TransferOptions.defaults());
  }

  /** Uploads a local file: see {@link #put(Path, String, TransferOptions)}. */
  public TransferResult put(Path source, String path, Progress progress) throws FtpException {
    return put(source, path, TransferOptions.defaults().progress(progress));
  }

  /**
   * Uploads a local file, and compares size and digest afterwards as far as the options want it and the server tells them.
   * After a local failure the incomplete remote file is deleted.
   *
   * <p>When all data was sent but the server's final reply was lost, the session connects anew and asks for the size: the
   * result says {@link TransferResult.Outcome#SETTLED} where that shows the file is whole, and the session is usable. With
   * {@link TransferOptions#atomic()} an older file of the same size cannot be mistaken for it.
   *
   * @throws FtpLocalException when the local file cannot be read; the session is usable
   * @throws FtpTransferException when the transfer failed, the remote file differs, or a file of that name exists and
   *     must not be replaced ({@link ErrorKind#EXISTS}); the session is usable
   * @throws FtpInDoubtException when the server's final reply was lost, and comparing was not possible
   */
  public TransferResult put(Path source, String path, TransferOptions options) throws FtpException {
    return Upload.from(UploadSource.of(source), session, queries, options, path, this::exists);
  }

  /**
   * Uploads the contents of a stream, which is not closed. It can be read only once, so an upload that has begun is not
   * retried; {@link TransferOptions#resume()} and {@link TransferOptions#keepModified()} have no effect, and a file on the
   * server is replaced unless {@link Overwrite#FAIL} or {@link Overwrite#SKIP} say otherwise.
   *
   * @throws FtpLocalException when the stream threw; the incomplete file is deleted and the session usable
   * @throws FtpTransferException as {@link #put(Path, String, TransferOptions)} does
   */
  public TransferResult put(InputStream source, String path, TransferOptions options) throws FtpException {
    return Upload.from(UploadSource.of(source), session, queries, options, path, this::exists);
  }

  /** Uploads the contents of a channel, which is not closed: see {@link #put(InputStream, String, TransferOptions)}. */
  public TransferResult put(ReadableByteChannel source, String path, TransferOptions options) throws FtpException {
    return put(Channels.newInputStream(source), path, options);
  }

  /**
   * Uploads the rest of a file (REST, STOR; RFC 3659 section 5).
   *
   * @param offset bytes that the server keeps
   */
  public FtpOutputStream putFrom(String path, long offset) throws FtpException {
    return streams.upload("STOR", path, offset);
  }

  /** Appends to a file, which is created if it does not exist (APPE, RFC 959 section 4.1.3). */
  public FtpOutputStream append(String path) throws FtpException {
    return streams.upload("APPE", path, 0);
  }

  /**
   * Uploads a local file under a name that the server chooses (STOU, RFC 1123 section 4.1.2.9).
   *
   * @return the name, where the server gives it
   */
  public Optional<String> putUnique(Path source) throws FtpException {
    return streams.uploadUnique(source);
  }

  /**
   * Sets the time a file was last modified, to the second (MFMT, or MDTM with a time for servers that know only that).
   *
   * @throws FtpReplyException when the server can do neither
   */
  public Reply setModified(String path, Instant time) throws FtpException {
    return session.runVerb(control -> queries.setModified(path, time), path);
  }

  /**
   * Sets permissions (SITE CHMOD, understood by servers on Unix).
   *
   * @param mode as in {@code 0644}, at most {@code 07777}
   */
  public Reply chmod(String path, int mode) throws FtpException {
    if (mode < 0 || mode > 07777) {
      throw new IllegalArgumentException("not a mode: " + Integer.toOctalString(mode));
    }
    return site(String.format(Locale.ROOT, "CHMOD %03o %s", mode, path));
  }

  /** Sends a command specific to the server (SITE, RFC 959 section 4.1.3). */
  public Reply site(String command) throws FtpException {
    snapshot.sent("SITE", command);
    return session.runVerb(control -> control.ask("SITE", command).expect(COMMAND_OKAY), command);
  }

  /** The server's status of the session (STAT, RFC 959 section 4.1.3). */
  public Reply stat() throws FtpException {
    return session.runVerb(control -> control.ask("STAT").expect(SYSTEM_STATUS));
  }

  /** A listing over the control connection (STAT with a path). */
  public Reply stat(String path) throws FtpException {
    return session.runVerb(control -> control.ask("STAT", path).expect(SYSTEM_STATUS), path);
  }

  /** The operating system that the server claims to run on (SYST, RFC 959 section 4.1.3). */
  public Reply syst() throws FtpException {
    return session.runVerb(control -> control.ask("SYST").expect(SYSTEM_TYPE));
  }

  /** The text of {@link #syst()}, such as {@code UNIX Type: L8}. */
  public String systemType() throws FtpException {
    return syst().text();
  }

  /** The server's help text, often a list of its commands (HELP, RFC 959 section 4.1.3). */
  public Reply help() throws FtpException {
    return session.runVerb(control -> control.ask("HELP").expect(SYSTEM_STATUS));
  }

  /** Asks the server for a reply and nothing else, which keeps the session from being idle (NOOP, RFC 959 section 4.1.3). */
  public Reply noop() throws FtpException {
    return session.runVerb(control -> control.ask("NOOP").expect(COMMAND_OKAY));
  }

  /**
   * Sets the representation type at once (TYPE, RFC 959 section 4.1.2). Transfers set the {@linkplain
   * FtpConfig#transferType() configured} one anyway; only with {@link TransferType#MANUAL} this is what they use.
   */
  public Reply type(TransferType type) throws FtpException {
    if (type == TransferType.MANUAL) {
      throw new IllegalArgumentException("MANUAL is not a type that a server knows");
    }
    snapshot.sent("TYPE", "");
    return session.runVerb(control -> session.sendType(type));
  }

  /**
   * Sends any command that needs no data connection, and returns the reply whatever it is.
   *
   * @param verb the command: a letter, then letters and digits
   * @param arguments put behind it with one blank before each
   * @throws IllegalArgumentException for commands that have verbs of their own here, and those that would change the
   *     connection without the session's knowledge, such as MODE and STRU
   */
  public Reply quote(String verb, String... arguments) throws FtpException {
    String upper = verb.toUpperCase(Locale.ROOT);
    RawCommands.checkQuotable(upper);
    Command command = arguments.length == 0 ? Command.of(verb) : Command.of(verb, String.join(" ", arguments));
    snapshot.sent(upper, String.join(" ", arguments));
    return session.runVerb(control -> queries.quote(command), arguments);
  }

  /**
   * Aborts the operation that is running, or whose stream or listing is open, if there is one; may be called by any thread.
   * The thread that runs it gets an {@link FtpException} of the kind {@link ErrorKind#ABORTED}, at whatever step it is: a
   * transfer is ended by ABOR and all pending replies are read, a pause ends, and no further command of the operation is
   * sent. A pending reply is awaited for {@link Timeouts#close()} at most; without it the session is lost.
   *
   * <p>Otherwise the session goes on, over a new connection where the server sent fewer or more replies than expected. The
   * next operation is never aborted.
   */
  public void abort() {
    session.abort();
  }

  /** The extensions that the server listed after login (FEAT, RFC 2389). */
  public Features features() {
    return session.features();
  }

  /** The greeting of the server (RFC 959 section 5.4). */
  public Reply greeting() {
    return session.greeting();
  }

  /** The last lines of the control conversation, oldest first, each with the seconds since it began; secrets masked. */
  public List<String> transcript() {
    return session.transcript().lines();
  }

  /** Whether the session can take a command, as far as is known: the server may have closed the connection unnoticed. */
  public boolean isOpen() {
    return session.isOpen();
  }

  /**
   * Whether the connection is up and the server has sent nothing since the last reply: checks for the end of the connection, a
   * 421 or any other unsolicited reply, sends nothing, and waits a millisecond at most. What it finds is left to the next verb.
   * Does not check while a stream is open.
   */
  public boolean isAlive() {
    return snapshot.isQuiet();
  }

  /**
   * Saves the settings of the session, and its folder as PWD gives it, for {@link #reset()}.
   */
  public void mark() throws FtpException {
    snapshot.set();
  }

  /**
   * Restores what {@link #mark()} saved: settings that were {@linkplain #adopt adopted} since are undone, and the folder is
   * entered again if it was left. Sends nothing if nothing has changed.
   *
   * @return false when that is not certain to work, and the session is better closed: without a mark, while a stream is
   *     open or another thread runs a verb, after a second login, after a {@code quote} or {@code site} with lasting effects
   *     (RNFR, OPTS, UMASK...), after a refused transfer with an offset, whose REST may still hold, or when the server does not
   *     give or accept the folder
   */
  public boolean reset() throws FtpException {
    return snapshot.restore();
  }

  /**
   * Replaces settings from the next verb on: data mode, transfer type, block size, send window, {@code listHidden} and
   * timeouts are those of the configuration given. The rest of it is ignored, since it applies when a session is opened.
   */
  public void adopt(FtpConfig settings) {
    session.adopt(settings);
  }

  /** The configuration in force. */
  public FtpConfig config() {
    return session.config();
  }

  /** Ends the session and returns the server's answer (QUIT, RFC 959 section 4.1.1). */
  public Reply quit() throws FtpException {
    return session.leave();
  }

  /**
   * Ends the session: with QUIT when it is idle, at once when a verb is running or a stream is open, whose thread then gets
   * an {@link FtpClosedException}. May be called by any thread; throws nothing; a second call does nothing.
   */
  @Override
  public void close() {
    session.close();
  }

  /** User, host and port, and whether the session is closed; never a secret. */
  @Override
  public String toString() {
    return "FtpSession[" + session.config() + (isOpen() ? "]" : ", closed]");
  }
}
