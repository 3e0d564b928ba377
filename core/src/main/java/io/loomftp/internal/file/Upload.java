package io.loomftp.internal.file;

import io.loomftp.Digest;
import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpInDoubtException;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpTransferException;
import io.loomftp.ProgressReporter;
import io.loomftp.Reply;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Uploads one file: sends the data under the target's name or a temporary one, verifies it, sets the time of modification, and
 * renames it. After a lost connection the server is queried before anything is sent again.
 */
public final class Upload {
  /** The codes with which servers refuse to continue a file; 451 comes from ProFTPD (AllowStoreRestart off). */
  private static final Set<Integer> NOT_FROM_THERE = Set.of(451, 501, 502, 504, 551, 554, 555);

  private static final String NAME_ADVICE =
      "where the server forbids such temporary names, choose another one with TransferOptions.atomic(temporaryName)";

  private final FileTransfer operation;
  private final TransferOptions options;
  private final RemotePresence presence;
  private final UploadSource source;
  private final UploadTarget target;
  private final RemoteProof proof;
  private final Replaced replaced;
  private @Nullable UploadClaim claim;

  /** Bytes of the source that the server should have after the last attempt; -1 before any. */
  private long sentBytes = -1;

  /** Whether all bytes were sent. */
  private boolean allSent;

  /** Whether the server confirmed them. */
  private boolean confirmed;

  /** The replies to commands sent behind the data of the present attempt. */
  private @Nullable Transfer answering;

  private Optional<Digest> digest = Optional.empty();
  private long resumedFrom;
  private long totalBytes;

  private Upload(
      SessionCore session, FileQueries queries, TransferOptions options, UploadSource source, String path,
      RemotePresence presence) {
    String from = source.toString();
    String what = "STOR " + path + (from.isEmpty() ? "" : " from " + from);
    this.operation = new FileTransfer(session, queries, options, path, what);
    this.options = options;
    this.presence = presence;
    this.source = source;
    this.target = new UploadTarget(operation, presence);
    this.proof = new RemoteProof(operation, source);
    this.replaced = new Replaced(operation);
  }

  /** An upload of a local file or a stream, which is not closed. */
  public static TransferResult from(
      UploadSource source, SessionCore session, FileQueries queries, TransferOptions options, String path,
      RemotePresence presence) throws FtpException {
    Upload upload = new Upload(session, queries, options, source, path, presence);
    upload.operation.onGivingUp(failure -> upload.target.clearAfter(failure, upload.resumes()));
    try {
      return upload.operation.run(upload::attempt);
    } finally {
      UploadClaim claim = upload.claim;
      if (claim != null) {
        claim.close();
      }
    }
  }

  private TransferResult attempt() throws FtpException, IOException {
    if (sentBytes < 0) {
      source.look();
      if (!isToBeDone()) {
        return operation.skipped();
      }
    }
    Optional<ServerHash> hash = operation.hash();
    if (options.isAtomic() && !target.isBegun()) {
      target.choose(temporaryName());
    }
    answering = null;
    if (target.isDone(totalBytes, allSent)) {
      operation.settled();
      return operation.result(resumedFrom, digest, Verified.SIZE);
    }
    DigestSet digests = send(hash);
    if (source.hasChanged() || (source.isFile() && operation.isBinary() && totalBytes != source.size().orElseThrow())) {
      throw operation.failure(
          "the local file changed during the upload, so the server may have a mixture of versions: upload it again", totalBytes,
          ErrorKind.CORRUPT);
    }
    digest = operation.digest(digests, hash);
    Verified verified;
    try {
      verified = finish(hash, digests);
    } catch (FtpException e) {
      if (e.sessionUsable() || e.kind() == ErrorKind.ABORTED || !operation.isBinary()) {
        throw e;
      }
      verified = finishAnew(e, hash, digests);
    }
    return operation.result(resumedFrom, digest, verified);
  }

  /** Random, unless the upload may be resumed and no other upload can use the name. */
  private String temporaryName() {
    if (resumes() && claim == null) {
      claim = UploadClaim.of(source, operation.session.config() + " " + operation.path).orElse(null);
    }
    String id = claim == null ? TemporaryName.randomId() : claim.id();
    return TemporaryName.of(operation.path, options.temporaryName(), id);
  }

  private boolean resumes() {
    return operation.resumes() && source.isFile();
  }

  private boolean isToBeDone() throws FtpException {
    return switch (options.overwrite()) {
      case REPLACE -> true;
      case SKIP -> !presence.of(operation.path);
      case FAIL -> {
        target.checkAbsent();
        yield true;
      }
      case IF_NEWER -> !source.isFile() || RemoteFile.isNewer(source.modified(), RemoteFile.target(operation).modified);
      case IF_DIFFERENT -> {
        RemoteFile existing = RemoteFile.target(operation);
        yield !source.isFile()
            || RemoteFile.isDifferent(
                source.size(), source.modified(), existing.size, existing.modified, options.keepsModified());
      }
    };
  }

