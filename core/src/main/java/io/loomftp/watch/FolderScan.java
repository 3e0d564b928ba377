package io.loomftp.watch;

import io.loomftp.EntryFilter;
import io.loomftp.ErrorKind;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpEntry;
import io.loomftp.FtpException;
import io.loomftp.FtpSession;
import io.loomftp.FtpTransferException;
import io.loomftp.WalkEntry;
import io.loomftp.internal.retry.Cancellation;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Lists a folder and those below it once. Cancellation is noticed before each listing. An empty listing of a folder that had
 * files is accepted only if the folder can be entered: servers send one for folders that they cannot open, too.
 */
final class FolderScan {
  private final FtpSession session;
  private final String start;
  private final int depth;
  private final EntryFilter rules;
  private final Cancellation cancellation;
  private final Predicate<String> hadFiles;
  private final Map<String, WalkEntry> files = new LinkedHashMap<>();
  private final Set<String> marks = new HashSet<>();
  private final Deque<Folder> waiting = new ArrayDeque<>();

  /** A folder to list: its path below the start, and its level, 0 for the start. */
  private record Folder(String below, int level) {}

  /**
   * Prepares a scan.
   *
   * @param hadFiles whether the folder of that path had files when it was listed last
   */
  FolderScan(
      FtpSession session, String start, int depth, EntryFilter rules, Cancellation cancellation, Predicate<String> hadFiles) {
    this.session = session;
    this.start = start;
    this.depth = depth;
    this.rules = rules;
    this.cancellation = cancellation;
    this.hadFiles = hadFiles;
  }

  /** The files by their paths, in the order of the listings. */
  Map<String, WalkEntry> run() throws FtpException {
    waiting.add(new Folder("", 0));
    for (Folder next = waiting.poll(); next != null; next = waiting.poll()) {
      if (cancellation.isCancelled()) {
        throw closed(start);
      }
      list(next);
    }
    return files;
  }

  static FtpClosedException closed(String path) {
    return new FtpClosedException("the watch of " + path + " is closed", ErrorKind.ABORTED, List.of(), null);
  }

  private void list(Folder folder) throws FtpException {
    String path = join(start, folder.below);
    List<WalkEntry> rows;
    try (Stream<WalkEntry> listing = session.walk(path, 1, EntryFilter.all())) {
      rows = listing.toList();
    }
    if (rows.isEmpty() && hadFiles.test(path)) {
      requireFolder(path);
    }
    for (WalkEntry row : rows) {
      add(folder, row.entry());
    }
    if (files.size() > session.config().limits().listingEntries()) {
      throw over("files", session.config().limits().listingEntries());
    }
  }

  private void requireFolder(String path) throws FtpException {
    if (path.startsWith("/")) {
      session.cd(path); // the pool goes back to its own folder
    } else if (!path.isEmpty() && !session.exists(path)) {
      throw new FtpTransferException(
          "LIST " + path + ": the listing is empty and the server has no such folder",
          null, 0, ErrorKind.NOT_FOUND, true, session.transcript(), null);
    }
  }

  private void add(Folder folder, FtpEntry entry) throws FtpException {
    String below = join(folder.below, entry.name());
    if (!entry.isDirectory()) {
      if (rules.wants(below, entry)) {
        String path = join(start, below);
        files.put(path, new WalkEntry(path, folder.level + 1, entry));
      }
      return;
    }
    boolean enters =
        folder.level + 1 < depth && isOneName(entry.name()) && isNew(entry) && rules.enters(below, entry);
    if (enters) {
      if (folder.level + 1 >= session.config().limits().depth()) {
        throw over("levels of folders", session.config().limits().depth());
      }
      waiting.add(new Folder(below, folder.level + 1));
    }
  }

  /** Whether the name is one level below; names from a hostile server may lead elsewhere. */
  private static boolean isOneName(String name) {
    return !name.isEmpty() && !name.equals(".") && !name.equals("..") && name.indexOf('/') < 0;
  }

  private boolean isNew(FtpEntry folder) {
    return folder.fact("unique").map(marks::add).orElse(true);
  }

  private FtpTransferException over(String what, long limit) {
    return new FtpTransferException(
        "watching " + start + " failed: more than " + limit + " " + what + "; see FtpConfig.limits",
        null, 0, ErrorKind.LIMIT, true, session.transcript(), null);
  }

  private static String join(String folder, String name) {
    if (folder.isEmpty() || name.isEmpty()) {
      return folder + name;
    }
    return folder.endsWith("/") ? folder + name : folder + "/" + name;
  }
}
