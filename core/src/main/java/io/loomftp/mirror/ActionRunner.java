package io.loomftp.mirror;

import io.loomftp.EntryType;
import io.loomftp.ErrorKind;
import io.loomftp.FtpEntry;
import io.loomftp.FtpException;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpSession;
import io.loomftp.TransferOptions;
import io.loomftp.TransferResult;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out single actions: transfers, and makes and deletes on either side. Safe for use by any thread. */
final class ActionRunner {
  private static final Logger LOG = LoggerFactory.getLogger(ActionRunner.class);
  private static final long LARGE = 1 << 20; // bytes

  private final LocalTree local;
  private final RemoteTree remote;
  private final TransferOptions options;
  private final boolean durable;
  private final ProgressAggregator progress;

  /**
   * For one run.
   *
   * @param durable downloads are forced to disk before they count as done
   */
  ActionRunner(
      LocalTree local, RemoteTree remote, TransferOptions options, boolean durable, ProgressAggregator progress) {
    this.local = local;
    this.remote = remote;
    this.options = options;
    this.durable = durable;
    this.progress = progress;
  }

  /** The size of a large file, 0 of a small one. */
  static long largeSize(MirrorAction action) {
    long size = action.size().orElse(0);
    return size < LARGE ? 0 : size;
  }

  private TransferOptions optionsFor(MirrorAction action) {
    boolean small = largeSize(action) == 0 && action.size().isPresent();
    TransferOptions own = small ? TransferDefaults.forSmall(options) : options;
    return durable ? own.durable() : own;
  }

  MirrorResult download(FtpSession session, MirrorAction action) throws IOException {
    ProgressAggregator.TransferProgress counted = progress.follow(options.progress());
    TransferOptions own = optionsFor(action).progress(counted).expecting(listed(action));
    return result(action, counted, session.get(remote.at(action.path()), local.target(action.path()), own));
  }

  private static FtpEntry listed(MirrorAction action) {
    FtpEntry.Builder entry = FtpEntry.builder(action.path()).type(EntryType.FILE);
    action.size().ifPresent(entry::size);
    action.modified().ifPresent(entry::modified);
    return entry.build();
  }

  MirrorResult upload(FtpSession session, MirrorAction action) throws IOException {
    ProgressAggregator.TransferProgress counted = progress.follow(options.progress());
    TransferOptions own = optionsFor(action).progress(counted);
    return result(action, counted, session.put(local.source(action.path()), remote.at(action.path()), own));
  }

  private static MirrorResult result(
      MirrorAction action, ProgressAggregator.TransferProgress counted, TransferResult done) {
    counted.finish(done.bytes());
    MirrorResult.Outcome outcome = done.isSkipped() ? MirrorResult.Outcome.NOT_NEEDED : MirrorResult.Outcome.DONE;
    return new MirrorResult(action, outcome, done.bytes(), Optional.empty());
  }

  void makeLocalFolder(MirrorAction action) throws IOException {
    local.makeFolder(action.path());
  }

  MirrorResult makeRemoteFolder(FtpSession session, MirrorAction action) throws FtpException {
    if (action.path().isEmpty()) {
      makeRoot(session);
    } else {
      make(session, remote.at(action.path()), action.path());
    }
    return MirrorResult.of(action, MirrorResult.Outcome.DONE);
  }

  private void make(FtpSession session, String folder, String path) throws FtpException {
    try {
      session.mkdir(folder);
    } catch (FtpReplyException e) {
      if (!remote.isFolder(session, path)) {
        throw e;
      }
    }
  }

  private void makeRoot(FtpSession session) throws FtpException {
    String root = remote.at("");
    for (int slash = root.indexOf('/', 1); slash > 0 && slash < root.length() - 1; slash = root.indexOf('/', slash + 1)) {
      try {
        session.mkdir(root.substring(0, slash));
      } catch (FtpReplyException e) {
        // It exists, as a rule; where it does not, making the root fails, and that failure is reported.
        LOG.debug("parent of the root {}: {}", root, e.getMessage());
      }
    }
    make(session, root, "");
  }

  void deleteLocalFile(MirrorAction action) throws IOException {
    local.deleteFile(action.path());
  }

  void deleteLocalFolder(MirrorAction action) throws IOException {
    local.deleteFolder(action.path());
  }

  /** Deletes a folder that is a link, as which many servers list it; null when it is none. */
  @Nullable
  MirrorResult deleteRemoteLink(FtpSession session, MirrorAction action) throws FtpException {
    try {
      session.delete(remote.at(action.path()));
    } catch (FtpReplyException e) {
      LOG.debug("no link: {}", e.getMessage());
      return null;
    }
    return MirrorResult.of(action, MirrorResult.Outcome.DONE);
  }

  MirrorResult deleteRemoteFile(FtpSession session, MirrorAction action) throws FtpException {
    return deleteRemote(action, path -> session.delete(path));
  }

  MirrorResult deleteRemoteFolder(FtpSession session, MirrorAction action) throws FtpException {
    return deleteRemote(action, path -> session.rmdir(path));
  }

  @FunctionalInterface
  private interface RemoteDelete {
    void run(String path) throws FtpException;
  }

  /** An entry that is gone already counts as deleted. */
  private MirrorResult deleteRemote(MirrorAction action, RemoteDelete delete) throws FtpException {
    try {
      delete.run(remote.at(action.path()));
    } catch (FtpReplyException e) {
      if (e.kind() != ErrorKind.NOT_FOUND) {
        throw e;
      }
    }
    return MirrorResult.of(action, MirrorResult.Outcome.DONE);
  }
}
