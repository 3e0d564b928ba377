package io.loomftp.internal.file;

import static io.loomftp.ReplyCode.FILE_ACTION_OKAY;
import static io.loomftp.ReplyCode.REQUESTED_FILE_PENDING;

import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpInDoubtException;
import io.loomftp.FtpReplyException;
import io.loomftp.Overwrite;
import io.loomftp.internal.control.Exchange;
import io.loomftp.internal.wire.Command;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.CRC32;

/**
 * The name an upload is sent under, and how it becomes the target's. For an atomic one that is {@code .name.3f9c2a10.part}
 * beside it: the digits stand for the local file's size and time of modification, so what is found under that name is of the
 * same state of the file. Only such names are ever deleted, and a target that was begun anew and given up.
 */
final class UploadTarget {
  private final FileTransfer operation;
  private final Upload.Presence presence;
  private String name;
  private boolean begun;
  private boolean renaming;
  private boolean renamed;

  UploadTarget(FileTransfer operation, Upload.Presence presence) {
    this.operation = operation;
    this.presence = presence;
    this.name = operation.path;
  }

  /** Settles the name; the same for all attempts from the first that sends. */
  void choose(UploadSource source, boolean atomic) {
    if (atomic && !begun) {
      name = temporary(source);
    }
  }

  private String temporary(UploadSource source) {
    int slash = operation.path.lastIndexOf('/') + 1;
    int state;
    if (source.isFile()) {
      CRC32 sum = new CRC32();
      String text = source.size().orElse(0) + " " + source.modified().map(Object::toString).orElse("");
      sum.update(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      state = (int) sum.getValue();
    } else {
      state = ThreadLocalRandom.current().nextInt();
    }
    String digits = HexFormat.of().toHexDigits(state);
    return operation.path.substring(0, slash) + "." + ShortName.of(operation.path.substring(slash)) + "." + digits + ".part";
  }

  /** What it is sent under. */
  String name() {
    return name;
  }

  boolean isTemporary() {
    return !name.equals(operation.path);
  }

  /** The server has begun to write there. */
  void begun() {
    begun = true;
  }

  /** Whether the rename was sent, and nobody knows what became of it. */
  boolean isDoubtful() {
    return renaming && !renamed;
  }

  /** After a rename whose outcome is unknown: whether the target is what was sent, and the temporary name gone. */
  boolean isDone(long size, boolean allSent) throws FtpException {
    if (!isDoubtful() || !allSent) {
      return false;
    }
    OptionalLong target = operation.queries.sizeIfTold(operation.path);
    return target.isPresent() && target.getAsLong() == size && operation.queries.sizeIfTold(name).isEmpty();
  }

  void checkAbsent() throws FtpException {
    if (presence.of(operation.path)) {
      throw operation.failure("there is a file of that name", 0, ErrorKind.EXISTS);
    }
  }

  /** Gives it the target's name, where it has another one. */
  void rename() throws FtpException {
    if (!isTemporary()) {
      return;
    }
    boolean replace = operation.options.overwrite() != Overwrite.FAIL;
    if (!replace) {
      checkAbsent();
    }
    try {
      move();
    } catch (FtpReplyException e) {
      // Some servers do not rename onto a file that is there.
      boolean refused = replace && e.reply().firstDigit() == 5 && e.command().startsWith("RNTO");
      boolean inTheWay = refused && presence.of(operation.path);
      if (!inTheWay) {
        throw e;
      }
      operation.session.runVerb(control -> control.ask("DELE", operation.path).expect(FILE_ACTION_OKAY), operation.path);
      move();
    }
    renamed = true;
  }

  private void move() throws FtpException {
    operation.session.runVerb(
        control -> {
          List<Exchange> both =
              operation.session.both(Command.of("RNFR", name), Command.of("RNTO", operation.path), () -> renaming = true);
          try {
            both.getFirst().expect(REQUESTED_FILE_PENDING);
            return both.getLast().expect(FILE_ACTION_OKAY);
          } catch (FtpReplyException e) {
            renaming = false;
            throw e;
          }
        },
        name,
        operation.path);
  }

  /** The upload has failed: what is left of it is deleted, unless it can be resumed or is not ours. */
  void clearAfter(Throwable reason, boolean keep) {
    boolean local = !(reason instanceof FtpException ftp) || ftp.kind() == ErrorKind.ABORTED || isLocal(ftp);
    boolean corrupt = reason instanceof FtpException wrong && wrong.kind() == ErrorKind.CORRUPT;
    boolean ours = isTemporary() ? !keep || corrupt : local && !keep;
    if (!begun || !ours || !operation.session.isOpen() || reason instanceof FtpInDoubtException) {
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

  private static boolean isLocal(FtpException failure) {
    return failure instanceof io.loomftp.FtpLocalException;
  }
}
