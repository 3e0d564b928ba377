package io.loomftp.mirror;

import io.loomftp.FtpException;
import io.loomftp.FtpInDoubtException;
import io.loomftp.FtpSession;
import io.loomftp.TransferOptions;
import io.loomftp.internal.observe.Observer;
import io.loomftp.internal.retry.Backoff;
import io.loomftp.internal.retry.RetryPolicy;
import io.loomftp.pool.FtpPool;
import io.loomftp.pool.Lease;
import io.loomftp.pool.SessionWorkers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Carries out a plan, once: makes folders, transfers files, and deletes when everything before has succeeded. */
final class MirrorExecutor {
  /** For actions whose session was lost. The pool paces connections, so there is no pause of its own. */
  private static final RetryPolicy RETRY =
      new RetryPolicy(3, Duration.ofHours(1), new Backoff(Duration.ZERO, Duration.ZERO));

  private final PlanData plan;
  private final TransferOptions options;
  private final @Nullable Path journalFile;
  private final FtpPool pool;
  private final Observer observer;
  private final LocalTree local;
  private final RemoteTree remote;
  private final ProgressAggregator progress;
  private final ActionRunner runner;
  private boolean interrupted;

  MirrorExecutor(
      PlanData plan, TransferOptions options, @Nullable Path journalFile, FtpPool pool, MirrorProgress progress) {
    this.plan = plan;
    this.options = options;
    this.journalFile = journalFile;
    this.pool = pool;
    this.observer = Observer.of(pool.config());
    this.local = new LocalTree(Path.of(plan.local()), plan.followLinks() && !plan.isDownload(), plan.names());
    this.remote = new RemoteTree(plan.remote(), false);
    this.progress = new ProgressAggregator(progress, plan.count(MirrorAction.Kind.TRANSFER), plan.bytes());
    this.runner = new ActionRunner(local, remote, options, journalFile != null, this.progress);
  }

  /** An action to carry out, and how often that was attempted. */
  private record Job(int index, RetryPolicy.Attempts attempts) {}

  @FunctionalInterface
  private interface RemoteStep {
    /** Returns null when the action is not finished by this. */
    @Nullable
    MirrorResult run(FtpSession session, MirrorAction action) throws IOException;
  }

  @FunctionalInterface
  private interface LocalStep {
    void run(MirrorAction action) throws IOException;
  }

