package io.loomftp.mirror;

import io.loomftp.FtpEntry;
import java.io.IOException;
import java.nio.charset.CharsetEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Compares one folder of the source with its copy. */
final class FolderDiff {
  /** The names beside a file while it is downloaded, such as {@code a.part}, {@code a.1.part} and {@code a.part.of}. */
  private static final Pattern PARTIAL = Pattern.compile("(.+?)(\\.\\d)?\\.part(\\.(of|segments)(\\.new)?)?", Pattern.DOTALL);

  private final MirrorSettings set;
  private final LocalTree local;
  private final Comparison comparison;
  private final FolderFindings found;
  private final PlannedFolder folder;
  private final int maxDepth;
  private final @Nullable CharsetEncoder encoder;
  private final @Nullable Path journal;

  private final Map<String, String> names = new HashMap<>(); // key of a name in the source: the first such name
  private final Set<String> files = new HashSet<>(); // keys of the files in the source
  private final Set<String> differing = new HashSet<>(); // names of files whose digests differ

  FolderDiff(
      MirrorSettings set,
      LocalTree local,
      Comparison comparison,
      FolderFindings found,
      int maxDepth,
      @Nullable CharsetEncoder encoder) {
    this.set = set;
    this.local = local;
    this.comparison = comparison;
    this.found = found;
    this.folder = found.folder;
    this.maxDepth = maxDepth;
    this.encoder = encoder;
    this.journal = set.journal == null ? null : set.journal.toAbsolutePath();
  }

  /** Compares the digests of both sides of a file. */
  @FunctionalInterface
  interface Digests {
    boolean areEqual(String path) throws IOException;
  }

  /** Compares the digests of files that differ in nothing else; called before {@link #compare}, if at all. */
  void compareDigests(List<TreeEntry> source, List<TreeEntry> copies, Digests digests) throws IOException {
    Map<String, TreeEntry> there = byKey(copies);
    for (TreeEntry row : source) {
      TreeEntry copy = there.get(key(row.name()));
      String path = path(row);
      if (copy == null || !row.isFile() || !copy.isFile() || fault(row) != null) {
        continue;
      }
      boolean wanted = set.rules.wants(path, row.entry());
      if (wanted && comparison.difference(row, copy).isEmpty() && !digests.areEqual(path)) {
        differing.add(row.name());
      }
    }
  }

  private Map<String, TreeEntry> byKey(List<TreeEntry> copies) {
    Map<String, TreeEntry> there = new HashMap<>(copies.size() * 2);
    for (TreeEntry copy : copies) {
      there.putIfAbsent(key(copy.name()), copy);
    }
    return there;
  }

  /** Compares both sides; the folders to compare next are among the findings. */
  void compare(List<TreeEntry> source, List<TreeEntry> copies) {
    Map<String, TreeEntry> there = byKey(copies);
    List<TreeEntry> inOrder = new ArrayList<>(source); // so that of two that collide it is always the same that comes first
    inOrder.sort(Comparator.comparing(TreeEntry::name));
    for (TreeEntry row : inOrder) {
      if (row.isFile()) {
        files.add(key(row.name()));
      }
    }
    for (TreeEntry row : inOrder) {
      if (!isJournal(path(row))) {
        compare(row, path(row), there.get(key(row.name())));
      }
    }
  }

  /** What only the destination has. */
  List<TreeEntry> extra(List<TreeEntry> source, List<TreeEntry> copies) {
    Set<String> keys = new HashSet<>();
    source.forEach(row -> keys.add(key(row.name())));
    return copies.stream().filter(copy -> !keys.contains(key(copy.name())) && !isJournal(path(copy))).toList();
  }

  private boolean isJournal(String path) {
    return journal != null && journal.startsWith(local.root()) && journal.equals(local.root().resolve(path.replace('\0', '_')));
  }

  private String key(String name) {
    return set.isDownload() ? local.key(name) : name;
  }

  private String path(TreeEntry row) {
    return folder.pathOf(row.name());
  }

