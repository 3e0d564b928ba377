package io.loomftp.internal.file;

import io.loomftp.FtpClosedException;
import io.loomftp.FtpException;
import io.loomftp.FtpInDoubtException;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpTransferException;
import io.loomftp.Kind;
import io.loomftp.Overwrite;
import io.loomftp.ProgressMeter;
import io.loomftp.TransferOptions;
import io.loomftp.TransferResult;
import io.loomftp.TransferResult.Verified;
import io.loomftp.Verify;
import io.loomftp.internal.session.Conversation;
import io.loomftp.internal.session.Inquiry;
import io.loomftp.internal.session.Transfer;
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

  private final Errand errand;
  private final String path;
  private final TransferOptions options;

  private Download(Conversation talk, Inquiry inquiry, TransferOptions options, String path, String what) {
    this.errand = new Errand(talk, inquiry, options, path, what);
    this.path = path;
    this.options = options;
  }

  /** To a local file. */
  public static TransferResult toFile(
      Conversation talk, Inquiry inquiry, TransferOptions options, String path, Path target) throws FtpException {
    Download download = new Download(talk, inquiry, options, path, "RETR " + path + " to " + target);
    return download.errand.run(() -> download.file(target));
  }

  /** To a stream, which is not closed; what was written to it cannot be taken back. */
  public static TransferResult toStream(
      Conversation talk, Inquiry inquiry, TransferOptions options, String path, OutputStream sink) throws FtpException {
    Download download = new Download(talk, inquiry, options, path, "RETR " + path);
    return download.errand.run(() -> download.stream(sink));
  }

  private TransferResult file(Path target) throws FtpException, IOException {
    boolean there = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
    if (there && options.overwrite() == Overwrite.FAIL) {
      throw new FileAlreadyExistsException(target.toString());
    }
    if (there && options.overwrite() == Overwrite.SKIP) {
      return errand.skipped();
    }
    Optional<ServerHash> hash = errand.hash();
    Remote remote = Remote.source(errand);
    if (there && Files.isRegularFile(target) && !isToReplace(target, remote)) {
      PartFile.clearNote(target);
      return errand.skipped();
    }
    try (PartFile part = PartFile.open(target, note(remote))) {
      return complete(part, remote, hash);
    }
  }

  private boolean isToReplace(Path target, Remote remote) throws IOException {
    Optional<Instant> here = Optional.of(Files.getLastModifiedTime(target).toInstant());
    return switch (options.overwrite()) {
      case IF_NEWER -> Remote.isNewer(remote.modified, here);
      case IF_DIFFERENT ->
          Remote.isDifferent(
              remote.size, remote.modified, OptionalLong.of(Files.size(target)), here, options.keepsModified());
      default -> true;
    };
  }

  private @Nullable PartNote note(Remote remote) throws FtpException {
    if (!errand.resumes() || remote.size.isEmpty() || remote.modified.isEmpty()) {
      return null;
    }
    String folder =
        path.startsWith("/") ? "" : errand.talk.turn(control -> errand.talk.workingDirectory()).replaceAll("/*$", "/");
    return new PartNote(
        errand.talk.config().toString(), folder + path, remote.size.getAsLong(), remote.modified.get());
  }

  private TransferResult complete(PartFile part, Remote remote, Optional<ServerHash> hash)
      throws FtpException, IOException {
    Fingerprint print = errand.fingerprint(hash);
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
      if (e.kind() == Kind.CORRUPT || total > remote.size.orElse(Long.MAX_VALUE)) {
        part.spoilt();
      }
      throw e;
    }
    part.commit(options.keepsModified() ? remote.modified : Optional.empty(), options.overwrite() != Overwrite.FAIL);
    if (doubtful) {
      errand.settled();
    }
    return errand.result(from, errand.digest(print, hash), verified);
  }

  /** Moves what is missing, and from the beginning where the server cannot go on; where it began. */
  private long fetch(PartFile part, Remote remote, Fingerprint print) throws FtpException, IOException {
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
      errand.talk.transcript().add("* cannot go on at " + from + ": from the beginning");
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
  private boolean fetchRest(PartFile part, Remote remote, Fingerprint print) throws FtpException, IOException {
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
    Beginning beginning;
    try (InputStream before = part.content()) {
      beginning = Beginning.of(before, from);
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
        throw new FtpClosedException(String.valueOf(e.getMessage()), Kind.CLOSED, errand.talk.transcript().lines(), e);
      }
      throw e;
    } finally {
      if (!told && beginning.isRepeated()) {
        part.takeBack();
      }
    }
  }

  private Transfer open(long from) throws FtpException {
    return errand.talk.turn(
        control -> errand.talk.transfer(Command.of("RETR", path), false, from, errand.talk.config().transferType()), path);
  }

  private boolean fetch(
      Transfer transfer, OutputStream sink, OptionalLong size, Fingerprint print, long from, Pump.Inspection inspection)
      throws FtpException {
    ProgressMeter meter = new ProgressMeter(options.progress(), options.progressEvery(), from, size);
    try {
      return new Pump(errand, transfer, print, meter, size).receive(sink, inspection);
    } finally {
      fetched = transfer.bytes();
      errand.ended(transfer);
    }
  }

  /** All data came, the final reply did not: whole is what is as long as the server's file. */
  private void settle(FtpInDoubtException doubt, Remote before, long here) throws FtpException {
    if (!errand.isBinary() || before.size.isEmpty() || before.size.getAsLong() != here) {
      throw doubt;
    }
    errand.reconnect(doubt);
    OptionalLong now = errand.inquiry.sizeIfTold(path);
    if (now.isPresent() && now.getAsLong() != here) {
      throw errand.wrongSize(here, now.getAsLong());
    }
    total = here;
  }

  private Verified verify(Remote remote, long from, Optional<ServerHash> hash, Fingerprint print) throws FtpException {
    if (!errand.isBinary()) {
      return Verified.NOTHING;
    }
    boolean compares = options.verify() != Verify.NONE || from > 0;
    Verified size = compares ? Remote.compareSize(errand, total, remote.size) : Verified.NOTHING;
    return hash.isPresent() ? Remote.compareHash(errand, hash.get(), path, print, size) : size;
  }

  private TransferResult stream(OutputStream sink) throws FtpException {
    Optional<ServerHash> hash = errand.hash();
    Remote remote = Remote.source(errand);
    Fingerprint print = errand.fingerprint(hash);
    boolean doubtful = false;
    try {
      fetch(open(0), sink, remote.size, print, 0, (block, n) -> true);
      total = fetched;
    } catch (FtpInDoubtException e) {
      settle(e, remote, e.bytes());
      doubtful = true;
    } finally {
      if (fetched > 0) {
        errand.cannotRepeat();
      }
    }
    Verified verified = verify(remote, 0, hash, print);
    if (doubtful) {
      errand.settled();
    }
    return errand.result(0, errand.digest(print, hash), verified);
  }
}