  /** Sends the data, continuing where that is safe. */
  private DigestSet send(Optional<ServerHash> hash) throws FtpException, IOException {
    long from = start();
    if (from > 0 && from == totalBytes) {
      DigestSet digests = digests(hash, from);
      source.open(from, digests).close(); // for the digest of what the server has
      resumedFrom = allSent ? resumedFrom : from;
      allSent = true;
      return digests;
    }
    if (from > 0) {
      DigestSet digests = digests(hash, from);
      try (InputStream in = source.open(from, digests)) {
        Optional<Transfer> transfer = openAt(from);
        if (transfer.isPresent()) {
          resumedFrom = from;
          move(transfer.get(), in, from, digests);
          return digests;
        }
      }
      operation.session.transcript().add("* cannot continue at " + from + ": from the beginning");
    }
    DigestSet digests = digests(hash, 0);
    try (InputStream in = source.open(0, digests)) {
      replaced.look(target, source);
      Transfer transfer = open("STOR", 0);
      resumedFrom = 0;
      move(transfer, in, 0, digests);
    }
    return digests;
  }

  /** A continued upload is verified by hash where the server has one, unless verification is switched off. */
  private DigestSet digests(Optional<ServerHash> hash, long from) {
    Optional<ServerHash> wanted = hash.isPresent() ? hash : resumedHash(from);
    return operation.digests(wanted);
  }

  private Optional<ServerHash> resumedHash(long from) {
    return from > 0 && options.verify() != Verify.NONE
        ? ServerHash.strongest(operation.session.features())
        : Optional.empty();
  }

  /** The offset to continue at: the size of what the server has, if that is proven to be the beginning of the source. */
  private long start() throws FtpException, IOException {
    totalBytes = source.size().orElse(totalBytes);
    boolean again = sentBytes >= 0;
    if (!source.isFile() || !operation.isBinary() || !(resumes() || (again && allSent))) {
      return 0;
    }
    long size = operation.queries.sizeIfTold(target.name()).orElse(0);
    if (size == totalBytes && again && allSent && (confirmed || isOurs(size))) {
      if (!confirmed) {
        operation.settled();
      }
      return size;
    }
    if (!resumes() || size == 0 || size > totalBytes || (again && size > sentBytes)) {
      return 0;
    }
    boolean isOwnTemporary = target.isTemporary() && claim != null;
    return isOwnTemporary || (size < totalBytes && proof.isBeginning(target.name(), size)) ? size : 0;
  }

  /** Whether a file of the right size is the uploaded one and not an older one. */
  private boolean isOurs(long size) throws FtpException, IOException {
    return target.isTemporary()
        || replaced.isReplaced(size)
        || (size <= RemoteProof.END && proof.isBeginning(target.name(), size));
  }

