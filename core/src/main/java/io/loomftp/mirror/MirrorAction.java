package io.loomftp.mirror;

import java.io.Serializable;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One thing that a mirror will do, or has found that it will not do, with its reason. Immutable. */
public final class MirrorAction implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What is done. */
  public enum Kind {
    /** A folder is made at the destination. */
    MAKE_FOLDER("make"),
    /** A file is transferred, replacing an older one if there is one. */
    TRANSFER("send"),
    /** A file or link of the destination is deleted. */
    DELETE_FILE("delete"),
    /** A folder of the destination, empty by then, is removed. */
    DELETE_FOLDER("remove"),
    /** Left out, as is usual for things like it; no reason for worry. */
    SKIP("skip"),
    /** Left out because it would not be safe or not possible; while there are such, nothing is deleted. */
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
  private final @Nullable Instant modified;

  MirrorAction(Kind kind, MirrorReason reason, String path, String detail, long size, @Nullable Instant modified) {
    this.kind = Objects.requireNonNull(kind);
    this.reason = Objects.requireNonNull(reason);
    this.path = Objects.requireNonNull(path);
    this.detail = Objects.requireNonNull(detail);
    this.size = size;
    this.modified = modified;
  }

  /** What is done. */
  public Kind kind() {
    return kind;
  }

  /** Why. */
  public MirrorReason reason() {
    return reason;
  }

  /**
   * Where, below the roots of both sides, with slashes; empty for the root itself. The path of something refused may hold
   * whatever a hostile server sent.
   */
  public String path() {
    return path;
  }

  /** More about the reason, for people; may be empty. */
  public String detail() {
    return detail;
  }

  /** The size of the source of a transfer, in bytes, or of what is deleted; empty where it is not known. */
  public OptionalLong size() {
    return size < 0 ? OptionalLong.empty() : OptionalLong.of(size);
  }

  /** When the source of a transfer was modified, as its listing told. */
  public Optional<Instant> modified() {
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

  /** One line for people; control characters and the like in the path are made visible. */
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
