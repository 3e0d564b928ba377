package io.loomftp.watch;

import io.loomftp.EntryFilter;
import io.loomftp.ErrorKind;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpEntry;
import io.loomftp.FtpException;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpSession;
import io.loomftp.FtpTransferException;
import io.loomftp.Listing;
import io.loomftp.WalkEntry;
import io.loomftp.internal.retry.Cancellation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Lists a folder and those below it once. Cancellation is noticed before each listing. An empty listing of a folder that had
 * files is accepted only if the folder can be entered and one of the files does not exist: servers send one for folders that they
 * cannot open, too. Where a line of a listing was not understood, the server is asked for each file that is missing.
 */
final class FolderScan {
  /** The most files that the server is asked for in one scan of a folder. */
  private static final int MOST_ASKED = 100;

  private final FtpSession session;
  private final String start;
  private final int depth;
  private final EntryFilter rules;
  private final Cancellation cancellation;
  private final WatchedFiles known;
  private final Map<String, WalkEntry> files = new LinkedHashMap<>();
  private final List<String> doubtful = new ArrayList<>();
  private final Set<String> unlisted = new HashSet<>();
  private final Set<String> marks = new HashSet<>();
  private final Deque<Folder> waiting = new ArrayDeque<>();

  /** A folder to list: its path below the start, and its level, 0 for the start. */
  private record Folder(String below, int level) {}

  /**
   * Prepares a scan.
   *
   * @param known the files that were listed before
   */
  FolderScan(
      FtpSession session, String start, int depth, EntryFilter rules, Cancellation cancellation, WatchedFiles known) {
    this.session = session;
    this.start = start;
    this.depth = depth;
    this.rules = rules;
    this.cancellation = cancellation;
    this.known = known;
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
    for (String folder : doubtful) {
      askForMissing(folder);
    }
    return files;
  }

  /** The files that were not listed and may exist all the same. */
  Set<String> unlisted() {
    return unlisted;
  }

  /** Asks for the known files at and below a folder that were not listed; for a part of them in one scan if they are many. */
  private void askForMissing(String folder) throws FtpException {
    int asked = 0;
    for (String path : known.below(folder)) {
      if (!files.containsKey(path) && !unlisted.contains(path) && (asked++ >= MOST_ASKED || mayExist(path))) {
        unlisted.add(path);
      }
    }
  }

  private boolean mayExist(String path) throws FtpException {
    if (cancellation.isCancelled()) {
      throw closed(start);
    }
    try {
      return session.exists(path);
    } catch (FtpReplyException e) {
      return true;
    }
  }

  static FtpClosedException closed(String path) {
    return new FtpClosedException("the watch of " + path + " is closed", ErrorKind.ABORTED, List.of(), null);
  }

  private void list(Folder folder) throws FtpException {
    String path = join(start, folder.below);
    List<FtpEntry> rows;
    try {
      rows = rows(path);
    } catch (IllegalArgumentException e) {
      if (folder.level > 0) {
        throw over("bytes in a path", session.config().limits().argument());
      }
      throw e;
    }
    Optional<String> file = rows.isEmpty() ? known.fileIn(path) : Optional.empty();
    if (file.isPresent()) {
      requireEmpty(path, file.get());
    }
    for (FtpEntry row : rows) {
      add(folder, row);
    }
    if (files.size() > session.config().limits().listingEntries()) {
      throw over("files", session.config().limits().listingEntries());
    }
  }

  private List<FtpEntry> rows(String path) throws FtpException {
    List<FtpEntry> rows;
    try (Listing listing = session.list(path)) {
      rows = listing.toList();
      if (listing.diagnosticCount() > 0) {
        doubtful.add(path);
      }
    } catch (FtpException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (rows.size() == 1 && path.endsWith(rows.getFirst().name())) {
      // Perhaps the line of a file, or of the folder itself, which cannot be read: a walk finds out.
      try (Stream<WalkEntry> walk = session.walk(path, 1, EntryFilter.all())) {
        return walk.map(WalkEntry::entry).toList();
      }
    }
    return rows;
  }

  private void requireEmpty(String path, String file) throws FtpException {
    if (path.startsWith("/")) {
      session.cd(path); // the pool goes back to its own folder
    } else if (!path.isEmpty() && !session.exists(path)) {
      throw notListed(path, "the server has no such folder", ErrorKind.NOT_FOUND);
    }
    if (mayExist(file)) {
      throw notListed(path, "the server has " + file, ErrorKind.TRUNCATED);
    }
  }

  private FtpTransferException notListed(String path, String what, ErrorKind kind) {
    return new FtpTransferException(
        "LIST " + path + ": the listing is empty and " + what, null, 0, kind, true, session.transcript(), null);
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

  /** Whether the name is one level below and can be sent; names from a hostile server may lead elsewhere. */
  private static boolean isOneName(String name) {
    return !name.isEmpty() && !name.equals(".") && !name.equals("..")
        && name.chars().noneMatch(c -> c == '/' || c == '\r' || c == '\n' || c == 0);
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
