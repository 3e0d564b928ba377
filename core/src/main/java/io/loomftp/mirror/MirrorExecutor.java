package io.loomftp.mirror;

import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpInDoubtException;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpSession;
import io.loomftp.TransferOptions;
import io.loomftp.TransferResult;
import io.loomftp.pool.FtpPool;
import io.loomftp.pool.Lease;
import io.loomftp.pool.SessionWorkers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Carries out one plan, once. */
final class MirrorExecutor {
  private static final int TRIES = 3; // with sessions that are lost over it
  private static final long BIG = 1 << 20; // bytes: begun first, so that no big file is left alone at the end

  private final MirrorPlan plan;
  private final List<MirrorAction> actions;
  private final FtpPool pool;
  private final boolean download;
  private final LocalTree local;
  private final RemoteTree remote;
  private final ProgressAggregator pace;
  private final AtomicReferenceArray<@Nullable MirrorResult> results;
  private final Set<String> failedFolders = ConcurrentHashMap.newKeySet();
  private boolean interrupted;

  MirrorExecutor(MirrorPlan plan, FtpPool pool, MirrorProgress progress) {
    this.plan = plan;
    this.actions = plan.actions();
    this.pool = pool;
    this.download = plan.direction() == MirrorPlan.Direction.DOWNLOAD;
    this.local = new LocalTree(plan.local(), plan.followsLinks() && !download, plan.names());
    this.remote = new RemoteTree(plan.remote(), false);
    this.pace = new ProgressAggregator(progress, plan.count(MirrorAction.Kind.TRANSFER), plan.bytes());
    this.results = new AtomicReferenceArray<>(actions.size());
  }

  /** An action that is to be done, and how often that was tried. */
  private static final class Job {
    final int index;
    int tries;

    Job(int index) {
      this.index = index;
    }
  }

  /** How an action is done with a session; gives the bytes that were moved. */
  @FunctionalInterface
  private interface Deed {
    MirrorResult on(FtpSession session, MirrorAction action) throws IOException;
  }

