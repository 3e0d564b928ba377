package io.loomftp.internal.session;

import io.loomftp.FtpException;
import io.loomftp.Reply;
import io.loomftp.TransferResult;
import io.loomftp.internal.transfer.Transfer;
import io.loomftp.internal.wire.Command;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Deletes the remains of failed uploads, and reads the name that the server chose (STOU). */
public final class UploadCleanup {
  private static final String FILE = "file:";
  private static final String NAME = "name:";

  private final SessionCore session;
  private final @Nullable String deletable;

  /**
   * The cleanup of one upload.
   *
   * @param deletable the path of a file to delete when the upload is not completed, or null
   */
  public UploadCleanup(SessionCore session, @Nullable String deletable) {
    this.session = session;
    this.deletable = deletable;
  }

  /** Aborts an upload and deletes the incomplete file. */
  public void abort(Transfer transfer) throws FtpException {
    boolean aborted = transfer.isAborted() && session.isOpen(); // by another thread
    boolean begun = (!transfer.isOver() || aborted) && transfer.preliminary().isPresent();
    transfer.abortQuietly();
    if (begun) {
      delete();
    }
  }

  /** Deletes what an upload has left that was aborted while it was being opened. */
  public void abortedAtOpening() throws FtpException {
    if (session.isBrokenOffAtOpening() && session.isOpen()) {
      delete();
    }
  }

  private void delete() throws FtpException {
    if (deletable != null) {
      delete(deletable);
    }
  }

  private void delete(String path) throws FtpException {
    session.cleanUp(() -> session.runVerb(control -> control.ask(Command.of("DELE", path)).reply()));
  }

  /** The name that a server chose for STOU, where it gives it (RFC 1123 section 4.1.2.9: {@code 150 FILE: name}). */
  public static Optional<String> uniqueName(Transfer transfer) {
    return transfer
        .preliminary()
        .flatMap(UploadCleanup::nameIn)
        .or(() -> transfer.succeeded().flatMap(TransferResult::reply).flatMap(UploadCleanup::nameIn));
  }

  private static Optional<String> nameIn(Reply reply) {
    return reply.lines().stream().map(UploadCleanup::nameIn).flatMap(Optional::stream).findFirst();
  }

  private static Optional<String> nameIn(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    for (String mark : new String[] {FILE, NAME}) {
      int at = lower.indexOf(mark);
      if (at >= 0) {
        String name = text.substring(at + mark.length()).strip();
        name = name.endsWith(".)") || name.endsWith(")") ? name.substring(0, name.indexOf(')')) : name;
        return name.isEmpty() ? Optional.empty() : Optional.of(name);
      }
    }
    int open = text.indexOf('"');
    int close = text.indexOf('"', open + 1);
    return open >= 0 && close > open + 1 ? Optional.of(text.substring(open + 1, close)) : Optional.empty();
  }
}
