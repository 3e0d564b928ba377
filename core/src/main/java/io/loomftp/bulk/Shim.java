package io.loomftp.bulk;
import io.loomftp.*;
import java.nio.file.*;
final class Shim {
  static TransferResult get(FtpSession s, String p, Path t, TransferOptions o) throws java.io.IOException {
    TransferResult r = s.get(p, t);
    if (o.expectedModified().isPresent()) Files.setLastModifiedTime(t, java.nio.file.attribute.FileTime.from(o.expectedModified().get()));
    return r; }
  static TransferResult put(FtpSession s, Path f, String p, TransferOptions o) throws java.io.IOException {
    TransferResult r = s.put(f, p);
    if (s.features().has("MFMT")) s.setModified(p, Files.getLastModifiedTime(f).toInstant());
    return r; }
}
