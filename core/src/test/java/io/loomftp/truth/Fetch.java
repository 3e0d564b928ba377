package io.loomftp.truth;

import io.loomftp.Ftp;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.FtpInputStream;
import io.loomftp.FtpSession;
import io.loomftp.TransferOptions;
import io.loomftp.mirror.Mirror;
import io.loomftp.mirror.MirrorReport;
import io.loomftp.pool.FtpPool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The ways to bring a file from a server. */
enum Fetch {
  TO_PATH,
  TO_PATH_WITH_TIME,
  TO_SINK,
  STREAM,
  SEGMENTED,
  RESUMED,
  RESUMED_SEGMENTS,
  MIRROR;

  private static final int SESSIONS = 3;

  /** Whether what came before a failure stays with the caller. */
  boolean isStream() {
    return this == STREAM || this == TO_SINK;
  }

  boolean isSegmented() {
    return this == SEGMENTED || this == RESUMED_SEGMENTS;
  }

  /** Whether a part must be there before. */
  boolean isResumed() {
    return this == RESUMED || this == RESUMED_SEGMENTS;
  }

  /** Whether the server's time of modification is known of what arrives, so that another version of the same size is seen. */
  boolean comparesTime() {
    return isSegmented() || isResumed();
  }

  TransferOptions options() {
    TransferOptions usual = TransferOptions.defaults();
    return switch (this) {
      case TO_PATH, TO_SINK, STREAM -> usual;
      case TO_PATH_WITH_TIME -> usual.keepModified();
      case SEGMENTED -> usual.segments(SESSIONS);
      case RESUMED -> usual.resume();
      case RESUMED_SEGMENTS -> usual.resume().segments(SESSIONS);
      case MIRROR -> usual.resume().keepModified();
    };
  }

  /** Opens what is needed; closed at the end. */
  Way open(FtpConfig config) throws FtpException {
    return isSegmented() || this == MIRROR
        ? new Pooled(this, FtpPool.builder(config).size(SESSIONS).patience(Truth.GENEROUS).build())
        : new Single(this, Ftp.open(config));
  }

  /** One way, with its sessions. */
  interface Way extends AutoCloseable {
    /**
     * Brings {@code folder/name} to {@code target}; returns what the caller has got when no exception said otherwise.
     *
     * @param stream what a stream gives goes here
     */
    byte[] fetch(String folder, String name, Path target, TransferOptions options, ByteArrayOutputStream stream)
        throws IOException;

    /** The session, where there is one. */
    FtpSession session();

    @Override
    void close();
  }

  private record Single(Fetch kind, FtpSession session) implements Way {
    @Override
    public byte[] fetch(String folder, String name, Path target, TransferOptions options, ByteArrayOutputStream stream)
        throws IOException {
      String path = folder + "/" + name;
      switch (kind) {
        case STREAM -> {
          try (FtpInputStream in = session.get(path)) {
            in.transferTo(stream);
          }
          return stream.toByteArray();
        }
        case TO_SINK -> {
          session.get(path, stream, options);
          return stream.toByteArray();
        }
        default -> {
          session.get(path, target, options);
          return Files.readAllBytes(target);
        }
      }
    }

    @Override
    public void close() {
      session.close();
    }
  }

  private record Pooled(Fetch kind, FtpPool pool) implements Way {
    @Override
    public byte[] fetch(String folder, String name, Path target, TransferOptions options, ByteArrayOutputStream stream)
        throws IOException {
      if (kind != MIRROR) {
        pool.get(folder + "/" + name, target, options);
      } else {
        MirrorReport report = Mirror.download(folder, target.getParent()).options(options).plan(pool).apply(pool);
        report.orThrow();
      }
      return Files.readAllBytes(target);
    }

    @Override
    public FtpSession session() {
      throw new UnsupportedOperationException(kind + " has many");
    }

    @Override
    public void close() {
      pool.close();
    }
  }
}
