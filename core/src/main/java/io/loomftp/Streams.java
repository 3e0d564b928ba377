package io.loomftp;

import io.loomftp.internal.file.StreamedSize;
import io.loomftp.internal.session.FileQueries;
import io.loomftp.internal.session.SessionCore;
import io.loomftp.internal.session.UploadCleanup;
import io.loomftp.internal.transfer.Transfer;
import io.loomftp.internal.wire.Command;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens the streams of a session: RETR, STOR, APPE and STOU, with REST where the data begins in the middle. */
final class Streams {
  private final SessionCore session;
  private final FileQueries queries;

  Streams(SessionCore session, FileQueries queries) {
    this.session = session;
    this.queries = queries;
  }

  /** RETR from an offset to the end. */
  FtpInputStream download(String path, long offset) throws FtpException {
    TransferType type = typeAt(offset);
    return new FtpInputStream(retrieve(path, offset, type), type == TransferType.ASCII);
  }

  /** RETR of the bytes from one offset to before another. */
  FtpInputStream range(String path, long from, long to) throws FtpException {
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException("not a range: " + from + " to " + to);
    }
    Transfer transfer = retrieve(path, from, typeAt(to));
    return new FtpInputStream(transfer, new FtpInputStream.Range(from, to, () -> session.transcript().lines()));
  }

  private Transfer retrieve(String path, long offset, TransferType type) throws FtpException {
    return session.runVerb(control -> session.transfer(Command.of("RETR", path), false, offset, type), path);
  }

  /** The data of a command in the type that is in force. */
  FtpInputStream data(String verb, String argument) throws FtpException {
    Command command = argument.isEmpty() ? Command.of(verb) : Command.of(verb, argument);
    return new FtpInputStream(
        session.runVerb(control -> session.transfer(command, false, 0, TransferType.MANUAL), argument), false);
  }

  /**
   * STOR or APPE.
   *
   * @param offset bytes that the server keeps
   */
  FtpOutputStream upload(String verb, String path, long offset) throws FtpException {
    TransferType type = typeAt(offset);
    boolean whole = verb.equals("STOR") && offset == 0;
    try {
      return session.runVerb(
          control -> {
            StreamedSize size =
                verb.equals("APPE")
                    ? StreamedSize.appended(session, queries, path)
                    : StreamedSize.stored(session, queries, path, offset);
            return output(session.transfer(Command.of(verb, path), true, offset, type), size, whole ? path : null);
          },
          path);
    } catch (FtpException e) {
      if (whole) {
        clearAfter(e, path);
      }
      throw e;
    }
  }

  private void clearAfter(FtpException failure, String path) {
    try {
      new UploadCleanup(session, path).abortedAtOpening();
    } catch (FtpException e) {
      failure.addSuppressed(e);
    }
  }

  /** STOU of a local file; returns the name that the server gives. */
  Optional<String> uploadUnique(Path source) throws FtpException {
    Transfer[] opened = new Transfer[1];
    new BodyUpload(session, "STOU from " + source)
        .from(
            source,
            () -> {
              TransferType type = session.config().transferType();
              opened[0] = session.runVerb(control -> session.transfer(Command.of("STOU"), true, 0, type));
              return output(opened[0], StreamedSize.unique(session, queries), null);
            });
    return UploadCleanup.uniqueName(opened[0]);
  }

  private FtpOutputStream output(Transfer transfer, StreamedSize size, @Nullable String deletable) {
    boolean text = session.config().transferType() == TransferType.ASCII;
    return new FtpOutputStream(new UploadCleanup(session, deletable), transfer, size, text);
  }

  private TransferType typeAt(long offset) {
    if (offset < 0) {
      throw new IllegalArgumentException("not an offset: " + offset);
    }
    TransferType type = session.config().transferType();
    if (offset > 0 && type == TransferType.ASCII) {
      throw new IllegalStateException("offsets have no meaning in ASCII transfers");
    }
    return type;
  }
}
