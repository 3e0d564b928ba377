package io.loomftp.internal.file;

import io.loomftp.FtpException;
import io.loomftp.TransferOptions;
import io.loomftp.TransferResult.Verified;
import io.loomftp.TransferResult;
import io.loomftp.TransferType;
import io.loomftp.Verify;
import io.loomftp.internal.session.FileQueries;
import io.loomftp.internal.session.SessionCore;
import io.loomftp.internal.session.UploadCleanup;
import io.loomftp.internal.transfer.Transfer;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The size that the file of a streamed upload has at its end, compared with the server's where it gives it. Without TLS, something
 * between both sides can end the data connection in order, and the server confirms what it got.
 */
public final class StreamedSize {
  private final SessionCore session;
  private final FileQueries queries;
  private final String verb;
  private final @Nullable String path;
  private final long kept;
  private final boolean exact;
  private final boolean wanted;

  /**
   * The size of one upload.
   *
   * @param path null where the server chooses it
   * @param kept bytes that the file has before those that are sent
   * @param exact whether it cannot be longer
   */
  private StreamedSize(
      SessionCore session, FileQueries queries, String verb, @Nullable String path, long kept, boolean exact) {
    this.session = session;
    this.queries = queries;
    this.verb = verb;
    this.path = path;
    this.kept = kept;
    this.exact = exact;
    this.wanted = isWanted(session);
  }

  private static boolean isWanted(SessionCore session) {
    return session.config().verifyStreams() != Verify.NONE && session.config().transferType() == TransferType.BINARY;
  }

  /**
   * Of STOR. Behind an offset a server may keep the end of a longer file.
   *
   * @param offset bytes that the server keeps
   */
  public static StreamedSize stored(SessionCore session, FileQueries queries, String path, long offset) {
    return new StreamedSize(session, queries, "STOR", path, offset, offset == 0);
  }

  /** Of APPE: asks for the size before, as a part of the verb that is running. Others may append as well. */
  public static StreamedSize appended(SessionCore session, FileQueries queries, String path) throws FtpException {
    long before = isWanted(session) ? queries.sizeWithinVerb(path).orElse(0) : 0;
    return new StreamedSize(session, queries, "APPE", path, before, false);
  }

  /** Of STOU, where the server gives the name. */
  public static StreamedSize unique(SessionCore session, FileQueries queries) {
    return new StreamedSize(session, queries, "STOU", null, 0, true);
  }

  /**
   * Compares it after the server has confirmed the upload. Where the connection is lost over that, the upload counts as
   * confirmed and not verified, and the next verb finds the session closed.
   *
   * @return the result, with what was verified
   * @throws io.loomftp.FtpTransferException when the sizes differ; the file is left on the server
   */
  public TransferResult compare(Transfer transfer) throws FtpException {
    TransferResult result = transfer.result();
    Optional<String> name = Optional.ofNullable(path).or(() -> UploadCleanup.uniqueName(transfer));
    if (!wanted || name.isEmpty()) {
      return result;
    }
    OptionalLong size;
    try {
      size = queries.uploadedSize(name.get());
    } catch (FtpException e) {
      if (!e.sessionUsable()) {
        return result;
      }
      throw e;
    }
    long least = kept + transfer.bytes();
    if (!exact && size.isPresent() && size.getAsLong() > least) {
      return result;
    }
    var operation = new FileTransfer(session, queries, TransferOptions.defaults(), name.get(), verb + " " + name.get());
    operation.ended(transfer);
    Verified verified = RemoteFile.compareSize(operation, least, size);
    return new TransferResult(
        result.path(), result.bytes(), result.duration(), result.reply(), result.protection(), result.outcome(),
        result.resumedFrom(), result.digest(), verified, result.attempts());
  }
}
