package io.loomftp.mirror;

import io.loomftp.Digest;
import io.loomftp.ErrorKind;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpException;
import io.loomftp.FtpLocalException;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpSession;
import io.loomftp.FtpTransferException;
import io.loomftp.TransferType;
import io.loomftp.internal.file.LocalFailure;
import io.loomftp.internal.observe.Observer;
import io.loomftp.pool.FtpPool;
import io.loomftp.pool.Lease;
import io.loomftp.pool.SessionWorkers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Compares two trees folder by folder, several at a time; each folder is listed once on each side. */
final class MirrorPlanner {
  private final MirrorSettings set;
  private final FtpPool pool;
  private final LocalTree local;
  private volatile RemoteTree remote;
  /** Asked for once: a session that has entered the root meanwhile would give another path. */
  private volatile boolean rootKnown;
  private final EntryBudget budget;
  private final PlanBuilder plan = new PlanBuilder();
  private final SessionWorkers<PlannedFolder> workers;
  private final AtomicReference<@Nullable FtpException> failure = new AtomicReference<>();

  MirrorPlanner(MirrorSettings set, FtpPool pool) {
    this.set = set;
    this.pool = pool;
    this.local = new LocalTree(set.local, set.followLinks && !set.isDownload(), set.names);
    this.remote = new RemoteTree(set.remote, set.followLinks && set.isDownload());
    this.budget = new EntryBudget(set.maxEntries);
    this.workers = pool.workers(this::visit, (folder, reason) -> failure.compareAndSet(null, reason));
  }

  PlanData plan() throws FtpException {
    workers.add(PlannedFolder.root());
    try {
      workers.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FtpClosedException("planning the mirror was interrupted", ErrorKind.ABORTED, List.of(), e);
    }
    FtpException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
    List<MirrorAction> actions = plan.sorted();
    return new PlanData(
        UUID.randomUUID(),
        Instant.now().truncatedTo(ChronoUnit.MILLIS),
        set.direction,
        remote.root(),
        set.local.toAbsolutePath().toString(),
        set.names,
        set.followLinks,
        set.deleteShare,
        plan.unchanged(),
        plan.destinationEntries(),
        actions.stream().noneMatch(action -> action.kind() == MirrorAction.Kind.REFUSE),
        actions);
  }

  /** Returns whether the folder is finished, successfully or not; otherwise it is visited again. */
  private boolean visit(PlannedFolder folder, Lease lease) {
    FtpSession session = lease.session();
    FolderFindings found = new FolderFindings(folder, budget);
    try {
      compare(found, session);
      workers.addAll(plan.publish(found));
      return true;
    } catch (FtpReplyException e) {
      giveUp(folder, e);
    } catch (FtpException e) {
      if (e.kind() == ErrorKind.UNSUPPORTED || e.kind() == ErrorKind.LIMIT) {
        fail(e);
        return true;
      }
      boolean isFinal =
          switch (e.kind()) {
            case ABORTED -> true;
            case DENIED, NOT_FOUND -> e.sessionUsable();
            default -> false;
          };
      if (!isFinal && folder.mayBeRetried()) {
        Observer.of(pool.config()).retried("mirror: a folder's listing", folder.attempt(), Duration.ZERO, e.kind());
        found.discard();
        return false;
      }
      if (session.isOpen()) {
        giveUp(folder, e);
      } else {
        fail(e);
      }
    } catch (IOException e) {
      String what = (set.isDownload() ? "the copy " : "the source ") + local.root() + "/" + folder.path + ": " + e;
      giveUp(folder, new FtpLocalException(what, LocalFailure.kind(e), true, List.of(), e));
    } catch (IllegalArgumentException e) {
      giveUp(folder, new FtpLocalException(String.valueOf(e.getMessage()), ErrorKind.OTHER, true, List.of(), e));
    }
    found.discard();
    return true;
  }

  /** A folder below the root is left out and refused; without the root there is no plan. */
  private void giveUp(PlannedFolder folder, FtpException reason) {
    if (folder.isRoot()) {
      fail(reason);
    } else {
      plan.refuse(folder, String.valueOf(reason.getMessage()));
    }
  }

  private void fail(FtpException reason) {
    failure.compareAndSet(null, reason);
    workers.stop();
  }

