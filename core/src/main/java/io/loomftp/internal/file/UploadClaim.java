package io.loomftp.internal.file;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims the temporary name of an upload that may be resumed, so that no other upload writes to it. The name contains a digest
 * of the source in its present state, the machine and the target, so only this machine uses it, and a lock in its folder for
 * temporary files is held during the upload.
 */
final class UploadClaim implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UploadClaim.class);

  private final LockedNote lock;
  private final String id;

  private UploadClaim(LockedNote lock, String id) {
    this.lock = lock;
    this.id = id;
  }

  /**
   * Claims the name for one source.
   *
   * @param target server and path
   * @return empty while another upload of this source runs, and where no lock is available
   */
  static Optional<UploadClaim> of(UploadSource source, String target) {
    String state =
        String.join(
            "\n", machine(), source.toString(), Long.toString(source.size().orElse(0)),
            source.modified().map(Object::toString).orElse(""), target);
    CRC32 sum = new CRC32();
    sum.update(state.getBytes(StandardCharsets.UTF_8));
    String id = HexFormat.of().toHexDigits(sum.getValue(), 8);
    Path file = Path.of(System.getProperty("java.io.tmpdir"), "loomftp-upload-" + id + ".lock");
    LockedNote lock = null;
    try {
      lock = LockedNote.acquire(file, file, true).orElse(null);
      if (lock == null) {
        return Optional.empty();
      }
      RemoteVersion version = new RemoteVersion(target, source.size(), source.modified());
      lock.write(new PartialNote(file.getFileName().toString(), version, false, List.of(new ByteRange(0, 0, 0))));
      return Optional.of(new UploadClaim(lock, id));
    } catch (IOException e) {
      LOG.debug("the upload to {} cannot be resumed: {}", target, e.toString());
      closeQuietly(lock);
      return Optional.empty();
    }
  }

  private static String machine() {
    try {
      return InetAddress.getLocalHost() + " " + System.getProperty("user.name");
    } catch (IOException e) {
      return System.getProperty("user.name", "");
    }
  }

  /** Eight digits. */
  String id() {
    return id;
  }

  private static void closeQuietly(@Nullable LockedNote lock) {
    if (lock == null) {
      return;
    }
    try (lock) {
      lock.delete();
    } catch (IOException e) {
      LOG.debug("a lock file was not deleted: {}", e.toString());
    }
  }

  @Override
  public void close() {
    closeQuietly(lock);
  }
}
