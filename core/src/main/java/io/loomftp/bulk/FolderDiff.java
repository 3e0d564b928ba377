package io.loomftp.bulk;

import io.loomftp.FtpEntry;
import io.loomftp.Rules;
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
import org.jspecify.annotations.Nullable;

/** Compares one folder of the source with its copy, and says which folders below are to be compared next. */
final class FolderDiff {
  private static final String PART = ".part"; // how a download is called until it is complete

  private final Mirror.Settings set;
  private final LocalTree local;
  private final Comparison comparison;
  private final Findings findings;
  private final Findings.Folder folder;
  private final int deepest;
  private final @Nullable CharsetEncoder encoder;
  private final @Nullable Path journal;

  private final Map<String, String> names = new HashMap<>(); // key of a name in the source: the first such name
  private final Set<String> files = new HashSet<>(); // keys of files in the source that have a partner in PART_NAME
  private final Set<String> unlike = new HashSet<>(); // names of files whose digests differ
  private final List<Findings.Folder> below = new ArrayList<>();

  FolderDiff(
      Mirror.Settings set,
      LocalTree local,
      Comparison comparison,
      Findings findings,
      Findings.Folder folder,
      int deepest,
      @Nullable CharsetEncoder encoder) {
    this.set = set;
    this.local = local;
    this.comparison = comparison;
    this.findings = findings;
    this.folder = folder;
    this.deepest = deepest;
    this.encoder = encoder;
    this.journal = set.journal == null ? null : set.journal.toAbsolutePath();
  }

  private boolean isDownload() {
    return set.direction == MirrorPlan.Direction.DOWNLOAD;
  }

  /** Tells whether two files are the same, by reading both. */
  @FunctionalInterface
  interface Twins {
    boolean areAlike(String path) throws IOException;
  }

  /** Compares the digests of files that differ in nothing else; to be called before {@link #compare}, if at all. */
  void compareDigests(List<Row> source, List<Row> copies, Twins twins) throws IOException {
    Map<String, Row> there = byKey(copies);
    for (Row row : source) {
      Row copy = there.get(key(row.name()));
      String path = path(row);
      boolean both =
          row.isFile() && copy != null && copy.isFile() && fault(row) == null && set.rules.wants(path, row.entry());
      if (both && comparison.difference(row, copy).isEmpty() && !twins.areAlike(path)) {
        unlike.add(row.name());
      }
    }
  }

  private Map<String, Row> byKey(List<Row> copies) {
    Map<String, Row> there = new HashMap<>(copies.size() * 2);
    for (Row copy : copies) {
      there.putIfAbsent(key(copy.name()), copy);
    }
    return there;
  }

  /** Compares, and gives the folders that are to be compared next. */
  List<Findings.Folder> compare(List<Row> source, List<Row> copies) {
    Map<String, Row> there = byKey(copies);
    List<Row> inOrder = new ArrayList<>(source); // so that of two that collide it is always the same that comes first
    inOrder.sort(Comparator.comparing(Row::name));
    for (Row row : inOrder) {
      if (row.isFile()) {
        files.add(key(row.name()));
      }
    }
    for (Row row : inOrder) {
      if (!isJournal(path(row))) {
        compare(row, path(row), there.get(key(row.name())));
      }
    }
    return below;
  }

  /** What only the destination has. */
  List<Row> extra(List<Row> source, List<Row> copies) {
    Set<String> keys = new HashSet<>();
    source.forEach(row -> keys.add(key(row.name())));
    return copies.stream().filter(copy -> !keys.contains(key(copy.name())) && !isJournal(path(copy))).toList();
  }

  private boolean isJournal(String path) {
    return journal != null && journal.startsWith(local.root()) && journal.equals(local.root().resolve(path.replace('\0', '_')));
  }

  private String key(String name) {
    return isDownload() ? local.key(name) : name;
  }

  private String path(Row row) {
    return folder.path.isEmpty() ? row.name() : folder.path + "/" + row.name();
  }