  private void compare(TreeEntry row, String path, @Nullable TreeEntry copy) {
    String key = key(row.name());
    FtpEntry entry = row.entry();
    boolean wanted = set.rules.wants(path, entry);
    boolean entered = row.isFolder() && set.rules.enters(path, entry);
    if (row.isFolder() ? !entered : !wanted) {
      names.putIfAbsent(key, row.name());
      return;
    }
    String fault = fault(row);
    if (fault != null) {
      names.putIfAbsent(key, row.name());
      found.refuse(MirrorReason.ILLEGAL_NAME, path, fault);
      return;
    }
    String twin = names.putIfAbsent(key, row.name());
    if (twin != null) {
      boolean same = twin.equals(row.name());
      found.refuse(
          same ? MirrorReason.DUPLICATE : MirrorReason.CASE_COLLISION, path, same ? "" : "with '" + twin + "'");
      return;
    }
    switch (row.type()) {
      case FILE -> compareFile(row, path, copy);
      case DIRECTORY -> compareFolder(row, path, copy, wanted);
      case LINK -> found.skip(MirrorReason.LINK, path, row.detail().isEmpty() ? "" : "to " + row.detail());
      case UNKNOWN -> {
        if (set.isDownload()) {
          found.skip(MirrorReason.SPECIAL, path, "the listing does not say what it is");
        } else {
          found.refuse(MirrorReason.UNREADABLE, path, row.detail());
        }
      }
      default -> found.skip(MirrorReason.SPECIAL, path, "");
    }
  }

  private @Nullable String fault(TreeEntry row) {
    String fault = RemoteNames.fault(row.name(), encoder);
    return fault == null && set.isDownload() ? set.names.objection(row.name()).orElse(null) : fault;
  }

  private void compareFolder(TreeEntry row, String path, @Nullable TreeEntry copy, boolean wanted) {
    if (folder.depth + 1 > maxDepth) {
      found.refuse(MirrorReason.TOO_DEEP, path, "more than " + maxDepth + " levels of folders");
      return;
    }
    if (copy != null && !copy.isFolder()) {
      inTheWay(path, copy);
      return;
    }
    PlannedFolder child = new PlannedFolder(folder, path, folder.depth + 1, copy == null);
    found.children.add(new FolderFindings.Child(child, row.detail(), wanted));
  }

  private void compareFile(TreeEntry row, String path, @Nullable TreeEntry copy) {
    String whole = set.isDownload() ? partialOf(row.name()) : null;
    if (whole != null) {
      found.refuse(MirrorReason.PART_NAME, path, "'" + whole + "' may use that name until it is complete");
      return;
    }
    if (copy == null) {
      transfer(MirrorReason.MISSING, row, path, "");
    } else if (!copy.isFile()) {
      inTheWay(path, copy);
    } else {
      comparison
          .difference(row, copy)
          .or(() -> differing.contains(row.name()) ? Optional.of(MirrorReason.HASH_DIFFERS) : Optional.empty())
          .ifPresentOrElse(why -> transfer(why, row, path, difference(why, row, copy)), () -> found.unchanged++);
    }
  }

  /** The file of this folder whose download may use the name for its partial file or for what belongs to that; or null. */
  private @Nullable String partialOf(String name) {
    Matcher partial = PARTIAL.matcher(name);
    if (!partial.matches()) {
      return null;
    }
    String numbered = partial.group(1) + (partial.group(2) == null ? "" : partial.group(2));
    return files.contains(key(partial.group(1))) ? partial.group(1) : files.contains(key(numbered)) ? numbered : null;
  }

  private void inTheWay(String path, TreeEntry copy) {
    found.refuse(
        copy.isLink() ? MirrorReason.LINK : MirrorReason.KIND_DIFFERS,
        path,
        "the destination has " + (copy.isLink() ? "a link" : copy.isFolder() ? "a folder" : "something else") + " there");
  }

  private static String difference(MirrorReason why, TreeEntry row, TreeEntry copy) {
    return switch (why) {
      case SIZE_DIFFERS -> row.size() + " bytes, the copy has " + copy.size();
      case NEWER, TIME_DIFFERS -> time(row) + ", the copy is of " + time(copy);
      default -> "";
    };
  }

  private static String time(TreeEntry row) {
    return row.modified() == null ? "unknown" : row.modified().instant().toString();
  }

  private void transfer(MirrorReason why, TreeEntry row, String path, String detail) {
    if (!set.isDownload()) {
      try {
        if (!Files.isReadable(local.source(path))) {
          found.refuse(MirrorReason.UNREADABLE, path, "this user may not read it");
          return;
        }
      } catch (IOException e) {
        found.refuse(MirrorReason.UNREADABLE, path, String.valueOf(e.getMessage()));
        return;
      }
    }
    found.needsFolder = true;
    found.actions.add(
        new MirrorAction(MirrorAction.Kind.TRANSFER, why, path, detail, row.size(), row.modified()));
  }
}