  /**
   * Sends REST and STOR where FEAT lists {@code REST STREAM} (RFC 3659 section 5.4), since some servers that do not list it
   * truncate the file; else APPE, since the remote file has the expected length. Empty where both are refused.
   */
  private Optional<Transfer> openAt(long from) throws FtpException {
    boolean rest = operation.session.features().parameters("REST").orElse("").toUpperCase(Locale.ROOT).contains("STREAM");
    try {
      if (rest) {
        try {
          return Optional.of(open("STOR", from));
        } catch (FtpReplyException e) {
          if (!e.command().startsWith("REST")) {
            throw e;
          }
        }
      }
      return Optional.of(open("APPE", 0));
    } catch (FtpReplyException e) {
      boolean noAppending = e.command().startsWith("APPE") && e.reply().firstDigit() == 5;
      if (noAppending || NOT_FROM_THERE.contains(e.reply().code())) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Transfer open(String verb, long from) throws FtpException {
    String name = target.name();
    if (options.allocates() && source.size().isPresent() && source.size().getAsLong() > from) {
      operation.queries.allocate(source.size().getAsLong() - from);
    }
    try {
      Transfer transfer =
          operation.session.runVerb(
              control -> operation.session.transfer(
                  Command.of(verb, name), true, from, operation.session.config().transferType(), behind(name)),
              name);
      target.begun();
      answering = transfer;
      return transfer;
    } catch (FtpTransferException e) {
      if (operation.session.isBrokenOffAtOpening()) {
        target.begun();
      }
      throw e;
    } catch (FtpReplyException e) {
      boolean mayBeTheName = from == 0 && target.isTemporary() && e.reply().firstDigit() == 5 && e.command().startsWith("STOR");
      throw mayBeTheName ? new FtpReplyException(e, NAME_ADVICE) : e;
    }
  }

  /** The commands for the same flight. A time is set only on a temporary file, since it is set even if the transfer fails. */
  private List<Command> behind(String name) {
    List<Command> all = new ArrayList<>();
    if (operation.isBinary() && options.verify() != Verify.NONE) {
      operation.queries.sizeQuestion(name).ifPresent(all::add);
    }
    setting(name).filter(command -> target.isTemporary()).ifPresent(all::add);
    return all;
  }

  private Optional<Command> setting(String name) {
    return options.keepsModified()
        ? source.modified().flatMap(time -> operation.queries.settingModified(name, time))
        : Optional.empty();
  }

  private OptionalLong size(String name) throws FtpException {
    Optional<Reply> answer = answer("SIZE");
    return answer.isPresent()
        ? operation.queries.answeredSize(name, answer.get())
        : operation.queries.uploadedSize(name);
  }

  private Optional<Reply> answer(String verb) {
    return answering == null ? Optional.empty() : answering.answerTo(verb);
  }

  private void move(Transfer transfer, InputStream in, long from, DigestSet digests) throws FtpException, IOException {
    ProgressReporter progress =
        new ProgressReporter(options.progress(), options.progressEvery(), from, source.size());
    if (!source.isFile()) {
      operation.cannotRepeat();
    }
    sentBytes = from;
    allSent = false;
    confirmed = false;
    try {
      totalBytes = from + new CopyLoop(operation, transfer, digests, progress, source.size()).send(in);
      sentBytes = totalBytes;
      allSent = operation.isBinary();
      transfer.finish();
      confirmed = true;
      target.completed();
    } catch (FtpInDoubtException e) {
      settle(e);
    } catch (FtpException e) {
      if (allSent && isConfirmed(e)) {
        target.completed();
      }
      if (allSent && !e.sessionUsable() && e.kind() != ErrorKind.ABORTED) {
        settle(doubt(e));
        return;
      }
      throw e;
    } catch (Throwable e) {
      target.clearAfter(e, resumes());
      throw e;
    } finally {
      sentBytes = Math.max(sentBytes, from + transfer.offered());
      operation.ended(transfer);
    }
  }

  /** Whether the server reported success before the transfer was aborted. */
  private static boolean isConfirmed(FtpException e) {
    return e instanceof FtpTransferException ended && ended.reply().filter(Reply::isCompletion).isPresent();
  }

  private FtpInDoubtException doubt(FtpException cause) {
    return new FtpInDoubtException(
        operation.what + ": all data was sent, but the connection was lost: " + cause.getMessage(),
        totalBytes,
        operation.session.transcript().lines(),
        cause);
  }

  /** All data was sent, the final reply was lost: the server's SIZE decides, unless it may be that of an older file. */
  private void settle(FtpInDoubtException doubt) throws FtpException, IOException {
    if (!operation.isBinary()) {
      throw doubt;
    }
    operation.reconnect(doubt);
    OptionalLong remoteSize = operation.queries.sizeIfTold(target.name());
    if (remoteSize.isPresent() && remoteSize.getAsLong() != totalBytes) {
      throw operation.wrongSize(totalBytes, remoteSize.getAsLong());
    }
    if (remoteSize.isEmpty() || !isOurs(totalBytes)) {
      // Nothing was learnt, and the exception reports the session as closed.
      operation.session.end(doubt);
      operation.cannotRepeat();
      throw doubt;
    }
    target.completed();
    operation.settled();
  }

  /** Completes an upload whose bytes have all arrived. */
  private Verified finish(Optional<ServerHash> hash, DigestSet digests) throws FtpException {
    Verified verified = Verified.NOTHING;
    if (operation.isBinary() && (options.verify() != Verify.NONE || resumedFrom > 0)) {
      verified = RemoteFile.compareSize(operation, totalBytes, size(target.name()));
    }
    Optional<ServerHash> wanted = hash.isPresent() ? hash : resumedHash(resumedFrom);
    if (wanted.isPresent()) {
      verified = RemoteFile.compareHash(operation, wanted.get(), target.name(), digests, verified);
    }
    boolean set = setting(target.name()).flatMap(command -> answer(command.verb())).isPresent();
    if (options.keepsModified() && source.modified().isPresent() && !set) {
      operation.queries.setModifiedIfPossible(target.name(), source.modified().get());
    }
    target.rename();
    if (resumedFrom > 0) {
      target.deleteOldAside();
    }
    return verified;
  }

  /** Completes, over a new connection, an upload whose connection was lost after the data was confirmed. */
  private Verified finishAnew(FtpException lost, Optional<ServerHash> hash, DigestSet digests) throws FtpException {
    answering = null;
    FtpException doubt = target.isDoubtful() ? doubt(lost) : lost;
    operation.reconnect(doubt);
    if (target.isDone(totalBytes, true)) {
      operation.settled();
      return Verified.SIZE;
    }
    return finish(hash, digests);
  }
}
