package io.loomftp.internal.file;

import io.loomftp.Digest;
import io.loomftp.FtpException;
import io.loomftp.FtpInDoubtException;
import io.loomftp.FtpReplyException;
import io.loomftp.Kind;
import io.loomftp.Overwrite;
import io.loomftp.ProgressMeter;
import io.loomftp.Reply;
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
  private final Errand errand;
  private final TransferOptions options;
  private final Presence presence;
  private final Source source;
  private final Naming naming;

  /** Bytes of the source that the server has, if the last attempt at sending got as far as it seems; -1 before any. */
  private long given = -1;

  /** All bytes were sent: what the server has of that size is ours. */
  private boolean allSent;

  /** The server said that it has them. */
  private boolean confirmed;

  /** What was asked right behind the data and answered there, for the attempt that is under way. */
  private @Nullable Transfer answering;

  private Optional<Digest> digest = Optional.empty();
  private long resumedFrom;
  private long whole;

  private Upload(
      Conversation talk, Inquiry inquiry, TransferOptions options, Source source, String path, Presence presence) {
    String from = source.toString();
    this.errand = new Errand(talk, inquiry, options, path, "STOR " + path + (from.isEmpty() ? "" : " from " + from));
    this.options = options;
    this.presence = presence;
    this.source = source;
    this.naming = new Naming(errand, presence);
  }

  /** Whether something exists on the server. */
  @FunctionalInterface
  public interface Presence {
    /** Asks. */
    boolean of(String path) throws FtpException;
  }

  /** From a local file or a stream, which is not closed. */
  public static TransferResult from(
      Source source, Conversation talk, Inquiry inquiry, TransferOptions options, String path, Presence presence)
      throws FtpException {
    Upload upload = new Upload(talk, inquiry, options, source, path, presence);
    upload.errand.onGivingUp(failure -> upload.naming.clearAfter(failure, upload.resumes()));
    return upload.errand.run(upload::attempt);
  }

  private TransferResult attempt() throws FtpException, IOException {
    if (given < 0) {
      source.look();
      if (!isToBeDone()) {
        return errand.skipped();
      }
    }
    Optional<ServerHash> hash = errand.hash();
    Fingerprint print = errand.fingerprint(hash);
    naming.choose(source, options.isAtomic());
    answering = null;
    if (naming.isDone(whole, allSent)) {
      errand.settled();
      return errand.result(resumedFrom, digest, Verified.SIZE);
    }
    send(print);
    digest = errand.digest(print, hash);
    Verified verified;
    try {
      verified = finish(hash, print);
    } catch (FtpException e) {
      if (e.sessionUsable() || e.kind() == Kind.ABORTED || !errand.isBinary()) {
        throw e;
      }
      verified = finishAnew(e, hash, print);
    }
    return errand.result(resumedFrom, digest, verified);
  }

  private boolean resumes() {
    return errand.resumes() && source.isFile();
  }

  private boolean isToBeDone() throws FtpException {
    return switch (options.overwrite()) {
      case REPLACE -> true;
      case SKIP -> !presence.of(errand.path);
      case FAIL -> {
        naming.checkAbsent();
        yield true;
      }
      case IF_NEWER -> !source.isFile() || Remote.isNewer(source.modified(), Remote.target(errand).modified);
      case IF_DIFFERENT -> {
        Remote there = Remote.target(errand);
        yield !source.isFile()
            || Remote.isDifferent(
                source.size(), source.modified(), there.size, there.modified, options.keepsModified());
      }
    };
  }

  /** Gets the bytes there, by going on where that is safe. */
  private void send(Fingerprint print) throws FtpException, IOException {
    long from = start();
    if (from > 0 && from == whole) {
      source.open(from, print).close(); // for the digest of what is there
      resumedFrom = allSent ? resumedFrom : from;
      allSent = true;
      return;
    }
    try (InputStream in = source.open(from, print)) {
      Transfer transfer = begin(from);
      resumedFrom = from;
      move(transfer, in, from, print);
    }
  }

  /** How much of the source need not be sent: the server says what it has. */
  private long start() throws FtpException {
    whole = source.size().orElse(whole);
    boolean again = given >= 0;
    if (!source.isFile() || !errand.isBinary() || !(resumes() || (again && allSent))) {
      return 0;
    }
    OptionalLong there = errand.inquiry.sizeIfTold(naming.name());
    long size = there.orElse(0);
    if (size == whole && again && allSent) {
      if (!confirmed) {
        errand.settled();
      }
      return size;
    }
    if (!resumes() || size > whole || (again && size > given)) {
      return 0;
    }
    return naming.isTemporary() || (size < whole && isNotOlder()) ? size : 0;
  }

  private boolean isNotOlder() throws FtpException {
    Optional<Instant> there = errand.inquiry.modifiedIfTold(errand.path);
    Optional<Instant> here = source.modified();
    return there.isPresent() && here.isPresent() && !there.get().plusSeconds(1).isBefore(here.get());
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
    String name = naming.name();
    Transfer transfer =
        errand.talk.turn(
            control -> errand.talk.transfer(
                Command.of(verb, name), true, from, errand.talk.config().transferType(), behind(name)),
            name);
    naming.begun();
    answering = transfer;
    return transfer;
  }

  /** What can be asked in the same flight. A time only of a file that is ours alone: it is set though the data may fail. */
  private List<Command> behind(String name) {
    List<Command> all = new ArrayList<>();
    if (errand.isBinary() && options.verify() != Verify.NONE) {
      errand.inquiry.sizeQuestion(name).ifPresent(all::add);
    }
    setting(name).filter(command -> naming.isTemporary()).ifPresent(all::add);
    return all;
  }

  private Optional<Command> setting(String name) {
    return options.keepsModified()
        ? source.modified().flatMap(time -> errand.inquiry.settingModified(name, time))
        : Optional.empty();
  }

  private OptionalLong size(String name) throws FtpException {
    Optional<Reply> answer = answer("SIZE");
    return answer.isPresent() ? errand.inquiry.answeredSize(name, answer.get()) : errand.inquiry.sizeIfTold(name);
  }

  private Optional<Reply> answer(String verb) {
    return answering == null ? Optional.empty() : answering.answerTo(verb);
  }

  private void move(Transfer transfer, InputStream in, long from, Fingerprint print) throws FtpException {
    ProgressMeter meter =
        new ProgressMeter(options.progress(), options.progressEvery(), from, source.size());
    if (!source.isFile()) {
      errand.cannotRepeat();
    }
    given = from;
    allSent = false;
    confirmed = false;
    try {
      whole = from + new Pump(errand, transfer, print, meter, source.size()).send(in);
      given = whole;
      allSent = errand.isBinary();
      transfer.finish();
      confirmed = true;
    } catch (FtpInDoubtException e) {
      settle(e);
    } catch (FtpException e) {
      if (allSent && !e.sessionUsable() && e.kind() != Kind.ABORTED) {
        settle(doubt(e));
        return;
      }
      throw e;
    } catch (RuntimeException | Error e) {
      naming.clearAfter(e, resumes());
      throw e;
    } finally {
      given = Math.max(given, from + transfer.offered());
      errand.ended(transfer);
    }
  }

  private FtpInDoubtException doubt(FtpException cause) {
    return new FtpInDoubtException(
        errand.what + ": all data was sent, but the connection was lost: " + cause.getMessage(),
        whole,
        errand.talk.transcript().lines(),
        cause);
  }

  /** All data was sent, the final reply did not come: the server's SIZE decides. */
  private void settle(FtpInDoubtException doubt) throws FtpException {
    if (!errand.isBinary()) {
      throw doubt;
    }
    errand.reconnect(doubt);
    OptionalLong there = errand.inquiry.sizeIfTold(naming.name());
    if (there.isEmpty()) {
      // The server does not tell, or has no such file: nothing was learned, and the exception says the session is closed.
      errand.talk.giveUp(doubt);
      errand.cannotRepeat();
      throw doubt;
    }
    if (there.getAsLong() != whole) {
      throw errand.wrongSize(whole, there.getAsLong());
    }
    errand.settled();
  }

  /** What follows when all bytes are there. */
  private Verified finish(Optional<ServerHash> hash, Fingerprint print) throws FtpException {
    Verified verified = Verified.NOTHING;
    if (errand.isBinary() && (options.verify() != Verify.NONE || resumedFrom > 0)) {
      verified = Remote.compareSize(errand, whole, size(naming.name()));
    }
    if (hash.isPresent()) {
      verified = Remote.compareHash(errand, hash.get(), naming.name(), print, verified);
    }
    boolean set = setting(naming.name()).flatMap(command -> answer(command.verb())).isPresent();
    if (options.keepsModified() && source.modified().isPresent() && !set) {
      errand.inquiry.setModifiedIfPossible(naming.name(), source.modified().get());
    }
    naming.rename();
    return verified;
  }

  /** The connection was lost after the data was confirmed: what is left is done over a new one. */
  private Verified finishAnew(FtpException lost, Optional<ServerHash> hash, Fingerprint print) throws FtpException {
    answering = null;
    FtpException doubt = naming.isDoubtful() ? doubt(lost) : lost;
    errand.reconnect(doubt);
    if (naming.isDone(whole, true)) {
      errand.settled();
      return Verified.SIZE;
    }
    return finish(hash, print);
  }
}
