package io.loomftp.internal.file;

import io.loomftp.ErrorKind;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpException;
import io.loomftp.FtpInDoubtException;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpTransferException;
import io.loomftp.Overwrite;
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
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings one file from the server to a local file, which holds it whole or is not there, or to a stream of the caller's.
 *
 * <ol>
 *   <li>what is known of both sides decides whether anything is to be done, and where to go on
 *   <li>the data goes to a {@link PartFile}
 *   <li>size and digest are compared with the server's
 *   <li>the part file gets its name
 * </ol>
 */
public final class Download {
  /** What servers say to RETR when they did not like the REST before it. */
  private static final Set<Integer> BAD_OFFSET = Set.of(501, 504, 551, 554, 555);

  private final FileTransfer job;
  private final String path;
  private final TransferOptions options;

  private Download(SessionCore session, FileQueries queries, TransferOptions options, String path, String what) {
    this.job = new FileTransfer(session, queries, options, path, what);
    this.path = path;
    this.options = options;
  }

  /** To a local file. */
  public static TransferResult toFile(
      SessionCore session, FileQueries queries, TransferOptions options, String path, Path target) throws FtpException {
    Download download = new Download(session, queries, options, path, "RETR " + path + " to " + target);
    return download.job.run(() -> download.file(target));
  }

  /** To a stream, which is not closed; what was written to it cannot be taken back. */
  public static TransferResult toStream(
      SessionCore session, FileQueries queries, TransferOptions options, String path, OutputStream sink) throws FtpException {
    Download download = new Download(session, queries, options, path, "RETR " + path);
    return download.job.run(() -> download.stream(sink));
  }

  private TransferResult file(Path target) throws FtpException, IOException {
    boolean there = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
    if (there && options.overwrite() == Overwrite.FAIL) {
      throw new FileAlreadyExistsException(target.toString());
    }
    if (there && options.overwrite() == Overwrite.SKIP) {
      return job.skipped();
    }
    Optional<ServerHash> hash = job.hash();
    RemoteFile remote = RemoteFile.source(job);
    if (there && Files.isRegularFile(target) && !isToReplace(target, remote)) {
      PartFile.clearNote(target);
      return job.skipped();
    }
    try (PartFile part = PartFile.open(target, note(remote))) {
      return complete(part, remote, hash);
    }
  }

  private boolean isToReplace(Path target, RemoteFile remote) throws IOException {
    Optional<Instant> here = Optional.of(Files.getLastModifiedTime(target).toInstant());
    return switch (options.overwrite()) {
      case IF_NEWER -> RemoteFile.isNewer(remote.modified, here);
      case IF_DIFFERENT ->
          RemoteFile.isDifferent(
              remote.size, remote.modified, OptionalLong.of(Files.size(target)), here, options.keepsModified());
      default -> true;
    };
  }

  private @Nullable PartNote note(RemoteFile remote) throws FtpException {
    if (!job.resumes() || remote.size.isEmpty() || remote.modified.isEmpty()) {
      return null;
    }
    String folder =
        path.startsWith("/")
            ? ""
            : job.session.runVerb(control -> job.session.folderIfTold())
                .map(told -> told.replaceAll("/*$", "/"))
                .orElse("");
    return new PartNote(
        job.session.config().toString(), folder + path, remote.size.getAsLong(), remote.modified.get());
  }

  private TransferResult complete(PartFile part, RemoteFile remote, Optional<ServerHash> hash)
      throws FtpException, IOException {
    DigestSet print = job.fingerprint(hash);
    long from = part.length();
    boolean doubtful = false;
    try {
      from = fetch(part, remote, print);
    } catch (FtpInDoubtException e) {
      settle(e, remote, part.length() + e.bytes());
      from = part.length();
      doubtful = true;
    }
    Verified verified;
    try {
      verified = verify(remote, from, hash, print);
    } catch (FtpTransferException e) {
      if (e.kind() == ErrorKind.CORRUPT || total > remote.size.orElse(Long.MAX_VALUE)) {
        part.spoilt();
      }
      throw e;
    }
    part.commit(options.keepsModified() ? remote.modified : Optional.empty(), options.overwrite() != Overwrite.FAIL);
    if (doubtful) {
      job.settled();
    }
    return job.result(from, job.digest(print, hash), verified);
  }

