package io.loomftp;

import io.loomftp.internal.control.Exchange;
import io.loomftp.internal.file.FolderPlace;
import io.loomftp.internal.session.FolderCommands;
import io.loomftp.internal.session.FolderVisit;
import io.loomftp.internal.session.SessionCore;
import io.loomftp.internal.text.EntryName;
import io.loomftp.internal.wire.Command;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Deletes one tree: lists all of it first, so that a limit is reached before any file is deleted, then deletes bottom up. DELE is
 * tried on a folder before it is listed: that deletes a link which the server lists as a folder, and is refused for folders.
 */
final class TreeDeleter {
  private static final int REFUSALS = 100;

  private final SessionCore session;
  private final FolderCommands folderCommands;
  private final Listings listings;
  private final boolean dryRun;
  private final Limits limits;

  private final List<String> files = new ArrayList<>();
  private final List<String> folders = new ArrayList<>();
  private @Nullable FtpException refused;
  private int refusals;
  private long entries;

  TreeDeleter(SessionCore session, FolderCommands folderCommands, Listings listings, boolean dryRun) {
    this.session = session;
    this.folderCommands = folderCommands;
    this.listings = listings;
    this.dryRun = dryRun;
    this.limits = session.config().limits();
  }

  /** A file or folder by its path from the working folder, and the path that PWD gives for the folder above. */
  private record Node(String path, boolean folder, int depth, Optional<String> parent) {
    String name() {
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  TreeDeletion delete(String path) throws FtpException {
    String root = check(path);
    session.check(path);
    for (Node node : tree(root)) {
      session.checkGoesOn("the deletion of " + Command.printable(node.path));
      if (dryRun) {
        note(node);
      } else {
        deleteNode(node);
      }
    }
    FtpException first = refused;
    if (first != null) {
      throw first;
    }
    return new TreeDeletion(dryRun, files, folders);
  }

  private static String check(String path) {
    String bare = path;
    while (bare.length() > 1 && bare.endsWith("/")) {
      bare = bare.substring(0, bare.length() - 1);
    }
    String name = bare.substring(bare.lastIndexOf('/') + 1);
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      throw new IllegalArgumentException("deleteTree takes the path of what is to be deleted by its name, not '" + Command
          .printable(path) + "'");
    }
    return bare;
  }

  /** The path that PWD gives in a folder; empty where it gives none or the folder cannot be entered. */
  private Optional<String> placeOf(String path) throws FtpException {
    if (path.isEmpty()) {
      return session.runVerb(control -> session.folderIfTold()).filter(place -> place.startsWith("/"));
    }
    try {
      Optional<FolderVisit> visit = FolderVisit.enter(session, path);
      if (visit.isEmpty()) {
        return Optional.empty();
      }
      try {
        return placeOf("");
      } finally {
        visit.get().end();
      }
    } catch (FtpReplyException e) {
      return Optional.empty();
    }
  }

  private static String above(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : slash == 0 ? "/" : path.substring(0, slash);
  }

  /** The listing of the folder above distinguishes links from folders. */
  private boolean isFolder(String path) throws FtpException {
    String name = path.substring(path.lastIndexOf('/') + 1);
    for (FtpEntry row : listings.whole(above(path), true)) {
      if (row.name().equals(name)) {
        return row.isDirectory();
      }
    }
    if (folderCommands.canEnter(path)) {
      return true;
    }
    return session.runVerb(control -> control.ask("SIZE", path).expect(ReplyCode.FILE_STATUS).isError(), path);
  }

  /** All nodes, each folder after its contents. */
  private List<Node> tree(String root) throws FtpException {
    Deque<Node> waiting = new ArrayDeque<>();
    Deque<Node> ordered = new ArrayDeque<>();
    waiting.push(new Node(root, !dryRun || isFolder(root), 0, dryRun ? Optional.empty() : placeOf(above(root))));
    while (!waiting.isEmpty()) {
      Node node = waiting.pop();
      session.checkGoesOn("the deletion of " + Command.printable(node.path));
      Optional<String> place = Optional.empty();
      if (node.folder && !dryRun) {
        Exchange dele = session.runVerb(control -> control.ask("DELE", node.path), node.path);
        if (dele.reply().isCompletion()) {
          files.add(node.path);
          continue;
        }
        place = placeOf(node.path);
        if (FolderPlace.isElsewhere(node.parent, node.name(), place)) {
          refuse(dele.refused());
          continue;
        }
      }
      ordered.push(node);
      if (node.folder) {
        for (FtpEntry row : contents(node)) {
          Node below = new Node(node.path + "/" + row.name(), row.isDirectory(), node.depth + 1, place);
          listings.checkBelow(below.path);
          waiting.push(below);
        }
      }
    }
    return List.copyOf(ordered);
  }

  private List<FtpEntry> contents(Node folder) throws FtpException {
    if (folder.depth >= limits.depth()) {
      throw over("levels of folders", limits.depth());
    }
    List<FtpEntry> rows = listings.whole(folder.path, true).stream().filter(row -> EntryName.isOneLevel(row.name())).toList();
    entries += rows.size();
    if (entries > limits.listingEntries()) {
      throw over("entries", limits.listingEntries());
    }
    return rows;
  }

  private FtpTransferException over(String what, long limit) {
    return new FtpTransferException(
        "the tree has more than " + limit + " " + what + ": its files were not deleted", null, 0, ErrorKind.LIMIT, true,
        session.transcript().lines(), null);
  }

  private void note(Node node) {
    (node.folder ? folders : files).add(node.path);
  }

  private void deleteNode(Node node) throws FtpException {
    Exchange done =
        session.runVerb(
            control -> node.folder ? control.askEither("RMD", "XRMD", node.path) : control.ask("DELE", node.path),
            node.path);
    if (done.reply().isCompletion()) {
      note(node);
      return;
    }
    refuse(done.refused());
  }

  private void refuse(FtpException refusal) {
    FtpException first = refused;
    refusals++;
    if (first == null) {
      refused = refusal;
    } else if (refusals <= REFUSALS) {
      first.addSuppressed(refusal);
    }
  }
}
