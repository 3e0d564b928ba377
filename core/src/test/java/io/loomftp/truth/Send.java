package io.loomftp.truth;

import io.loomftp.Ftp;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.FtpSession;
import io.loomftp.TransferOptions;
import io.loomftp.mirror.Mirror;
import io.loomftp.pool.FtpPool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/** The ways to bring a file to a server. */
enum Send {
  IN_PLACE,
  ATOMIC,
  RESUMED,
  RESUMED_IN_PLACE,
  MIRROR;

  private static final int SESSIONS = 2;

  /** Whether half a file may be there under its full name. */
  boolean isInPlace() {
    return this == IN_PLACE || this == RESUMED_IN_PLACE;
  }

  /** Whether a part must be there before. */
  boolean isResumed() {
    return this == RESUMED || this == RESUMED_IN_PLACE;
  }

  TransferOptions options() {
    TransferOptions usual = TransferOptions.defaults();
    return switch (this) {
      case IN_PLACE -> usual;
      case ATOMIC -> usual.atomic().keepModified();
      case RESUMED -> usual.atomic().resume();
      case RESUMED_IN_PLACE -> usual.resume();
      case MIRROR -> usual.atomic().resume().keepModified();
    };
  }

  /** Opens what is needed; closed at the end. */
  Way open(FtpConfig config) throws FtpException {
    return this == MIRROR
        ? new Way(null, FtpPool.builder(config).size(SESSIONS).patience(Truth.GENEROUS).build())
        : new Way(Ftp.open(config), null);
  }

  /** One way, with its sessions: one of the two is there. */
  record Way(FtpSession session, FtpPool pool) implements AutoCloseable {
    /** Brings {@code source} to {@code folder}, under its own name. */
    void send(Path source, String folder, TransferOptions options) throws IOException {
      if (session != null) {
        session.put(source, folder + "/" + source.getFileName(), options);
      } else {
        Mirror.upload(Objects.requireNonNull(source.getParent()), folder).options(options).plan(pool).apply(pool).orThrow();
      }
    }

    @Override
    public void close() {
      if (session != null) {
        session.close();
      } else {
        pool.close();
      }
    }
  }
}
