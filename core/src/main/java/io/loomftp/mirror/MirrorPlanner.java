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
import io.loomftp.pool.FtpPool;
import io.loomftp.pool.Lease;
import io.loomftp.pool.SessionWorkers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Compares two trees folder by folder, several at a time, each listed once. */
final class MirrorPlanner {
  private static final int TRIES = 3; // of a folder whose session was lost

  private final Mirror.Settings set;
  private final FtpPool pool;
  private final boolean download;
  private final LocalTree local;
  private volatile RemoteTree remote;
  private final PlanBuilder plan;
  private final SessionWorkers<PlanBuilder.Folder> workers;
  private final AtomicReference<@Nullable FtpException> failure = new AtomicReference<>();

  MirrorPlanner(Mirror.Settings set, FtpPool pool) {
    this.set = set;
    this.pool = pool;
    this.download = set.direction == MirrorPlan.Direction.DOWNLOAD;
    this.local = new LocalTree(set.local, set.followLinks && !download, set.names);
    this.remote = new RemoteTree(set.remote, set.followLinks && download);
    this.plan = new PlanBuilder(set.mostEntries);
    this.workers = new SessionWorkers<>(pool, this::visit, (folder, reason) -> failure.compareAndSet(null, reason));
  }

  MirrorPlan plan() throws FtpException {
    workers.add(new PlanBuilder.Folder(null, "", 0, false));
    try {
      workers.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FtpClosedException("the thread was interrupted while a mirror was planned", ErrorKind.ABORTED, List.of(), e);
    }
    FtpException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
    List<MirrorAction> actions = plan.sorted();
    return new MirrorPlan(
            UUID.randomUUID(),
            Instant.now().truncatedTo(ChronoUnit.MILLIS),
            set.direction,
            remote.root(),
            set.local.toAbsolutePath().toString(),
            set.names,
            set.followLinks,
            set.mostDeleted,
            plan.unchanged(),
            plan.atDestination(),
            actions.stream().noneMatch(action -> action.kind() == MirrorAction.Kind.REFUSE),
            actions)
        .options(set.options)
        .journalOrNone(set.journal);
  }

  /** Whether that was the end of it, good or bad. */
  private boolean visit(PlanBuilder.Folder folder, Lease lease) {
    FtpSession session = lease.session();
    try {
      compare(folder, session);
    } catch (FtpReplyException e) {
      give(folder, e);
    } catch (FtpException e) {
      if (e.kind() == ErrorKind.UNSUPPORTED) {
        fail(e);
        return true;
      }
      boolean worthAnother = e.kind() != ErrorKind.LIMIT && e.kind() != ErrorKind.ABORTED && folder.tried() < TRIES;
      if (worthAnother) {
        return false;
      }
      if (session.isOpen() && e.kind() != ErrorKind.LIMIT) {
        give(folder, e);
      } else {
        fail(e);
      }
    } catch (IOException e) {
      String what = (download ? "the copy " : "the source ") + local.root() + "/" + folder.path + ": " + e;
      give(folder, new FtpLocalException(what, LocalFailure.kind(e), true, List.of(), e));
    } catch (IllegalArgumentException e) {
      give(folder, new FtpLocalException(String.valueOf(e.getMessage()), ErrorKind.OTHER, true, List.of(), e));
    }
    return true;
  }

  /** Without a root there is no plan; a folder below is left out and told. */
  private void give(PlanBuilder.Folder folder, FtpException reason) {
    if (folder.parent == null) {
      fail(reason);
    } else {
      plan.refuse(MirrorReason.UNREADABLE, folder.path, String.valueOf(reason.getMessage()));
    }
  }

  private void fail(FtpException reason) {
    failure.compareAndSet(null, reason);
    workers.stop();
  }

