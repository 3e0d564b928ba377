package io.loomftp.internal.file;

import io.loomftp.Digest;
import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpInDoubtException;
import io.loomftp.FtpReplyException;
import io.loomftp.Overwrite;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Brings one file to the server: the data under the target's name or a temporary one, then what is compared, the time of
 * modification, and the name. Whatever is cut off in between is looked at before anything is sent again.
 */
public final class Upload {
  private final FileTransfer operation;
  private final TransferOptions options;
  private final Presence presence;
  private final UploadSource source;
  private final UploadTarget place;

  /** Bytes of the source that the server has, if the last attempt at sending got as far as it seems; -1 before any. */
  private long sentBytes = -1;

  /** All bytes were sent: what the server has of that size is ours. */
  private boolean allSent;

  /** The server said that it has them. */
  private boolean confirmed;

  /** What was asked right behind the data and answered there, for the attempt that is under way. */
  private @Nullable Transfer answering;

  private Optional<Digest> digest = Optional.empty();
  private long resumedFrom;
  private long totalBytes;

  private Upload(
      SessionCore session, FileQueries queries, TransferOptions options, UploadSource source, String path, Presence presence) {
    String from = source.toString();
    this.operation = new FileTransfer(session, queries, options, path, "STOR " + path + (from.isEmpty() ? "" : " from " + from));
    this.options = options;
    this.presence = presence;
    this.source = source;
    this.place = new UploadTarget(operation, presence);
  }

  /** Whether something exists on the server. */
  @FunctionalInterface
  public interface Presence {
    /** Asks. */
    boolean of(String path) throws FtpException;
  }

  /** From a local file or a stream, which is not closed. */
  public static TransferResult from(
      UploadSource source, SessionCore session, FileQueries queries, TransferOptions options, String path, Presence presence)
      throws FtpException {
    Upload upload = new Upload(session, queries, options, source, path, presence);
    upload.operation.onGivingUp(failure -> upload.place.clearAfter(failure, upload.resumes()));
    return upload.operation.run(upload::attempt);
  }