  MirrorReport run() throws IOException {
    long started = System.nanoTime();
    Optional<String> notDeleted;
    try (MirrorJournal journal = MirrorJournal.of(plan)) {
      settleWhatIsKnown(journal);
      try {
        makeFolders(journal);
        doAll(transfers(), journal, download ? this::fetch : this::send);
        pace.last();
        notDeleted = whyNothingIsDeleted();
        if (notDeleted.isEmpty()) {
          delete(journal);
        }
      } catch (InterruptedException e) {
        interrupted = true;
        notDeleted = whyNothingIsDeleted();
      }
      MirrorReport report = report(started, notDeleted);
      if (report.isWhole()) {
        journal.delete();
      }
      return report;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void settleWhatIsKnown(MirrorJournal journal) {
    for (int i = 0; i < actions.size(); i++) {
      MirrorAction action = actions.get(i);
      switch (action.kind()) {
        case SKIP -> results.set(i, MirrorResult.of(action, MirrorResult.Outcome.SKIPPED));
        case REFUSE -> results.set(i, MirrorResult.of(action, MirrorResult.Outcome.REFUSED));
        default -> {
          if (journal.has(i) && isStillDone(action)) {
            results.set(i, MirrorResult.of(action, MirrorResult.Outcome.DONE_BEFORE));
          }
        }
      }
    }
  }

  /** What can be seen without asking the server is looked at. */
  private boolean isStillDone(MirrorAction action) {
    if (!download) {
      return true;
    }
    return switch (action.kind()) {
      case TRANSFER -> local.hasFile(action.path(), action.size().orElse(-1));
      case MAKE_FOLDER -> false; // costs nothing
      default -> true;
    };
  }

  private List<Integer> open(MirrorAction.Kind kind) {
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < actions.size(); i++) {
      if (actions.get(i).kind() == kind && results.get(i) == null) {
        open.add(i);
      }
    }
    return open;
  }

  /** The big ones first, all others folder by folder. */
  private List<Integer> transfers() {
    List<Integer> all = open(MirrorAction.Kind.TRANSFER);
    all.sort(Comparator.comparingLong(i -> -bigness(actions.get(i))));
    return all;
  }

  private static long bigness(MirrorAction action) {
    long size = action.size().orElse(0);
    return size < BIG ? 0 : size;
  }

  private void makeFolders(MirrorJournal journal) throws InterruptedException {
    for (List<Integer> level : byDepth(open(MirrorAction.Kind.MAKE_FOLDER)).values()) {
      if (download) {
        doAllHere(level, journal, this::makeHere);
      } else {
        doAll(level, journal, this::makeThere);
      }
    }
  }

  private NavigableMap<Integer, List<Integer>> byDepth(List<Integer> indexes) {
    NavigableMap<Integer, List<Integer>> levels = new TreeMap<>();
    for (int index : indexes) {
      String path = actions.get(index).path();
      int depth = path.isEmpty() ? 0 : 1 + (int) path.chars().filter(c -> c == '/').count();
      levels.computeIfAbsent(depth, d -> new ArrayList<>()).add(index);
    }
    return levels;
  }

  private void delete(MirrorJournal journal) throws InterruptedException {
    List<Integer> files = open(MirrorAction.Kind.DELETE_FILE);
    Collection<List<Integer>> folders = byDepth(open(MirrorAction.Kind.DELETE_FOLDER)).descendingMap().values();
    if (download) {
      doAllHere(files, journal, action -> local.deleteFile(action.path()));
      for (List<Integer> level : folders) {
        doAllHere(level, journal, action -> local.deleteFolder(action.path()));
      }
    } else {
      doAll(files, journal, (session, action) -> gone(action, () -> session.delete(remote.at(action.path()))));
      for (List<Integer> level : folders) {
        doAll(level, journal, (session, action) -> gone(action, () -> session.rmdir(remote.at(action.path()))));
      }
    }
  }

  private Optional<String> whyNothingIsDeleted() {
    long deletes = plan.count(MirrorAction.Kind.DELETE_FILE) + plan.count(MirrorAction.Kind.DELETE_FOLDER);
    if (deletes == 0) {
      return Optional.empty();
    }
    if (interrupted) {
      return Optional.of("the thread was interrupted");
    }
    long failed = count(MirrorResult.Outcome.FAILED);
    if (failed > 0) {
      return Optional.of(failed + " other actions failed");
    }
    long refused = count(MirrorResult.Outcome.REFUSED);
    if (refused > 0 || !plan.isComplete()) {
      return Optional.of(refused + " other actions were refused");
    }
    double share = plan.deleteShare().orElse(0);
    if (deletes > share * plan.destinationEntries()) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "%,d of %,d entries were to be deleted, which is more than %.0f %%",
              deletes, plan.destinationEntries(), share * 100));
    }
    return Optional.empty();
  }

  private long count(MirrorResult.Outcome outcome) {
    long count = 0;
    for (int i = 0; i < results.length(); i++) {
      MirrorResult result = results.get(i);
      count += result != null && result.outcome() == outcome ? 1 : 0;
    }
    return count;
  }

  // --- one after another, on this side ---

  @FunctionalInterface
  private interface LocalDeed {
    void on(MirrorAction action) throws IOException;
  }

  private void doAllHere(List<Integer> indexes, MirrorJournal journal, LocalDeed deed) throws InterruptedException {
    for (int index : indexes) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      MirrorAction action = actions.get(index);
      try {
        deed.on(action);
        settle(index, MirrorResult.of(action, MirrorResult.Outcome.DONE), journal);
      } catch (IOException e) {
        settle(index, MirrorResult.failed(action, e), journal);
      }
    }
  }

  private void makeHere(MirrorAction action) throws IOException {
    requireFolder(action);
    local.makeFolder(action.path());
  }

  // --- several at a time, with sessions ---

  private void doAll(List<Integer> indexes, MirrorJournal journal, Deed deed) throws InterruptedException {
    List<Job> jobs = new ArrayList<>(indexes.size());
    indexes.forEach(index -> jobs.add(new Job(index)));
    SessionWorkers<Job> workers =
        new SessionWorkers<>(
            pool,
            (job, lease) -> isDone(job, lease, journal, deed),
            (job, reason) -> settle(job.index, MirrorResult.failed(actions.get(job.index), reason), journal));
    workers.addAll(jobs);
    workers.await();
  }

  /** Whether that was the end of it, good or bad. */
  private boolean isDone(Job job, Lease lease, MirrorJournal journal, Deed deed) {
    MirrorAction action = actions.get(job.index);
    MirrorResult result;
    try {
      result = deed.on(lease.session(), action);
    } catch (IOException e) {
      boolean sessionLost = e instanceof FtpException && !lease.session().isOpen();
      if (sessionLost && !Thread.currentThread().isInterrupted() && ++job.tries < TRIES && mayBeRepeated(action, e)) {
        return false;
      }
      if (Thread.currentThread().isInterrupted()) {
        return true; // called off: it counts as not begun
      }
      result = MirrorResult.failed(action, e);
    } catch (RuntimeException e) {
      if (pace.isCalledOff()) {
        throw e;
      }
      result = MirrorResult.failed(action, e); // such as a name that cannot be sent
    }
    settle(job.index, result, journal);
    return true;
  }

  /** Transfers know themselves how often they are retried; an upload that may be complete under its full name is not. */
  private boolean mayBeRepeated(MirrorAction action, IOException e) {
    if (action.kind() != MirrorAction.Kind.TRANSFER) {
      return true;
    }
    boolean retried = plan.options().retry().attempts() > 1;
    return !retried && (download || plan.options().isAtomic() || !(e instanceof FtpInDoubtException));
  }

  private TransferOptions options(MirrorAction action) {
    return bigness(action) > 0 || action.size().isEmpty() ? plan.options() : Mirror.forSmall(plan.options());
  }

  private MirrorResult fetch(FtpSession session, MirrorAction action) throws IOException {
    requireFolder(action);
    ProgressAggregator.Follower follower = pace.follow(plan.options().progress());
    TransferOptions options = options(action).progress(follower).expecting(action.size(), action.modified());
    return result(action, follower, session.get(remote.at(action.path()), local.target(action.path()), options));
  }

  private MirrorResult send(FtpSession session, MirrorAction action) throws IOException {
    requireFolder(action);
    ProgressAggregator.Follower follower = pace.follow(plan.options().progress());
    TransferOptions options = options(action).progress(follower);
    return result(action, follower, session.put(local.source(action.path()), remote.at(action.path()), options));
  }

  private static MirrorResult result(MirrorAction action, ProgressAggregator.Follower follower, TransferResult done) {
    follower.settle(done.bytes());
    MirrorResult.Outcome outcome = done.isSkipped() ? MirrorResult.Outcome.NOT_NEEDED : MirrorResult.Outcome.DONE;
    return new MirrorResult(action, outcome, done.bytes(), Optional.empty());
  }

  private MirrorResult makeThere(FtpSession session, MirrorAction action) throws IOException {
    requireFolder(action);
    String path = remote.at(action.path());
    if (action.path().isEmpty()) {
      makeRoot(session, path);
    } else {
      make(session, path);
    }
    return MirrorResult.of(action, MirrorResult.Outcome.DONE);
  }

  private static void make(FtpSession session, String path) throws FtpException {
    try {
      session.mkdir(path);
    } catch (FtpReplyException e) {
      if (e.kind() != ErrorKind.EXISTS && !session.exists(path)) {
        throw e;
      }
    }
  }

  private static void makeRoot(FtpSession session, String root) throws FtpException {
    for (int slash = root.indexOf('/', 1); slash > 0; slash = root.indexOf('/', slash + 1)) {
      if (slash < root.length() - 1 && !session.exists(root.substring(0, slash))) {
        make(session, root.substring(0, slash));
      }
    }
    make(session, root);
  }

  /** Deletes on the server. */
  @FunctionalInterface
  private interface Deletion {
    Object run() throws FtpException;
  }

  private static MirrorResult gone(MirrorAction action, Deletion deletion) throws FtpException {
    try {
      deletion.run();
    } catch (FtpReplyException e) {
      if (e.kind() != ErrorKind.NOT_FOUND) {
        throw e;
      }
    }
    return MirrorResult.of(action, MirrorResult.Outcome.DONE);
  }

  /** What lies in a folder that could not be made is not tried. */
  private void requireFolder(MirrorAction action) throws FileSystemException {
    String path = action.path();
    boolean root = path.isEmpty();
    for (String folder = path; !root; folder = folder.substring(0, folder.lastIndexOf('/'))) {
      root = folder.indexOf('/') < 0;
      String parent = root ? "" : folder.substring(0, folder.lastIndexOf('/'));
      if (failedFolders.contains(parent)) {
        throw new FileSystemException(path, null, "its folder '" + parent + "' could not be made");
      }
      if (root) {
        return;
      }
    }
  }

  private void settle(int index, MirrorResult result, MirrorJournal journal) {
    if (result.outcome() == MirrorResult.Outcome.FAILED && result.action().kind() == MirrorAction.Kind.MAKE_FOLDER) {
      failedFolders.add(result.action().path());
    }
    if (result.outcome() == MirrorResult.Outcome.DONE) {
      try {
        journal.done(index);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    results.set(index, result);
    pace.finished(result);
  }

  private MirrorReport report(long started, Optional<String> notDeleted) {
    MirrorResult[] all = new MirrorResult[actions.size()];
    for (int i = 0; i < all.length; i++) {
      MirrorResult result = results.get(i);
      MirrorAction action = actions.get(i);
      boolean delete =
          action.kind() == MirrorAction.Kind.DELETE_FILE || action.kind() == MirrorAction.Kind.DELETE_FOLDER;
      all[i] =
          result != null
              ? result
              : MirrorResult.of(
                  action, delete ? MirrorResult.Outcome.NOT_DELETED : MirrorResult.Outcome.NOT_BEGUN);
    }
    return new MirrorReport(
        plan,
        Collections.unmodifiableList(Arrays.asList(all)),
        pace.bytes(),
        Duration.ofNanos(System.nanoTime() - started),
        notDeleted);
  }
}
