package io.loomftp.mirror;

import io.loomftp.FtpException;
import io.loomftp.FtpSession;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Asks the source about each entry that is to be deleted at the destination, before anything is deleted: a listing does not
 * prove that an entry is missing. What lies in a folder that the source does not have is not asked about.
 */
final class DeletionCheck {
  private final LocalTree local;
  private final RemoteTree remote;

  DeletionCheck(LocalTree local, RemoteTree remote) {
    this.local = local;
    this.remote = remote;
  }

  /** The deletes that are not inside a folder that is deleted as a whole. */
  static List<Integer> outermost(RunResults results, List<Integer> files, List<Integer> folders) {
    Set<String> deleted = new HashSet<>();
    folders.forEach(index -> deleted.add(results.action(index).path()));
    return Stream.concat(files.stream(), folders.stream())
        .filter(index -> !deleted.contains(parent(results.action(index).path())))
        .toList();
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  /**
   * For downloads.
   *
   * @throws FtpException when the server does not tell
   * @throws FileSystemException when the server has the entry
   */
  void requireNotOnServer(FtpSession session, MirrorAction delete) throws IOException {
    if (session.exists(remote.at(delete.path()))) {
      throw new FileSystemException(
          delete.path(), null, "is not deleted: the server has it, although it was not in the listing");
    }
  }

  /**
   * For uploads.
   *
   * @throws FileSystemException when the local tree has the entry
   */
  void requireNotLocal(MirrorAction delete) throws IOException {
    if (local.exists(delete.path())) {
      throw new FileSystemException(delete.path(), null, "is not deleted: the local tree has it");
    }
  }
}