  /** Moves what is missing, and from the beginning where the server cannot go on; where it began. */
  private long fetch(PartFile part, RemoteFile remote, DigestSet print) throws FtpException, IOException {
    long from = part.length();
    fetched = 0;
    if (from > 0) {
      if (print.isNeeded()) {
        try (InputStream before = part.content()) {
          print.add(before, from);
        }
      }
      if (from == remote.size.orElse(-1) || fetchRest(part, remote, print)) {
        total = from + fetched;
        return from;
      }
      job.session.transcript().add("* cannot go on at " + from + ": from the beginning");
      print.restart();
      part.restart();
    }
    fetch(open(0), part.stream(), remote.size, print, 0, (block, n) -> true);
    total = fetched;
    return 0;
  }

  /** The bytes that this attempt moved, and those that the file has with them. */
  private long fetched;

  private long total;

  /** False when the server cannot or does not start in the middle. */
  private boolean fetchRest(PartFile part, RemoteFile remote, DigestSet print) throws FtpException, IOException {
    long from = part.length();
    long rest = remote.size.orElseThrow() - from;
    Transfer transfer;
    try {
      transfer = open(from);
    } catch (FtpReplyException e) {
      if (e.command().startsWith("REST") || BAD_OFFSET.contains(e.reply().code())) {
        return false;
      }
      throw e;
    }
    RestartCheck beginning;
    try (InputStream before = part.content()) {
      beginning = RestartCheck.of(before, from);
    } catch (IOException e) {
      transfer.callOff();
      throw e;
    }
    long[] seen = new long[1];
    boolean told = false;
    try {
      boolean wanted =
          fetch(
              transfer,
              part.stream(),
              remote.size,
              print,
              from,
              (block, n) -> {
                beginning.compare(block, n);
                seen[0] += n;
                return seen[0] <= rest;
              });
      told = seen[0] >= rest;
      return wanted;
    } catch (FtpInDoubtException e) {
      if (beginning.isRepeated()) {
        throw new FtpClosedException(String.valueOf(e.getMessage()), ErrorKind.CLOSED, job.session.transcript().lines(), e);
      }
      throw e;
    } finally {
      if (!told && beginning.isRepeated()) {
        part.takeBack();
      }
    }
  }

  private Transfer open(long from) throws FtpException {
    return job.session.runVerb(
        control -> job.session.transfer(Command.of("RETR", path), false, from, job.session.config().transferType()), path);
  }

  private boolean fetch(
      Transfer transfer, OutputStream sink, OptionalLong size, DigestSet print, long from, CopyLoop.Inspection inspection)
      throws FtpException {
    ProgressReporter meter = new ProgressReporter(options.progress(), options.progressEvery(), from, size);
    try {
      return new CopyLoop(job, transfer, print, meter, size).receive(sink, inspection);
    } finally {
      fetched = transfer.bytes();
      job.ended(transfer);
    }
  }

  /** All data came, the final reply did not: whole is what is as long as the server's file. */
  private void settle(FtpInDoubtException doubt, RemoteFile before, long localSize) throws FtpException {
    if (!job.isBinary() || before.size.isEmpty() || before.size.getAsLong() != localSize) {
      throw doubt;
    }
    job.reconnect(doubt);
    OptionalLong now = job.queries.sizeIfTold(path);
    if (now.isPresent() && now.getAsLong() != localSize) {
      throw job.wrongSize(localSize, now.getAsLong());
    }
    total = localSize;
  }

  private Verified verify(RemoteFile remote, long from, Optional<ServerHash> hash, DigestSet print) throws FtpException {
    if (!job.isBinary()) {
      return Verified.NOTHING;
    }
    boolean compares = options.verify() != Verify.NONE || from > 0;
    Verified size = compares ? RemoteFile.compareSize(job, total, remote.size) : Verified.NOTHING;
    return hash.isPresent() ? RemoteFile.compareHash(job, hash.get(), path, print, size) : size;
  }

  private TransferResult stream(OutputStream sink) throws FtpException {
    Optional<ServerHash> hash = job.hash();
    RemoteFile remote = RemoteFile.source(job);
    DigestSet print = job.fingerprint(hash);
    boolean doubtful = false;
    try {
      fetch(open(0), sink, remote.size, print, 0, (block, n) -> true);
      total = fetched;
    } catch (FtpInDoubtException e) {
      settle(e, remote, e.bytes());
      doubtful = true;
    } finally {
      if (fetched > 0) {
        job.cannotRepeat();
      }
    }
    Verified verified = verify(remote, 0, hash, print);
    if (doubtful) {
      job.settled();
    }
    return job.result(0, job.digest(print, hash), verified);
  }
}