  private void compare(FolderFindings found, FtpSession session) throws IOException {
    PlannedFolder folder = found.folder;
    if (folder.isRoot() && !rootKnown) {
      remote = new RemoteTree(absolute(session), set.followLinks && set.isDownload());
      rootKnown = true;
    }
    RemoteTree.Contents listed = listRemote(found, session);
    List<TreeEntry> here = listLocal(found);
    boolean knowsRemote = set.isDownload() || !folder.missing;
    List<TreeEntry> there =
        knowsRemote ? new UnlistedEntries(set, remote, found, session).add(listed.rows(), here) : listed.rows();
    List<TreeEntry> source = set.isDownload() ? there : here;
    List<TreeEntry> copies = set.isDownload() ? here : there;
    int maxDepth = pool.config().limits().depth();
    Charset charset = pool.config().charset();
    FolderDiff diff =
        new FolderDiff(set, local, comparison(session), found, maxDepth, set.isDownload() ? null : charset.newEncoder());
    if (set.compare.contains(Compare.HASH)) {
      diff.compareDigests(source, copies, path -> haveEqualDigests(path, session));
    }
    if (listed.problem() != null) {
      found.refuse(MirrorReason.UNREADABLE, folder.path, listed.problem());
    } else if (set.deletes()) {
      DeletionPlanner deletions = new DeletionPlanner(set, local, remote, found, session, maxDepth);
      for (TreeEntry extra : diff.extra(source, copies)) {
        deletions.planDelete(folder.pathOf(extra.name()), extra, folder.depth);
      }
    }
    found.destinationEntries += copies.size();
    diff.compare(source, copies);
  }

  /** The root as an absolute path, which every session can use from any folder; as given where PWD does not tell. */
  private String absolute(FtpSession session) throws FtpException {
    if (set.remote.startsWith("/")) {
      return set.remote;
    }
    try {
      String here = session.pwd();
      boolean slashes = here.startsWith("/");
      return !slashes ? set.remote : set.remote.isEmpty() ? here : new RemoteTree(here, false).at(set.remote);
    } catch (FtpReplyException e) {
      return set.remote;
    }
  }

  private boolean haveEqualDigests(String path, FtpSession session) throws IOException {
    Digest there;
    try {
      there = session.hash(remote.at(path));
    } catch (FtpReplyException e) {
      return false; // not proven equal: the file is transferred
    }
    try (InputStream in = Files.newInputStream(local.source(path))) {
      return Digest.of(there.algorithm(), in).equals(there);
    }
  }

  private Comparison comparison(FtpSession session) {
    boolean keepsTimes = set.options.keepsModified() && (set.isDownload() || session.features().has("MFMT"));
    boolean binary = pool.config().transferType() != TransferType.ASCII;
    boolean bySize = set.compare.contains(Compare.SIZE) || set.compare.contains(Compare.HASH);
    return new Comparison(bySize && binary, set.compare.contains(Compare.TIME), set.tolerance, keepsTimes);
  }

  private List<TreeEntry> listLocal(FolderFindings found) throws IOException {
    PlannedFolder folder = found.folder;
    if (set.isDownload() && folder.isRoot()) {
      folder.missing = !local.isFolder("");
      found.needsFolder |= folder.missing;
    }
    if (set.isDownload() && folder.missing) {
      return List.of();
    }
    List<TreeEntry> rows = set.isDownload() ? local.listWithoutStaleNotes(folder.path) : local.list(folder.path);
    found.countEntries(rows.size());
    return rows;
  }

  private RemoteTree.Contents listRemote(FolderFindings found, FtpSession session) throws FtpException {
    PlannedFolder folder = found.folder;
    if (set.isDownload()) {
      return remote.list(session, folder.path, found::countEntries);
    }
    if (folder.isRoot()) {
      folder.missing = false;
    }
    if (folder.missing) {
      return RemoteTree.Contents.NONE;
    }
    try {
      return remote.list(session, folder.path, found::countEntries);
    } catch (FtpReplyException | FtpTransferException e) {
      if (!folder.isRoot() || !e.sessionUsable() || remote.isFolder(session, "")) {
        throw e;
      }
      folder.missing = true;
      found.needsFolder = true;
      return RemoteTree.Contents.NONE;
    }
  }
}