  MirrorReport run() throws IOException {
    long started = System.nanoTime();
    try (MirrorJournal journal = openJournal()) {
      RunResults results = new RunResults(plan.actions(), journal, progress);
      presetKnown(results);
      Optional<String> notDeleted = runPhases(results);
      MirrorReport report =
          new MirrorReport(
              results.all(), plan.unchanged(), progress.bytes(), Duration.ofNanos(System.nanoTime() - started), notDeleted);
      if (journal != null && report.isWhole()) {
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

  private @Nullable MirrorJournal openJournal() throws IOException {
    return journalFile == null ? null : MirrorJournal.open(journalFile, plan.id(), plan.actions().size());
  }

  private void presetKnown(RunResults results) {
    for (int i = 0; i < plan.actions().size(); i++) {
      MirrorAction action = results.action(i);
      switch (action.kind()) {
        case SKIP -> results.preset(i, MirrorResult.Outcome.SKIPPED);
        case REFUSE -> results.preset(i, MirrorResult.Outcome.REFUSED);
        default -> {
          if (results.wasDoneBefore(i) && isStillDone(action)) {
            results.preset(i, MirrorResult.Outcome.DONE_BEFORE);
          }
        }
      }
    }
  }

  /** Checks what can be checked without asking the server. */
  private boolean isStillDone(MirrorAction action) {
    if (!plan.isDownload()) {
      return true;
    }
    return switch (action.kind()) {
      case TRANSFER -> local.hasFile(action.path(), action.size().orElse(-1));
      case MAKE_FOLDER -> false; // making it again costs nothing
      default -> true;
    };
  }

  /** Returns why nothing was deleted, if something was to be. */
  private Optional<String> runPhases(RunResults results) throws IOException {
    try {
      makeFolders(results);
      List<Integer> transfers = results.open(MirrorAction.Kind.TRANSFER);
      // Large files first, so that none is left alone at the end; all others folder by folder.
      transfers.sort(Comparator.comparingLong(i -> -ActionRunner.largeSize(results.action(i))));
      withSessions(transfers, results, plan.isDownload() ? runner::download : runner::upload);
      progress.end();
      if (obstacle(results).isPresent()) {
        return obstacle(results);
      }
      return delete(results);
    } catch (InterruptedException e) {
      interrupted = true;
      return obstacle(results);
    }
  }

  private Optional<String> obstacle(RunResults results) {
    return MayDelete.obstacle(
        new MayDelete.Evidence(
            plan.deletes(),
            plan.destinationEntries(),
            plan.deleteShare(),
            plan.complete(),
            results.count(MirrorResult.Outcome.REFUSED),
            results.count(MirrorResult.Outcome.FAILED),
            interrupted));
  }

  private void makeFolders(RunResults results) throws InterruptedException {
    for (List<Integer> level : byDepth(results.open(MirrorAction.Kind.MAKE_FOLDER), results).values()) {
      if (plan.isDownload()) {
        locally(level, results, runner::makeLocalFolder);
      } else {
        withSessions(level, results, runner::makeRemoteFolder);
      }
    }
  }

  private Optional<String> delete(RunResults results) throws InterruptedException {
    DeletionCheck check = new DeletionCheck(local, remote);
    check(check, results, results.open(MirrorAction.Kind.DELETE_FILE), results.open(MirrorAction.Kind.DELETE_FOLDER));
    if (!plan.isDownload()) {
      deleteLinks(check, results);
    }
    Optional<String> obstacle = obstacle(results);
    if (obstacle.isPresent()) {
      return obstacle;
    }
    List<Integer> files = results.open(MirrorAction.Kind.DELETE_FILE);
    List<Integer> folders = results.open(MirrorAction.Kind.DELETE_FOLDER);
    Collection<List<Integer>> levels = byDepth(folders, results).descendingMap().values();
    if (plan.isDownload()) {
      locally(files, results, runner::deleteLocalFile);
      for (List<Integer> level : levels) {
        locally(level, results, runner::deleteLocalFolder);
      }
    } else {
      withSessions(files, results, runner::deleteRemoteFile);
      for (List<Integer> level : levels) {
        withSessions(level, results, runner::deleteRemoteFolder);
      }
    }
    return Optional.empty();
  }

  /**
   * Deletes the links that the server lists as folders, outermost first, so that nothing is deleted through one. One that cannot
   * be deleted fails.
   */
  private void deleteLinks(DeletionCheck check, RunResults results) throws InterruptedException {
    for (List<Integer> level : byDepth(results.open(MirrorAction.Kind.DELETE_FOLDER), results).values()) {
      if (obstacle(results).isPresent()) {
        return;
      }
      List<Integer> open = level.stream().filter(results::isOpen).toList();
      withSessions(
          open,
          results,
          (session, action) -> {
            MirrorResult deleted = runner.deleteRemoteLink(session, action);
            if (deleted == null) {
              check.requireInside(session, action.path());
            }
            return deleted;
          });
      open.stream().filter(index -> !results.isOpen(index)).forEach(results::finishBelow);
    }
  }

  /** A delete whose entry the source has fails here, and then nothing is deleted. */
  private void check(DeletionCheck check, RunResults results, List<Integer> files, List<Integer> folders)
      throws InterruptedException {
    List<Integer> outermost = DeletionCheck.outermost(results, files, folders);
    if (plan.isDownload()) {
      withSessions(
          outermost,
          results,
          (session, action) -> {
            check.requireNotOnServer(session, action);
            return null;
          });
      return;
    }
    List<Integer> absent = new ArrayList<>();
    for (int index : outermost) {
      MirrorAction action = results.action(index);
      try {
        check.requireNotLocal(action);
        absent.add(index);
      } catch (IOException e) {
        results.finish(index, MirrorResult.failed(action, e));
      }
    }
    Map<String, Set<String>> added = DeletionCheck.added(plan.actions(), absent.stream().map(results::action).toList());
    Map<String, Integer> oneOfEach = new TreeMap<>();
    absent.forEach(index -> oneOfEach.putIfAbsent(DeletionCheck.parent(results.action(index).path()), index));
    withSessions(
        List.copyOf(oneOfEach.values()),
        results,
        (session, action) -> {
          String folder = DeletionCheck.parent(action.path());
          check.requireInside(session, folder);
          check.requireListed(session, folder, added.getOrDefault(folder, Set.of()));
          return null;
        });
  }

  private static NavigableMap<Integer, List<Integer>> byDepth(List<Integer> indexes, RunResults results) {
    NavigableMap<Integer, List<Integer>> levels = new TreeMap<>();
    for (int index : indexes) {
      String path = results.action(index).path();
      int depth = path.isEmpty() ? 0 : 1 + (int) path.chars().filter(c -> c == '/').count();
      levels.computeIfAbsent(depth, d -> new ArrayList<>()).add(index);
    }
    return levels;
  }

  /** One after another, on this thread. */
  private static void locally(List<Integer> indexes, RunResults results, LocalStep step) throws InterruptedException {
    for (int index : indexes) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      MirrorAction action = results.action(index);
      try {
        results.requireParents(action.path());
        step.run(action);
        results.finish(index, MirrorResult.of(action, MirrorResult.Outcome.DONE));
      } catch (IOException e) {
        results.finish(index, MirrorResult.failed(action, e));
      }
    }
  }

  /** Several at a time, each with a session of the pool. */
  private void withSessions(List<Integer> indexes, RunResults results, RemoteStep step) throws InterruptedException {
    List<Job> jobs = new ArrayList<>(indexes.size());
    indexes.forEach(index -> jobs.add(new Job(index, RETRY.begin())));
    SessionWorkers<Job> workers =
        pool.workers(
            (job, lease) -> isFinished(job, lease, results, step),
            (job, reason) -> results.finish(job.index, MirrorResult.failed(results.action(job.index), reason)));
    workers.addAll(jobs);
    workers.await();
  }

  /** Returns whether the job is finished, successfully or not; otherwise it is run again with another session. */
  private boolean isFinished(Job job, Lease lease, RunResults results, RemoteStep step) {
    MirrorAction action = results.action(job.index);
    @Nullable MirrorResult result;
    try {
      results.requireParents(action.path());
      result = step.run(lease.session(), action);
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        return true; // counts as not begun
      }
      boolean sessionLost = e instanceof FtpException && !lease.session().isOpen();
      if (sessionLost && mayBeRepeated(action, e) && job.attempts.next().isPresent()) {
        observer.retried("mirror: " + action.kind(), job.attempts.count(), Duration.ZERO, ((FtpException) e).kind());
        return false;
      }
      result = MirrorResult.failed(action, e);
    } catch (RuntimeException e) {
      if (progress.hasThrown()) {
        throw e;
      }
      result = MirrorResult.failed(action, e); // such as a name that cannot be sent
    }
    if (result != null) {
      results.finish(job.index, result);
    }
    return true;
  }

  /** Transfers with a retry policy have been repeated already; an upload that may be complete under its full name is not. */
  private boolean mayBeRepeated(MirrorAction action, IOException e) {
    if (action.kind() != MirrorAction.Kind.TRANSFER) {
      return true;
    }
    boolean retried = options.retry().attempts() > 1;
    return !retried && (plan.isDownload() || options.isAtomic() || !(e instanceof FtpInDoubtException));
  }
}