  private void compare(PlanBuilder.Folder folder, FtpSession session) throws IOException {
    if (folder.parent == null) {
      remote = new RemoteTree(absolute(session), set.followLinks && download);
    }
    RemoteTree.Contents there = listRemote(folder, session);
    List<TreeEntry> here = listLocal(folder);
    List<TreeEntry> source = download ? there.rows() : here;
    List<TreeEntry> copies = download ? here : there.rows();
    Charset charset = pool.config().charset();
    FolderDiff diff =
        new FolderDiff(
            set, local, comparison(session), plan, folder, pool.config().limits().depth(),
            download ? null : charset.newEncoder());
    boolean understood = there.notUnderstood() == 0;
    // What may lose the session comes first, so that a second try finds nothing told already.
    if (set.compare.contains(Compare.HASH)) {
      diff.compareDigests(source, copies, path -> areAlike(path, session));
    }
    List<MirrorAction> doomed = new ArrayList<>();
    if (understood && set.mostDeleted > 0) {
      DeletionPlanner extras = new DeletionPlanner(set, local, remote, plan, session, pool.config().limits().depth());
      for (TreeEntry row : diff.extra(source, copies)) {
        extras.planDelete(join(folder.path, row.name()), row, folder.depth, doomed);
      }
    }
    if (!understood) {
      plan.refuse(
          MirrorReason.UNREADABLE,
          folder.path,
          there.notUnderstood() + " lines of its listing on the server could not be understood");
    }
    plan.countAtDestination(copies.size());
    plan.addAll(doomed);
    workers.addAll(diff.compare(source, copies));
  }

  /** The root from where every session can go, in whatever folder it is; as it was given where that is not known. */
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

  private static String join(String folder, String name) {
    return folder.isEmpty() ? name : folder + "/" + name;
  }

  private boolean areAlike(String path, FtpSession session) throws IOException {
    Digest there;
    try {
      there = session.hash(remote.at(path));
    } catch (FtpReplyException e) {
      return false; // not to be shown: it is sent again
    }
    try (InputStream in = Files.newInputStream(local.source(path))) {
      return Digest.of(there.algorithm(), in).equals(there);
    }
  }

  private Comparison comparison(FtpSession session) {
    boolean keeps = set.options.keepsModified() && (download || session.features().has("MFMT"));
    boolean text = pool.config().transferType() == TransferType.ASCII;
    return new Comparison(
        (set.compare.contains(Compare.SIZE) || set.compare.contains(Compare.HASH)) && !text, set.compare.contains(Compare.TIME), set.tolerance, keeps);
  }

  private List<TreeEntry> listLocal(PlanBuilder.Folder folder) throws IOException {
    if (download && folder.parent == null) {
      folder.missing = !local.isFolder("");
      if (folder.missing) {
        plan.make(folder);
      }
    }
    if (download && folder.missing) {
      return List.of();
    }
    List<TreeEntry> rows = local.list(folder.path);
    plan.countEntries(rows.size());
    return rows;
  }

  private RemoteTree.Contents listRemote(PlanBuilder.Folder folder, FtpSession session) throws FtpException {
    if (!download && folder.missing) {
      return new RemoteTree.Contents(List.of(), 0);
    }
    boolean root = folder.parent == null;
    RemoteTree.Contents found;
    try {
      found = remote.list(session, folder.path, plan);
    } catch (FtpReplyException e) {
      if (!root || download || isThere(session)) {
        throw e;
      }
      found = new RemoteTree.Contents(List.of(), 0);
    }
    if (root && found.rows().isEmpty() && !isThere(session)) {
      // Some servers list a folder that does not exist as an empty one.
      if (download) {
        throw new FtpTransferException(
            "the server has no folder " + remote.at(""), null, 0, ErrorKind.NOT_FOUND, true, session.transcript(), null);
      }
      folder.missing = true;
      plan.make(folder);
    }
    return found;
  }

  private boolean isThere(FtpSession session) throws FtpException {
    String bare = remote.root();
    while (bare.endsWith("/")) {
      bare = bare.substring(0, bare.length() - 1);
    }
    return bare.isEmpty() || bare.equals(".") || session.exists(bare);
  }
}