  private void compare(Row row, String path, @Nullable Row copy) {
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
      findings.refuse(MirrorReason.ILLEGAL_NAME, path, fault);
      return;
    }
    String twin = names.putIfAbsent(key, row.name());
    if (twin != null) {
      boolean same = twin.equals(row.name());
      findings.refuse(
          same ? MirrorReason.DUPLICATE : MirrorReason.CASE_COLLISION, path, same ? "" : "with '" + twin + "'");
      return;
    }
    switch (row.type()) {
      case FILE -> compareFile(row, path, copy);
      case DIRECTORY -> compareFolder(row, path, copy, wanted);
      case LINK -> findings.skip(MirrorReason.LINK, path, row.detail().isEmpty() ? "" : "to " + row.detail());
      case UNKNOWN -> {
        if (isDownload()) {
          findings.skip(MirrorReason.SPECIAL, path, "the listing does not say what it is");
        } else {
          findings.refuse(MirrorReason.UNREADABLE, path, row.detail());
        }
      }
      default -> findings.skip(MirrorReason.SPECIAL, path, "");
    }
  }

  private @Nullable String fault(Row row) {
    String fault = RemoteTree.fault(row.name(), encoder);
    return fault == null && isDownload() ? set.names.objection(row.name()).orElse(null) : fault;
  }

  private void compareFolder(Row row, String path, @Nullable Row copy, boolean wanted) {
    if (!findings.isNew(row.detail())) {
      findings.refuse(MirrorReason.LOOP, path, "the folder was met before under another name");
      return;
    }
    if (folder.depth + 1 > deepest) {
      findings.refuse(MirrorReason.TOO_DEEP, path, "more than " + deepest + " levels of folders");
      return;
    }
    if (copy != null && !copy.isFolder()) {
      inTheWay(path, copy);
      return;
    }
    Findings.Folder child = new Findings.Folder(folder, path, folder.depth + 1, copy == null);
    if (wanted) {
      findings.make(child);
    }
    below.add(child);
  }

  private void compareFile(Row row, String path, @Nullable Row copy) {
    if (isDownload() && row.name().endsWith(PART)) {
      String whole = row.name().substring(0, row.name().length() - PART.length());
      if (files.contains(key(whole))) {
        findings.refuse(MirrorReason.PART_NAME, path, "'" + whole + "' has that name until it is complete");
        return;
      }
    }
    if (copy == null) {
      transfer(MirrorReason.MISSING, row, path, "");
    } else if (!copy.isFile()) {
      inTheWay(path, copy);
    } else {
      comparison
          .difference(row, copy)
          .or(() -> unlike.contains(row.name()) ? Optional.of(MirrorReason.HASH_DIFFERS) : Optional.empty())
          .ifPresentOrElse(why -> transfer(why, row, path, difference(why, row, copy)), findings::countUnchanged);
    }
  }

  private void inTheWay(String path, Row copy) {
    findings.refuse(
        copy.isLink() ? MirrorReason.LINK : MirrorReason.KIND_DIFFERS,
        path,
        "the destination has " + (copy.isLink() ? "a link" : copy.isFolder() ? "a folder" : "something else") + " there");
  }

  private static String difference(MirrorReason why, Row row, Row copy) {
    return switch (why) {
      case SIZE_DIFFERS -> row.size() + " bytes, the copy has " + copy.size();
      case NEWER, TIME_DIFFERS -> row.modified() + ", the copy is of " + copy.modified();
      default -> "";
    };
  }

  private void transfer(MirrorReason why, Row row, String path, String detail) {
    if (!isDownload()) {
      try {
        if (!Files.isReadable(local.source(path))) {
          findings.refuse(MirrorReason.UNREADABLE, path, "this user may not read it");
          return;
        }
      } catch (IOException e) {
        findings.refuse(MirrorReason.UNREADABLE, path, String.valueOf(e.getMessage()));
        return;
      }
    }
    findings.make(folder);
    findings.add(MirrorAction.Kind.TRANSFER, why, path, detail, row.size(), row.modified());
  }

  /** Whether the rules let a file or link that only the destination has be deleted. */
  static boolean mayDelete(Mirror.Settings set, String path, Row copy) {
    return (copy.isFile() || copy.isLink()) && (set.deleteExcluded || set.rules.wants(path, copy.entry()));
  }

  /** Whether the rules let a folder that only the destination has be emptied. */
  static boolean mayEmpty(Mirror.Settings set, String path, Row copy) {
    return copy.isFolder() && (set.deleteExcluded || set.rules.enters(path, copy.entry()));
  }

  /** Whether the rules let a folder be removed when it is empty. */
  static boolean mayRemove(Mirror.Settings set, String path, Row copy) {
    Rules rules = set.rules;
    return set.deleteExcluded || rules.wants(path, copy.entry());
  }
}
