package io.loomftp.internal.file;

import io.loomftp.ErrorKind;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpException;
import io.loomftp.FtpInDoubtException;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpTransferException;
import io.loomftp.ProgressReporter;
import io.loomftp.TransferOptions;
import io.loomftp.TransferResult.Verified;
import io.loomftp.TransferResult;
import io.loomftp.Verify;
import io.loomftp.internal.session.FileQueries;
import io.loomftp.internal.session.SessionCore;
import io.loomftp.internal.transfer.Transfer;
import io.loomftp.internal.wire.Command;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Downloads one file to a local file, which is complete or does not exist, or to a stream of the caller.
 *
 * <ol>
 *   <li>the known state of both sides decides whether to download, and where to continue
 *   <li>the data goes to a {@link PartialFile}
 *   <li>size and digest are compared with the server's
 *   <li>the partial file is renamed to the target
 * </ol>
 */
public final class Download {
  /** The codes with which servers refuse RETR because of the REST before it. */
  private static final Set<Integer> BAD_OFFSET = Set.of(501, 504, 551, 554, 555);

  /** Sent by ProFTPD when restarting is disabled (AllowRetrieveRestart), but also when reading fails. */
  private static final int LOCAL_ERROR = 451;

  private static final int UNIFORM = 4 << 10;

  private final FileTransfer operation;
  private final String path;
  private final TransferOptions options;

  /** Bytes of the file that were present before this attempt. */
  private long from;

  /** Bytes that this attempt moved. */
  private long fetched;

  /** The size in the reply to RETR. */
  private OptionalLong announced = OptionalLong.empty();

  /** The number of 451 replies to RETR behind REST. */
  private int restartErrors;

  private Download(SessionCore session, FileQueries queries, TransferOptions options, String path, String what) {
    this.operation = new FileTransfer(session, queries, options, path, what);
    this.path = path;
    this.options = options;
  }

  /** A download to a local file. */
  public static TransferResult toFile(
      SessionCore session, FileQueries queries, TransferOptions options, String path, Path target) throws FtpException {
    Download download = new Download(session, queries, options, path, "RETR " + path + " to " + target);
    return download.operation.run(() -> download.file(target));
  }

  /** A download to a stream, which is not closed; what was written to it cannot be undone. */
  public static TransferResult toStream(
      SessionCore session, FileQueries queries, TransferOptions options, String path, OutputStream sink) throws FtpException {
    Download download = new Download(session, queries, options, path, "RETR " + path);
    return download.operation.run(() -> download.stream(sink));
  }

  private TransferResult file(Path target) throws FtpException, IOException {
    if (isToBeKept(target)) {
      return operation.skipped();
    }
    Optional<ServerHash> hash = operation.hash();
    RemoteFile remote = RemoteFile.source(operation);
    if (isUpToDate(target, remote)) {
      PartialFile.clearAfter(target);
      return operation.skipped();
    }
    remote.checkSize(operation);
    try (PartialFile part = PartialFile.open(target, version(remote), 1, options, operation::pause)) {
      if (part.waited() && (isToBeKept(target) || isUpToDate(target, remote))) {
        return operation.skipped();
      }
      return complete(part, remote, hash);
    }
  }

  private boolean isToBeKept(Path target) throws FileAlreadyExistsException {
    return ExistingTarget.isKept(target, options);
  }

  private boolean isUpToDate(Path target, RemoteFile remote) throws IOException {
    return ExistingTarget.isUpToDate(target, options, remote.size, remote.modified);
  }

  private RemoteVersion version(RemoteFile remote) throws FtpException {
    String name = operation.resumes() && !path.startsWith("/") ? folder() + path : path;
    return new RemoteVersion(operation.session.config() + " " + name, remote.size, remote.exactModified());
  }

  /**
   * The working folder with a trailing slash; empty where the server does not give it, so that paths are compared as they
   * are.
   */
  private String folder() throws FtpException {
    try {
      return operation.session.runVerb(control -> operation.session.workingDirectory()).replaceAll("/*$", "/");
    } catch (FtpReplyException e) {
      return "";
    }
  }

