package io.loomftp.internal.file;

import static io.loomftp.ReplyCode.FILE_ACTION_OKAY;
import static io.loomftp.ReplyCode.REQUESTED_FILE_PENDING;

import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpInDoubtException;
import io.loomftp.FtpLocalException;
import io.loomftp.FtpReplyException;
import io.loomftp.Overwrite;
import io.loomftp.Reply;
import io.loomftp.internal.control.Exchange;
import io.loomftp.internal.wire.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The name that an upload is sent under, and its rename to the target. An existing file that prevents the rename is renamed
 * aside, and back if the rename fails again, so at any moment the old file or the new one is on the server under some name.
 * Only temporary names of this upload are deleted, and a target that this upload emptied and did not complete.
 */
final class UploadTarget {
  /** How often other uploads may come in between before this one gives up. */
  private static final int MOST_REPLACEMENTS = 5;

  private final FileTransfer operation;
  private final RemotePresence presence;
  private String name;
  private boolean begun;
  private boolean complete;
  private boolean renaming;
  private boolean renamed;
  private boolean setAside;

  /** Replaced files that were set aside before another upload put its file there. */
  private final List<String> outdated = new ArrayList<>();

  UploadTarget(FileTransfer operation, RemotePresence presence) {
    this.operation = operation;
    this.presence = presence;
    this.name = operation.path;
  }

  /** Sets the temporary name; the same for all attempts from the first that sends. */
  void choose(String temporary) {
    if (!begun) {
      name = temporary;
    }
  }

  /** The name that it is sent under. */
  String name() {
    return name;
  }

  boolean isTemporary() {
    return !name.equals(operation.path);
  }

  /** Records that the server has begun to write. */
  void begun() {
    begun = true;
    complete = false;
  }

  /** Records that the server has all of it. */
  void completed() {
    complete = true;
  }

  boolean isBegun() {
    return begun;
  }

  /** Whether the rename was sent with unknown outcome. */
  boolean isDoubtful() {
    return renaming && !renamed;
  }

  /** After a rename with unknown outcome: whether the target is the uploaded file and the temporary name is gone. */
  boolean isDone(long size, boolean allSent) throws FtpException {
    if (!isDoubtful() || !allSent) {
      return false;
    }
    OptionalLong target = operation.queries.sizeIfTold(operation.path);
    boolean done = target.isPresent() && target.getAsLong() == size && isRenamed();
    if (done) {
      renamed = true;
      deleteAside();
    }
    return done;
  }

  /** Whether the temporary name, which RNFR accepted before, is gone: a size may not be given though it is there. */
  private boolean isRenamed() throws FtpException {
    Reply reply = operation.session.runVerb(control -> control.ask("RNFR", name).reply(), name);
    return reply.isError() && !reply.isTransientError();
  }

  void checkAbsent() throws FtpException {
    if (presence.of(operation.path)) {
      throw operation.failure("a file of that name exists", 0, ErrorKind.EXISTS);
    }
  }

  /** Renames it to the target, where it has another name. */
  void rename() throws FtpException {
    if (!isTemporary()) {
      return;
    }
    boolean replace = operation.options.overwrite() != Overwrite.FAIL;
    if (!replace) {
      checkAbsent();
    }
    try {
      move(name, operation.path);
    } catch (FtpReplyException e) {
      // Some servers do not rename onto an existing file.
      boolean refused = replace && e.reply().firstDigit() == 5 && e.command().startsWith("RNTO");
      boolean present = (refused || setAside) && presence.of(operation.path);
      if (!present) {
        putBack(e);
      }
      if (!refused || !present) {
        throw e;
      }
      boolean over = false;
      for (int i = 0; !over && i < MOST_REPLACEMENTS; i++) {
        over = renameOver(e);
      }
      if (!over) {
        throw operation.failure("other uploads keep replacing the file of that name", 0, ErrorKind.BUSY, e);
      }
    }
    renamed = true;
    deleteAside();
  }

