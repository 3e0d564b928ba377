package io.loomftp.mirror;

import io.loomftp.FtpException;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpSession;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Asks the server about entries that it may have without listing them under the local name: names that begin with a dot, which
 * many servers do not list, and on uploads names that differ from a listed one only in case or Unicode form, which some servers
 * take for the same.
 */
final class UnlistedEntries {
  private final MirrorSettings set;
  private final RemoteTree remote;
  private final FolderFindings found;
  private final FtpSession session;

  UnlistedEntries(MirrorSettings set, RemoteTree remote, FolderFindings found, FtpSession session) {
    this.set = set;
    this.remote = remote;
    this.found = found;
    this.session = session;
  }

  /** The remote entries, with those that were asked about and exist under their local names. */
  List<TreeEntry> add(List<TreeEntry> listed, List<TreeEntry> local) throws FtpException {
    Set<String> names = new HashSet<>();
    listed.forEach(row -> names.add(row.name()));
    List<TreeEntry> unlisted =
        local.stream().filter(row -> !names.contains(row.name()) && RemoteNames.fault(row.name(), null) == null).toList();
    List<TreeEntry> result = new ArrayList<>(listed);
    if (!remote.showsHidden() && (set.deletes() || !set.isDownload())) {
      for (TreeEntry row : unlisted) {
        if (RemoteNames.isHidden(row.name())) {
          ask(row).ifPresent(result::add);
        }
      }
    }
    if (!set.isDownload()) {
      renameTwins(result, unlisted, local.stream().map(TreeEntry::name).collect(Collectors.toSet()));
    }
    return result;
  }

  /** Gives a listed entry its local name where the server finds it under that name too. */
  private void renameTwins(List<TreeEntry> remoteRows, List<TreeEntry> unlisted, Set<String> localNames) throws FtpException {
    Map<String, TreeEntry> twins = new HashMap<>();
    unlisted.forEach(row -> twins.put(NameKeys.fold(row.name()), row));
    for (int i = 0; i < remoteRows.size() && !twins.isEmpty(); i++) {
      TreeEntry row = remoteRows.get(i);
      TreeEntry twin = twins.get(NameKeys.fold(row.name()));
      if (twin != null && !localNames.contains(row.name()) && ask(twin).isPresent()) {
        remoteRows.set(i, row.named(twin.name()));
      }
    }
  }

  private Optional<TreeEntry> ask(TreeEntry local) throws FtpException {
    String path = found.folder.pathOf(local.name());
    try {
      return remote.ask(session, path, local);
    } catch (FtpReplyException e) {
      found.refuse(MirrorReason.UNREADABLE, path, "the server does not tell whether it has this: " + e.getMessage());
      return Optional.empty();
    }
  }
}
