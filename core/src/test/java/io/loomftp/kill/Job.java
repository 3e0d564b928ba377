package io.loomftp.kill;

import io.loomftp.Ftp;
import io.loomftp.FtpConfig;
import io.loomftp.FtpSession;
import io.loomftp.Timeouts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** What is interrupted, and then run again: it goes from one folder here to one at the server, or back. */
enum Job {
  GET(false, 1) {
    @Override
    boolean run(FtpConfig config, Path local, String remote) throws IOException {
      try (FtpSession ftp = Ftp.open(config)) {
        ftp.get(remote + "/" + FILE, local.resolve(FILE));
        return true;
      }
    }
  },
  PUT(true, 1) {
    @Override
    boolean run(FtpConfig config, Path local, String remote) throws IOException {
      try (FtpSession ftp = Ftp.open(config)) {
        ftp.put(local.resolve(FILE), remote + "/" + FILE);
        return true;
      }
    }
  };

  static final String FILE = "file.bin";

  private final boolean upwards;
  private final int sessions;

  Job(boolean upwards, int sessions) {
    this.upwards = upwards;
    this.sessions = sessions;
  }

  /**
   * Does all of it.
   *
   * @return whether all went well
   */
  abstract boolean run(FtpConfig config, Path local, String remote) throws IOException;

  /** Whether the files go to the server. */
  boolean isUpwards() {
    return upwards;
  }

  boolean resumes() {
    return false;
  }

  /** Whether many files are moved. */
  boolean isTree() {
    return sessions > 1;
  }

  /** Whether what is there under its full name may be half a file while it runs: STOR to that name itself. */
  boolean isInPlace() {
    return this == PUT;
  }

  static FtpConfig config(int port, String user, String password, Duration patience) {
    Duration generous = Duration.ofSeconds(10);
    return FtpConfig.builder("127.0.0.1")
        .port(port)
        .credentials(user, password)
        .timeouts(Timeouts.of(patience).withConnect(generous))
        .build();
  }
}
