package io.loomftp.mirror;

import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpSession;
import io.loomftp.internal.file.FolderPlace;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Asks the source about each entry that is to be deleted at the destination, before anything is deleted: a listing does not
 * prove that an entry is missing. What lies in a folder that the source does not have is not asked about.
 */
final class DeletionCheck {
  private final LocalTree local;
  private final RemoteTree remote;
  private volatile Optional<String> rootPlace = Optional.empty();
  private volatile boolean rootKnown;

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

  /**
   * For downloads.
   *
   * @throws FtpException when the server does not tell
   * @throws FileSystemException when the server has the entry
   */
  void requireNotOnServer(FtpSession session, MirrorAction delete) throws IOException {
    if (remote.has(session, delete.path())) {
      throw new FileSystemException(
          delete.path(), null, "is not deleted: the server has it, although it was not in the listing");
    }
  }

  /**
   * The names that an upload has added to each folder, where they could be listed.
   *
   * @param deletes outermost deletes; only their folders are of interest
   */
  static Map<String, Set<String>> added(List<MirrorAction> plan, List<MirrorAction> deletes) {
    Map<String, Set<String>> added = new HashMap<>();
    deletes.forEach(delete -> added.put(parent(delete.path()), new TreeSet<>()));
    for (MirrorAction action : plan) {
      Set<String> names = added.get(parent(action.path()));
      String name = action.path().substring(action.path().lastIndexOf('/') + 1);
      if (names != null && action.addsEntry() && !name.isEmpty() && !RemoteNames.isHidden(name)) {
        names.add(name);
      }
    }
    return added;
  }

  /**
   * For uploads: a server that keeps a file under another name than it was sent under, such as in other letters, lists that
   * name as one that the source does not have.
   *
   * @throws FileSystemException when a name that was sent is not listed
   */
  void requireListed(FtpSession session, String folder, Set<String> added) throws IOException {
    if (added.isEmpty()) {
      return;
    }
    RemoteTree.Contents there = remote.list(session, folder, entries -> {});
    Set<String> missing = new TreeSet<>(added);
    there.rows().forEach(row -> missing.remove(row.name()));
    if (!missing.isEmpty()) {
      throw new FileSystemException(
          missing.iterator().next(),
          null,
          "was sent to '" + folder + "' and is not listed there: the server may keep it under another name");
    }
  }

  /**
   * For uploads: some servers list a link to a folder as a folder, and what is in it is not in this tree.
   *
   * @param folder one in which something is to be deleted
   * @throws FileSystemException when PWD shows that the folder, or one above it, is in another place
   */
  void requireInside(FtpSession session, String folder) throws IOException {
    if (folder.isEmpty()) {
      return;
    }
    if (!rootKnown) {
      rootPlace = rootPlace(session);
      rootKnown = true;
    }
    if (rootPlace.isEmpty()) {
      return;
    }
    Optional<String> place;
    try {
      place = remote.place(session, folder);
    } catch (FtpReplyException e) {
      if (e.kind() == ErrorKind.NOT_FOUND && !e.reply().isTransientError()) {
        return; // it is gone
      }
      throw e;
    }
    if (FolderPlace.isElsewhere(rootPlace, folder, place)) {
      throw new FileSystemException(
          folder, null, "is not deleted from: it is a link on the server, to " + LineEscapes.visible(place.orElseThrow()));
    }
  }

  private Optional<String> rootPlace(FtpSession session) throws FtpException {
    try {
      return remote.place(session, "");
    } catch (FtpReplyException e) {
      if (e.reply().isTransientError()) {
        throw e;
      }
      return Optional.empty(); // this server does not tell
    }
  }

  static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  /**
   * For uploads.
   *
   * @throws FileSystemException when the local tree has the entry, or cannot be read there
   */
  void requireNotLocal(MirrorAction delete) throws IOException {
    if (local.mayExist(delete.path())) {
      throw new FileSystemException(delete.path(), null, "is not deleted: the local tree has it");
    }
  }
}