  /** The name to which a replaced target is renamed for a moment. */
  private String aside() {
    return name + ".old" + (outdated.isEmpty() ? "" : outdated.size());
  }

  /** Renames the target aside and the new file to it; false where another upload has put its file there meanwhile. */
  private boolean renameOver(FtpReplyException refusal) throws FtpException {
    setAside = true;
    try {
      move(operation.path, aside());
    } catch (FtpReplyException e) {
      setAside = false;
      refusal.addSuppressed(e);
      if (presence.of(operation.path)) {
        if (refusal.kind() != ErrorKind.EXISTS) {
          throw refusal;
        }
        delete(operation.path);
        targetDeleted = true;
      }
    }
    try {
      move(name, operation.path);
      return true;
    } catch (FtpReplyException e) {
      e.addSuppressed(refusal);
      if (putBack(e) || !presence.of(operation.path)) {
        throw e;
      }
      if (setAside) {
        outdated.add(aside());
        setAside = false;
      }
      return false;
    }
  }

  /** The old file was deleted, so that what was sent is all that is left. */
  private boolean targetDeleted;

  /** Gives the old file its name back; returns whether it has it. */
  private boolean putBack(FtpReplyException refusal) throws FtpException {
    if (!setAside) {
      return false;
    }
    try {
      move(aside(), operation.path);
      setAside = false;
      return true;
    } catch (FtpReplyException e) {
      refusal.addSuppressed(e);
      return false;
    }
  }

  private void move(String from, String to) throws FtpException {
    boolean isLast = from.equals(name);
    operation.session.runVerb(
        control -> {
          List<Exchange> both =
              operation.session.both(Command.of("RNFR", from), Command.of("RNTO", to), () -> renaming |= isLast);
          try {
            both.getFirst().expect(REQUESTED_FILE_PENDING);
            return both.getLast().expect(FILE_ACTION_OKAY);
          } catch (FtpReplyException e) {
            renaming &= !isLast;
            throw e;
          }
        },
        from,
        to);
  }

  private void delete(String path) throws FtpException {
    operation.session.runVerb(control -> control.ask("DELE", path).expect(FILE_ACTION_OKAY), path);
  }

  /** Deletes the replaced files, after the new one has its name; a refusal has no effect. */
  private void deleteAside() throws FtpException {
    if (setAside) {
      outdated.add(aside());
      setAside = false;
    }
    for (String old : outdated) {
      operation.session.runVerb(control -> control.ask("DELE", old).reply(), old);
    }
    outdated.clear();
  }

  /** Deletes what an interrupted earlier call had renamed aside. */
  void deleteOldAside() throws FtpException {
    if (isTemporary() && operation.queries.sizeIfTold(aside()).isPresent()) {
      operation.session.runVerb(control -> control.ask("DELE", aside()).reply(), aside());
    }
  }

  /** Deletes the remains of a failed upload, unless they can be resumed, belong to another upload, or are all that is left. */
  void clearAfter(Throwable reason, boolean keep) {
    boolean local =
        !(reason instanceof FtpException ftp) || ftp.kind() == ErrorKind.ABORTED || ftp instanceof FtpLocalException;
    boolean corrupt = reason instanceof FtpException wrong && wrong.kind() == ErrorKind.CORRUPT;
    boolean ours = isTemporary() ? !keep || corrupt : local && !keep && !complete;
    boolean isAllThatIsLeft = setAside || targetDeleted || !outdated.isEmpty();
    if (!begun || !ours || isAllThatIsLeft || !operation.session.isOpen() || reason instanceof FtpInDoubtException) {
      return;
    }
    try {
      operation.session.cleanUp(
          () -> operation.session.runVerb(control -> control.ask(Command.of("DELE", name)).reply()));
      begun = false;
    } catch (FtpException e) {
      reason.addSuppressed(e);
    }
  }
}
