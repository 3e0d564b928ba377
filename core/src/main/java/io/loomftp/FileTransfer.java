package io.loomftp;

import io.loomftp.internal.session.Conversation;
import io.loomftp.internal.session.Inquiry;
import io.loomftp.internal.session.PartFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Moves whole files between this machine and the server, and sees that they arrived whole. */
final class FileTransfer {
  private final Conversation talk;
  private final Inquiry inquiry;
  private final Progress progress;

  FileTransfer(Conversation talk, Inquiry inquiry, Progress progress) {
    this.talk = talk;
    this.inquiry = inquiry;
    this.progress = progress;
  }

  /** Opens a stream from or to the server. */
  @FunctionalInterface
  interface Opener<S> {
    S open() throws FtpException;
  }

  /** From the server to a part file, which gets its full name when everything is there. */
  TransferResult download(Path target, String path, Opener<FtpInputStream> opener) throws FtpException {
    return talk.whole(() -> downloadWhole(target, path, opener));
  }

  private TransferResult downloadWhole(Path target, String path, Opener<FtpInputStream> opener) throws FtpException {
    String what = "RETR " + path + " to " + target;
    try (PartFile part = PartFile.create(target)) {
      OptionalLong size = inquiry.sizeIfTold(path);
      TransferResult result = fetch(opener, part, size);
      if (size.isPresent() && result.bytes() != size.getAsLong()) {
        throw wrongSize(what, result, size.getAsLong());
      }
      part.commit();
      return result;
    } catch (FtpException e) {
      throw e;
    } catch (IOException e) {
      throw local(what, e);
    }
  }

  private TransferResult fetch(Opener<FtpInputStream> opener, PartFile part, OptionalLong size) throws IOException {
    // The stream is closed, and with it a transfer called off, also when the disk is full or the progress throws.
    try (FtpInputStream in = opener.open();
        OutputStream out = part.stream()) {
      copy(in, out, size);
      return in.result().orElseThrow();
    }
  }

  /** From a local file to the server. */
  TransferResult upload(Path source, @Nullable String path, Opener<FtpOutputStream> opener) throws FtpException {
    return talk.whole(() -> uploadWhole(source, path, opener));
  }

  private TransferResult uploadWhole(Path source, @Nullable String path, Opener<FtpOutputStream> opener)
      throws FtpException {
    String what = "STOR " + (path == null ? "" : path + " ") + "from " + source;
    try (InputStream in = Files.newInputStream(regular(source))) {
      OptionalLong size = OptionalLong.of(Files.size(source));
      TransferResult result = write(opener.open(), what, out -> copy(in, out, size));
      OptionalLong there = path == null ? OptionalLong.empty() : inquiry.sizeIfTold(path);
      if (there.isPresent() && there.getAsLong() != result.bytes()) {
        throw wrongSize(what, result, there.getAsLong());
      }
      return result;
    } catch (FtpException e) {
      throw e;
    } catch (IOException e) {
      throw local(what, e);
    }
  }

  private static Path regular(Path source) throws IOException {
    if (Files.isDirectory(source)) {
      throw new IOException(source + " is a folder");
    }
    return source;
  }

  /** What the body writes, or nothing at all. */
  TransferResult write(FtpOutputStream out, String what, FtpBody body) throws FtpException {
    try {
      body.writeTo(out);
    } catch (IOException | RuntimeException | Error e) {
      takeBack(out, e);
      switch (e) {
        case FtpException ftp -> throw ftp;
        case IOException io -> throw local(what, io);
        case RuntimeException runtime -> throw runtime;
        default -> throw (Error) e;
      }
    }
    out.close();
    return out.result().orElseThrow(() -> calledOff(what));
  }

  /** The body returned as if all were well, but had taken the upload back itself. */
  private FtpTransferException calledOff(String what) {
    return new FtpTransferException(
        what + " was called off by what wrote it", null, 0, Kind.ABORTED, true, talk.transcript().lines(), null);
  }

  private static void takeBack(FtpOutputStream out, Throwable reason) {
    try {
      out.abort();
    } catch (FtpException e) {
      reason.addSuppressed(e);
    }
  }

  private void copy(InputStream in, OutputStream out, OptionalLong size) throws IOException {
    byte[] block = new byte[talk.config().blockSize()];
    ProgressMeter meter = new ProgressMeter(progress, TransferOptions.defaults().progressEvery(), 0, size);
    for (int n = in.read(block); n >= 0; n = in.read(block)) {
      out.write(block, 0, n);
      meter.moved(n);
    }
    meter.end();
  }

  private FtpTransferException wrongSize(String what, TransferResult result, long expected) {
    return new FtpTransferException(
        String.format(
            Locale.ROOT, "%s: %d bytes were moved, but the server's file has %d", what, result.bytes(), expected),
        result.reply().orElse(null),
        result.bytes(),
        Kind.TRUNCATED,
        true,
        talk.transcript().lines(),
        null);
  }

  private FtpLocalException local(String what, IOException cause) {
    Kind kind =
        switch (cause) {
          case NoSuchFileException e -> Kind.NOT_FOUND;
          case AccessDeniedException e -> Kind.DENIED;
          case FileAlreadyExistsException e -> Kind.EXISTS;
          default -> String.valueOf(cause.getMessage()).contains("No space left") ? Kind.QUOTA : Kind.OTHER;
        };
    return new FtpLocalException(what + ": " + cause, kind, talk.isOpen(), talk.transcript().lines(), cause);
  }
}
