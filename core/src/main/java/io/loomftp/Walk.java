package io.loomftp;

import io.loomftp.internal.text.EntryName;
import io.loomftp.internal.text.Glob;
import io.loomftp.internal.wire.Command;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.Spliterators;
import java.util.function.Consumer;

/**
 * Walks a tree folder by folder, the entries of each before the contents of its subfolders. A folder is listed completely
 * when the stream reaches it, so that the session is free for other verbs between entries.
 */
final class Walk extends Spliterators.AbstractSpliterator<WalkEntry> {
  private final Listings listings;
  private final String start;
  private final int depth;
  private final EntryFilter rules;
  private final Limits limits;
  private final Deque<Folder> waiting = new ArrayDeque<>();
  private final Deque<WalkEntry> ready = new ArrayDeque<>();
  /** The {@code unique} facts of folders seen: the same folder under two names is entered once. */
  private final Set<String> met = new HashSet<>();
  private long entries;

  Walk(Listings listings, String start, int depth, EntryFilter rules) {
    super(Long.MAX_VALUE, ORDERED | NONNULL);
    this.listings = listings;
    this.start = start;
    this.depth = depth;
    this.rules = rules;
    this.limits = listings.session().config().limits();
    waiting.add(new Folder("", 0));
  }

  /** The entries of one folder whose names match a pattern. */
  static List<WalkEntry> glob(Listings listings, String pattern) throws FtpException {
    int slash = pattern.lastIndexOf('/');
    String folder = slash < 0 ? "" : slash == 0 ? "/" : pattern.substring(0, slash);
    Glob name = new Glob(pattern.substring(slash + 1));
    List<WalkEntry> matching = new ArrayList<>();
    try {
      new Walk(listings, folder, 1, EntryFilter.all())
          .forEachRemaining(
              found -> {
                if (name.matches(found.entry().name())) {
                  matching.add(found);
                }
              });
    } catch (UncheckedIOException e) {
      throw listings.unwrapped("LIST " + folder, e);
    }
    return List.copyOf(matching);
  }

  /** A folder to be listed, by its path below the start. */
  private record Folder(String below, int depth) {}

  @Override
  public boolean tryAdvance(Consumer<? super WalkEntry> action) {
    try {
      while (ready.isEmpty()) {
        Folder next = waiting.poll();
        if (next == null) {
          return false;
        }
        list(next);
      }
    } catch (FtpException e) {
      throw new UncheckedIOException(e);
    }
    action.accept(ready.remove());
    return true;
  }

  private void list(Folder folder) throws FtpException {
    listings.session().checkGoesOn("the listing of " + Command.printable(join(start, folder.below)));
    List<FtpEntry> all = listings.whole(join(start, folder.below), listings.session().config().listHidden());
    entries += all.size();
    if (entries > limits.listingEntries()) {
      throw over("entries", limits.listingEntries());
    }
    for (FtpEntry entry : all) {
      String below = join(folder.below, entry.name());
      if (rules.wants(below, entry)) {
        ready.add(new WalkEntry(join(start, below), folder.depth + 1, entry));
      }
      if (entry.isDirectory() && EntryName.isOneLevel(entry.name()) && isNew(entry) && rules.enters(below, entry)) {
        enter(new Folder(below, folder.depth + 1));
      }
    }
  }

  private void enter(Folder folder) throws FtpException {
    if (folder.depth >= depth) {
      return;
    }
    if (folder.depth >= limits.depth()) {
      throw over("levels of folders", limits.depth());
    }
    listings.checkBelow(join(start, folder.below));
    waiting.add(folder);
  }

  private boolean isNew(FtpEntry folder) {
    return folder.fact("unique").map(met::add).orElse(true);
  }

  private FtpTransferException over(String what, long limit) {
    return new FtpTransferException(
        "the walk from '" + start + "' was ended: more than " + limit + " " + what,
        null,
        0,
        ErrorKind.LIMIT,
        true,
        listings.session().transcript().lines(),
        null);
  }

  private static String join(String folder, String name) {
    if (folder.isEmpty() || name.isEmpty()) {
      return folder + name;
    }
    return folder.endsWith("/") ? folder + name : folder + "/" + name;
  }
}