  private TransferResult complete(PartialFile part, RemoteFile remote, Optional<ServerHash> hash)
      throws FtpException, IOException {
    DigestSet digests = operation.digests(hash);
    ByteRange range = part.ranges().getFirst();
    boolean settled = false;
    try (OutputStream out = part.output(range)) {
      fetch(part, range, out, remote, digests);
    } catch (FtpInDoubtException e) {
      settle(e, remote, range.at());
      settled = true;
    } catch (FtpTransferException e) {
      if (e.kind() == ErrorKind.LIMIT) {
        part.discard();
      }
      throw e;
    }
    Verified verified;
    try {
      verified = verify(remote, range.at(), hash, digests);
    } catch (FtpTransferException e) {
      if (e.kind() == ErrorKind.CORRUPT || e.kind() == ErrorKind.CHANGED) {
        part.discard();
      }
      throw e;
    }
    part.commit(options.keepsModified() ? remote.modified : Optional.empty(), options.overwrite());
    if (settled) {
      operation.settled();
    }
    return operation.result(from, operation.digest(digests, hash), verified);
  }

  /** Downloads what is missing, from the beginning where the server cannot continue. */
  private void fetch(PartialFile part, ByteRange range, OutputStream out, RemoteFile remote, DigestSet digests)
      throws FtpException, IOException {
    from = range.at();
    fetched = 0;
    if (from > 0) {
      if (digests.isNeeded()) {
        try (InputStream before = part.content()) {
          digests.add(before, from);
        }
      }
      if (from == remote.size.orElse(-1) || fetchRest(part, out, remote, digests)) {
        return;
      }
      operation.session.transcript().add("* cannot continue at " + from + ": from the beginning");
      digests.restart();
      part.restart();
      from = 0;
    }
    receive(begin(remote), out, sizeOf(remote), digests, n -> true);
  }

  /** Sends RETR. */
  private Transfer begin(RemoteFile remote) throws FtpException {
    Transfer transfer = open(0);
    announced = AnnouncedSize.of(transfer);
    if (remote.sizeFrom == RemoteFile.SizeFrom.SIZE && remote.size.isPresent()) {
      AnnouncedSize.learn(operation.session.profile(), announced, remote.size.getAsLong());
    }
    return transfer;
  }

  private OptionalLong sizeOf(RemoteFile remote) {
    return remote.sizeFrom == RemoteFile.SizeFrom.RETR ? announced : remote.size;
  }

  /** Continues at the offset; false when the server cannot start in the middle, or does not. */
  private boolean fetchRest(PartialFile part, OutputStream out, RemoteFile remote, DigestSet digests)
      throws FtpException, IOException {
    long size = remote.size.orElseThrow();
    boolean proven = isUniform(part);
    if (proven && !isRestarting(size)) {
      return false;
    }
    Optional<Transfer> possible = openAt(from);
    if (possible.isEmpty()) {
      return false;
    }
    long[] seen = new long[1];
    try (RestartGuard guard = new RestartGuard(part, from, out)) {
      if (proven) {
        guard.accept();
      }
      boolean ended;
      try {
        ended =
            receive(
                possible.get(), guard, remote.size, digests,
                n -> {
                  seen[0] += n;
                  return seen[0] <= size - from && !guard.isWholeRepeated();
                });
      } catch (FtpInDoubtException e) {
        if (guard.isRepeated()) {
          throw new FtpClosedException(
              String.valueOf(e.getMessage()), ErrorKind.CLOSED, operation.session.transcript().lines(), e);
        }
        throw e;
      }
      if (guard.isWholeRepeated() || (guard.isRepeated() && !ended)) {
        return false;
      }
      if (!ended) {
        part.discard();
        throw operation.failure("the server's file has become longer than " + size + " bytes", fetched, ErrorKind.CHANGED);
      }
      if (seen[0] == size - from) {
        guard.accept();
      }
      return true;
    } catch (IOException e) {
      if (possible.get().isOver()) {
        throw e;
      }
      possible.get().abortQuietly();
      throw e;
    }
  }

