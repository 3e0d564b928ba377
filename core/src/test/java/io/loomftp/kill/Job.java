package io.loomftp.kill;

import io.loomftp.Ftp;
import io.loomftp.FtpConfig;
import io.loomftp.FtpSession;
import io.loomftp.Overwrite;
import io.loomftp.Timeouts;
import io.loomftp.TransferOptions;
import io.loomftp.mirror.Mirror;
import io.loomftp.mirror.MirrorPlan;
import io.loomftp.mirror.MirrorProgress;
import io.loomftp.mirror.MirrorReport;
import io.loomftp.pool.FtpPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What is interrupted, and then run again: it goes from one folder here to one at the server, or back. */
enum Job {
  /** One file from the server. */
  GET(false, false),
  /** One file to the server, written under its name. */
  PUT(true, false),
  /** One file to the server, which gets its name when it is whole. */
  ATOMIC_PUT(true, false),
  /** A tree from the server, compared anew each time. */
  MIRROR_DOWN(false, true),
  /** A tree to the server, compared anew each time. */
  MIRROR_UP(true, true),
  /** A tree from the server, by a saved plan with a journal. */
  PLAN_DOWN(false, true),
  /** A tree to the server, by a saved plan with a journal. */
  PLAN_UP(true, true);

  static final String FILE = "file.bin";
  private static final int SESSIONS = 3;
  private static final TransferOptions CAREFUL = TransferOptions.defaults().resume().keepModified();
  private static final TransferOptions IF_NEEDED = CAREFUL.overwrite(Overwrite.IF_DIFFERENT);

  private final boolean upwards;
  private final boolean tree;

  Job(boolean upwards, boolean tree) {
    this.upwards = upwards;
    this.tree = tree;
  }

  /**
   * Does all of it, or what is left of it.
   *
   * @param notes a folder that is kept from one run to the next
   * @throws IOException when not all went well
   */
  void run(FtpConfig config, Path local, String remote, Path notes) throws IOException {
    if (tree) {
      mirror(config, local, remote, notes);
      return;
    }
    try (FtpSession ftp = Ftp.open(config)) {
      if (upwards) {
        ftp.put(local.resolve(FILE), remote + "/" + FILE, this == ATOMIC_PUT ? IF_NEEDED.atomic() : IF_NEEDED);
      } else {
        ftp.get(remote + "/" + FILE, local.resolve(FILE), IF_NEEDED);
      }
    }
  }

  private void mirror(FtpConfig config, Path local, String remote, Path notes) throws IOException {
    Mirror mirror = upwards ? Mirror.upload(local, remote) : Mirror.download(remote, local);
    // A plan tells how things were when it was made: what was done since is looked at again.
    TransferOptions options = hasPlan() ? IF_NEEDED : CAREFUL;
    try (FtpPool pool = FtpPool.builder(config).size(SESSIONS).patience(config.timeouts().reply()).build()) {
      MirrorPlan plan = hasPlan() ? saved(mirror, pool, notes) : mirror.plan(pool);
      MirrorReport report = plan.options(upwards ? options.atomic() : options).apply(pool, MirrorProgress.NONE);
      if (pool.state().leased() > 0) {
        throw new AssertionError("sessions were not given back: " + pool.state());
      }
      report.orThrow();
      if (hasPlan()) {
        Files.delete(planned(notes));
      }
    }
  }

  /** The plan is saved under its name when all of it is written, unless it lacks a folder that could not be read. */
  private static MirrorPlan saved(Mirror mirror, FtpPool pool, Path notes) throws IOException {
    Path file = planned(notes);
    if (!Files.exists(file)) {
      Path fresh = notes.resolve("plan.new");
      MirrorPlan plan = mirror.plan(pool);
      if (!plan.isComplete()) {
        return plan;
      }
      plan.save(fresh);
      Files.move(fresh, file);
    }
    return MirrorPlan.read(file).journal(notes.resolve("journal"));
  }

  private static Path planned(Path notes) {
    return notes.resolve("plan");
  }

  /** Whether it goes by a saved plan. */
  boolean hasPlan() {
    return this == PLAN_DOWN || this == PLAN_UP;
  }

  /** Whether the files go to the server. */
  boolean isUpwards() {
    return upwards;
  }

  /** Whether many files are moved. */
  boolean isTree() {
    return tree;
  }

  /** Whether what is there under its full name may be half a file while it runs: STOR to that name itself. */
  boolean isInPlace() {
    return this == PUT;
  }

  /** All waits but that for a connection are no longer than the patience. */
  static FtpConfig config(int port, String user, String password, Duration patience) {
    return FtpConfig.builder("127.0.0.1")
        .port(port)
        .credentials(user, password)
        .timeouts(Timeouts.of(patience).withConnect(Duration.ofSeconds(10)))
        .build();
  }
}
