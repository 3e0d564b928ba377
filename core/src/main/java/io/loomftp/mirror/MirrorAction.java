package io.loomftp.mirror;

import io.loomftp.ModifiedTime;
import java.io.Serializable;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One step of a mirror, or an entry that it leaves out, with the reason. Immutable. */
public final class MirrorAction implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The kinds of actions. */
  public enum Kind {
    /** A folder is made at the destination. */
    MAKE_FOLDER("make"),
    /** A file is transferred and replaces the older one, if any. */
    TRANSFER("send"),
    /** A file or link of the destination is deleted. */
    DELETE_FILE("delete"),
    /** A folder of the destination, empty by then, is removed. */
    DELETE_FOLDER("remove"),
    /** Left out by design, such as a link or a device. */
    SKIP("skip"),
    /** Left out because it would be unsafe or is impossible; a plan that has one deletes nothing. */
    REFUSE("refuse");

    private final String verb;

    Kind(String verb) {
      this.verb = verb;
    }
  }

  private final Kind kind;
  private final MirrorReason reason;
  private final String path;
  private final String detail;
  private final long size; // -1: not known
  private final @Nullable ModifiedTime modified;

  MirrorAction(
      Kind kind, MirrorReason reason, String path, String detail, long size, @Nullable ModifiedTime modified) {
    this.kind = Objects.requireNonNull(kind);
    this.reason = Objects.requireNonNull(reason);
    this.path = Objects.requireNonNull(path);
    this.detail = Objects.requireNonNull(detail);
    this.size = size;
    this.modified = modified;
  }

  /** An action without size and time. */
  static MirrorAction of(Kind kind, MirrorReason reason, String path, String detail) {
    return new MirrorAction(kind, reason, path, detail, -1, null);
  }

  /** Whether the destination gets an entry that it did not have. */
  boolean addsEntry() {
    return reason == MirrorReason.MISSING && (kind == Kind.TRANSFER || kind == Kind.MAKE_FOLDER);
  }

  boolean isDelete() {
    return kind == Kind.DELETE_FILE || kind == Kind.DELETE_FOLDER;
  }

  /** What kind of action it is. */
  public Kind kind() {
    return kind;
  }

  /** The reason for it. */
  public MirrorReason reason() {
    return reason;
  }

  /**
   * The path below both roots, separated by slashes; empty for the root itself. The path of a refused entry is as the server
   * sent it and may contain anything.
   */
  public String path() {
    return path;
  }

  /** Details of the reason, to be read by people; may be empty. */
  public String detail() {
    return detail;
  }

  /** The size in bytes of the file to transfer or delete; empty where it is not known. */
  public OptionalLong size() {
    return size < 0 ? OptionalLong.empty() : OptionalLong.of(size);
  }

  /** The time of modification of the source of a transfer, as listed: a LIST may have minutes, or only days. */
  public Optional<ModifiedTime> modified() {
    return Optional.ofNullable(modified);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MirrorAction that
        && kind == that.kind
        && reason == that.reason
        && path.equals(that.path)
        && detail.equals(that.detail)
        && size == that.size
        && Objects.equals(modified, that.modified);
  }

  @Override
  public int hashCode() {
    return (kind.ordinal() * 31 + reason.ordinal()) * 31 + path.hashCode();
  }

  /** One line of text; control characters in the path are escaped. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(path.length() + 48);
    text.append(kind.verb).append(' ').append(path.isEmpty() ? "." : LineEscapes.visible(path));
    if (size >= 0) {
      text.append(String.format(Locale.ROOT, " (%,d bytes)", size));
    }
    text.append(": ").append(reason.words());
    return detail.isEmpty() ? text.toString() : text.append(", ").append(LineEscapes.visible(detail)).toString();
  }
}