  /** Sends REST and RETR; empty where the server refuses to start there. */
  private Optional<Transfer> openAt(long offset) throws FtpException {
    try {
      return Optional.of(open(offset));
    } catch (FtpReplyException e) {
      if (e.command().startsWith("REST") || BAD_OFFSET.contains(e.reply().code()) || isRestartError(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Whether the text names REST; without that, two refusals in a row count. */
  private boolean isRestartError(FtpReplyException refusal) {
    if (refusal.reply().code() != LOCAL_ERROR) {
      return false;
    }
    restartErrors++;
    return restartErrors > 1 || refusal.reply().text().toLowerCase(Locale.ROOT).contains("restart");
  }

  /** Whether the file consists of one repeated value, so that its data cannot show where the server started. */
  private static boolean isUniform(PartialFile part) throws IOException {
    try (InputStream in = part.content()) {
      byte[] first = in.readNBytes(UNIFORM);
      for (byte b : first) {
        if (b != first[0]) {
          return false;
        }
      }
      return true;
    }
  }

  /** Whether the server starts in the middle of this file: asked for the last byte, it sends only that. */
  private boolean isRestarting(long size) throws FtpException {
    Optional<Transfer> possible = openAt(size - 1);
    if (possible.isEmpty()) {
      return false;
    }
    long[] seen = new long[1];
    boolean ended =
        new CopyLoop(operation, possible.get(), new DigestSet(java.util.List.of()), noProgress(), OptionalLong.of(2))
            .receive(
                OutputStream.nullOutputStream(),
                n -> {
                  seen[0] += n;
                  return seen[0] <= 1;
                });
    return ended && seen[0] == 1;
  }

  private ProgressReporter noProgress() {
    return new ProgressReporter(io.loomftp.Progress.NONE, options.progressEvery(), 0, OptionalLong.empty());
  }

  private Transfer open(long offset) throws FtpException {
    return operation.session.runVerb(
        control -> operation.session.transfer(
            Command.of("RETR", path), false, offset, operation.session.config().transferType()),
        path);
  }

  private boolean receive(
      Transfer transfer, OutputStream sink, OptionalLong size, DigestSet digests, CopyLoop.Inspection inspection)
      throws FtpException {
    ProgressReporter progress = new ProgressReporter(options.progress(), options.progressEvery(), from, size);
    long most = options.maxSize().orElse(Long.MAX_VALUE);
    long[] total = {from};
    boolean ended;
    try {
      ended =
          new CopyLoop(operation, transfer, digests, progress, size)
              .receive(
                  sink,
                  n -> {
                    total[0] += n;
                    return total[0] <= most && inspection.next(n);
                  });
    } finally {
      fetched = transfer.bytes();
      operation.ended(transfer);
    }
    if (total[0] > most) {
      throw operation.failure("more than the maximum of " + most + " bytes arrived", fetched, ErrorKind.LIMIT);
    }
    return ended;
  }

  /** All data arrived, the final reply did not: the file is complete if it has the size of the server's file. */
  private void settle(FtpInDoubtException doubt, RemoteFile before, long localSize) throws FtpException {
    if (!operation.isBinary() || !sizeOf(before).equals(OptionalLong.of(localSize))) {
      throw doubt;
    }
    operation.reconnect(doubt);
    OptionalLong now = operation.queries.sizeIfTold(path);
    if (now.isPresent() && now.getAsLong() != localSize) {
      throw operation.wrongSize(localSize, now.getAsLong());
    }
  }

  private Verified verify(RemoteFile remote, long localSize, Optional<ServerHash> hash, DigestSet digests)
      throws FtpException {
    if (!operation.isBinary()) {
      return Verified.NOTHING;
    }
    boolean compares = options.verify() != Verify.NONE || from > 0;
    Verified size = compares ? compareSize(remote, localSize) : Verified.NOTHING;
    if (from > 0) {
      remote.checkUnchanged(operation);
    }
    return hash.isPresent() ? RemoteFile.compareHash(operation, hash.get(), path, digests, size) : size;
  }

  private Verified compareSize(RemoteFile remote, long localSize) throws FtpException {
    boolean fromRetr = remote.sizeFrom == RemoteFile.SizeFrom.RETR;
    if (fromRetr && announced.isPresent() && announced.getAsLong() != localSize) {
      AnnouncedSize.wrong(operation.session.profile()); // or the file has changed
    }
    boolean ask = fromRetr && announced.isEmpty();
    return RemoteFile.compareSize(operation, localSize, ask ? operation.queries.sizeIfTold(path) : sizeOf(remote));
  }

  private TransferResult stream(OutputStream sink) throws FtpException {
    Optional<ServerHash> hash = operation.hash();
    RemoteFile remote = RemoteFile.source(operation);
    remote.checkSize(operation);
    DigestSet digests = operation.digests(hash);
    boolean settled = false;
    try {
      Transfer transfer = begin(remote);
      receive(transfer, sink, sizeOf(remote), digests, n -> true);
    } catch (FtpInDoubtException e) {
      settle(e, remote, e.bytes());
      settled = true;
    } finally {
      if (fetched > 0) {
        operation.cannotRepeat();
      }
    }
    Verified verified = verify(remote, fetched, hash, digests);
    if (settled) {
      operation.settled();
    }
    return operation.result(0, operation.digest(digests, hash), verified);
  }
}