  private TransferResult attempt() throws FtpException, IOException {
    if (sentBytes < 0) {
      source.look();
      if (!isToBeDone()) {
        return operation.skipped();
      }
    }
    Optional<ServerHash> hash = operation.hash();
    DigestSet digests = operation.digests(hash);
    place.choose(source, options.isAtomic());
    answering = null;
    if (place.isDone(totalBytes, allSent)) {
      operation.settled();
      return operation.result(resumedFrom, digest, Verified.SIZE);
    }
    send(digests);
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

  private boolean resumes() {
    return operation.resumes() && source.isFile();
  }

  private boolean isToBeDone() throws FtpException {
    return switch (options.overwrite()) {
      case REPLACE -> true;
      case SKIP -> !presence.of(operation.path);
      case FAIL -> {
        place.checkAbsent();
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

  /** Gets the bytes there, by going on where that is safe. */
  private void send(DigestSet digests) throws FtpException, IOException {
    long from = start();
    if (from > 0 && from == totalBytes) {
      source.open(from, digests).close(); // for the digest of what is there
      resumedFrom = allSent ? resumedFrom : from;
      allSent = true;
      return;
    }
    try (InputStream in = source.open(from, digests)) {
      Transfer transfer = begin(from);
      resumedFrom = from;
      move(transfer, in, from, digests);
    }
  }

  /** How much of the source need not be sent: the server says what it has. */
  private long start() throws FtpException {
    totalBytes = source.size().orElse(totalBytes);
    boolean again = sentBytes >= 0;
    if (!source.isFile() || !operation.isBinary() || !(resumes() || (again && allSent))) {
      return 0;
    }
    OptionalLong remoteSize = operation.queries.sizeIfTold(place.name());
    long size = remoteSize.orElse(0);
    if (size == totalBytes && again && allSent) {
      if (!confirmed) {
        operation.settled();
      }
      return size;
    }
    if (!resumes() || size > totalBytes || (again && size > sentBytes)) {
      return 0;
    }
    return place.isTemporary() || (size < totalBytes && isNotOlder()) ? size : 0;
  }

  private boolean isNotOlder() throws FtpException {
    Optional<Instant> remoteTime = operation.queries.modifiedIfTold(operation.path);
    Optional<Instant> localTime = source.modified();
    return remoteTime.isPresent() && localTime.isPresent() && !remoteTime.get().plusSeconds(1).isBefore(localTime.get());
  }

  /** STOR behind REST; APPE where that is refused, since what is there is as long as it should be. */
  private Transfer begin(long from) throws FtpException {
    try {
      return open("STOR", from);
    } catch (FtpReplyException e) {
      if (from == 0 || !e.command().startsWith("REST")) {
        throw e;
      }
      return open("APPE", 0);
    }
  }

  private Transfer open(String verb, long from) throws FtpException {
    String name = place.name();
    if (options.allocates() && source.size().isPresent() && source.size().getAsLong() > from) {
      operation.queries.allocate(source.size().getAsLong() - from);
    }
    Transfer transfer =
        operation.session.runVerb(
            control -> operation.session.transfer(
                Command.of(verb, name), true, from, operation.session.config().transferType(), behind(name)),
            name);
    place.begun();
    answering = transfer;
    return transfer;
  }

  /** What can be asked in the same flight. A time only of a file that is ours alone: it is set though the data may fail. */
  private List<Command> behind(String name) {
    List<Command> all = new ArrayList<>();
    if (operation.isBinary() && options.verify() != Verify.NONE) {
      operation.queries.sizeQuestion(name).ifPresent(all::add);
    }
    setting(name).filter(command -> place.isTemporary()).ifPresent(all::add);
    return all;
  }

  private Optional<Command> setting(String name) {
    return options.keepsModified()
        ? source.modified().flatMap(time -> operation.queries.settingModified(name, time))
        : Optional.empty();
  }

  private OptionalLong size(String name) throws FtpException {
    Optional<Reply> answer = answer("SIZE");
    return answer.isPresent() ? operation.queries.answeredSize(name, answer.get()) : operation.queries.sizeIfTold(name);
  }

  private Optional<Reply> answer(String verb) {
    return answering == null ? Optional.empty() : answering.answerTo(verb);
  }

  private void move(Transfer transfer, InputStream in, long from, DigestSet digests) throws FtpException {
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
    } catch (FtpInDoubtException e) {
      settle(e);
    } catch (FtpException e) {
      if (allSent && !e.sessionUsable() && e.kind() != ErrorKind.ABORTED) {
        settle(doubt(e));
        return;
      }
      throw e;
    } catch (RuntimeException | Error e) {
      place.clearAfter(e, resumes());
      throw e;
    } finally {
      sentBytes = Math.max(sentBytes, from + transfer.offered());
      operation.ended(transfer);
    }
  }

  private FtpInDoubtException doubt(FtpException cause) {
    return new FtpInDoubtException(
        operation.what + ": all data was sent, but the connection was lost: " + cause.getMessage(),
        totalBytes,
        operation.session.transcript().lines(),
        cause);
  }

  /** All data was sent, the final reply did not come: the server's SIZE decides. */
  private void settle(FtpInDoubtException doubt) throws FtpException {
    if (!operation.isBinary()) {
      throw doubt;
    }
    operation.reconnect(doubt);
    OptionalLong remoteSize = operation.queries.sizeIfTold(place.name());
    if (remoteSize.isEmpty()) {
      // The server does not tell, or has no such file: nothing was learned, and the exception says the session is closed.
      operation.session.giveUp(doubt);
      operation.cannotRepeat();
      throw doubt;
    }
    if (remoteSize.getAsLong() != totalBytes) {
      throw operation.wrongSize(totalBytes, remoteSize.getAsLong());
    }
    operation.settled();
  }

  /** What follows when all bytes are there. */
  private Verified finish(Optional<ServerHash> hash, DigestSet digests) throws FtpException {
    Verified verified = Verified.NOTHING;
    if (operation.isBinary() && (options.verify() != Verify.NONE || resumedFrom > 0)) {
      verified = RemoteFile.compareSize(operation, totalBytes, size(place.name()));
    }
    if (hash.isPresent()) {
      verified = RemoteFile.compareHash(operation, hash.get(), place.name(), digests, verified);
    }
    boolean set = setting(place.name()).flatMap(command -> answer(command.verb())).isPresent();
    if (options.keepsModified() && source.modified().isPresent() && !set) {
      operation.queries.setModifiedIfPossible(place.name(), source.modified().get());
    }
    place.rename();
    return verified;
  }

  /** The connection was lost after the data was confirmed: what is left is done over a new one. */
  private Verified finishAnew(FtpException lost, Optional<ServerHash> hash, DigestSet digests) throws FtpException {
    answering = null;
    FtpException doubt = place.isDoubtful() ? doubt(lost) : lost;
    operation.reconnect(doubt);
    if (place.isDone(totalBytes, true)) {
      operation.settled();
      return Verified.SIZE;
    }
    return finish(hash, digests);
  }
}
