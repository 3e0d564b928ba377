package io.loomftp;

import io.loomftp.ModifiedTime.Precision;
import io.loomftp.ModifiedTime.Source;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a listing: a name and what the server lists with it. What it does not list is absent, never guessed.
 *
 * <p>{@link #name()} can always be sent back: it represents exactly the listed bytes. For display use
 * {@link #displayName}. The lesser columns (permissions, owner, facts...) are parsed from the kept line on first use.
 *
 * <p>Immutable.
 */
public final class FtpEntry {
  private final String name;
  private final EntryType type;
  private final long size; // -1: not listed
  private final long second; // of the modification time, since 1970
  private final int nano;
  private final @Nullable Precision precision; // null: no time
  private final Source source;
  private final Details details;

  private FtpEntry(Builder set, Details details) {
    name = set.name;
    type = set.type;
    size = set.size;
    second = set.second;
    nano = set.nano;
    precision = set.precision;
    source = set.source;
    this.details = details;
  }

  /** Starts an entry, for parsers and tests; only the name is required. */
  public static Builder builder(String name) {
    return new Builder(name);
  }

  /** A builder that starts from this entry. */
  public Builder toBuilder() {
    Builder copy = new Builder(name).type(type);
    size().ifPresent(copy::size);
    modified().ifPresent(copy::modified);
    details.permissions().ifPresent(copy::permissions);
    details.owner().ifPresent(copy::owner);
    details.group().ifPresent(copy::group);
    details.linkTarget().ifPresent(copy::linkTarget);
    details.facts().forEach(copy::fact);
    details.rawName().ifPresent(copy::rawName);
    return copy.rawLine(details.rawLine());
  }

  /**
   * The name as listed, in the form the session's verbs take: decoded in {@link FtpConfig#charset()}, with every byte that
   * is not valid in it as one lone low surrogate ({@code U+DC80} to {@code U+DCFF}). Sent back, it becomes the listed
   * bytes again.
   */
  public String name() {
    return name;
  }

  /** The bytes of the name as they were listed (a copy). For an entry built without them, the name in UTF-8. */
  public byte[] rawName() {
    return details.rawName().orElseGet(() -> utf8(name));
  }

  /** The name for display: where bytes of it were not valid in the session's charset, all of it decoded in another. */
  public String displayName(Charset fallback) {
    return hasEscapes(name) ? new String(rawName(), fallback) : name;
  }

  /** What the entry is. */
  public EntryType type() {
    return type;
  }

  /** Whether this is a file with contents. */
  public boolean isFile() {
    return type == EntryType.FILE;
  }

  /** Whether this is a folder, the listed one and the one above included. */
  public boolean isDirectory() {
    return type == EntryType.DIRECTORY || type == EntryType.CURRENT_DIRECTORY || type == EntryType.PARENT_DIRECTORY;
  }

  /** Whether this is a symbolic link. */
  public boolean isLink() {
    return type == EntryType.LINK;
  }

  /** The size in bytes, as listed; a count of blocks, tracks or lines is a fact instead. */
  public OptionalLong size() {
    return size < 0 ? OptionalLong.empty() : OptionalLong.of(size);
  }

  /** The time of modification, with its precision and source. */
  public Optional<ModifiedTime> modified() {
    return precision == null
        ? Optional.empty()
        : Optional.of(new ModifiedTime(Instant.ofEpochSecond(second, nano), precision, source));
  }

  /** The permissions as the server writes them: {@code rwxr-xr-x+}, {@code 0644}, {@code RWCEAFMS}, {@code RWED,RWED,,}. */
  public Optional<String> permissions() {
    return details.permissions();
  }

  /** The Unix permission bits, {@code 0} to {@code 07777}, where the permissions are written in a Unix way. */
  public OptionalInt mode() {
    return details.permissions().map(FtpEntry::bits).orElse(OptionalInt.empty());
  }

  /** The owner, as a name or number. */
  public Optional<String> owner() {
    return details.owner();
  }

  /** The group, as a name or number. */
  public Optional<String> group() {
    return details.group();
  }

  /** Where a symbolic link points to, in the form of {@link #name()}. */
  public Optional<String> linkTarget() {
    return details.linkTarget();
  }

  /**
   * Everything else that the server listed, by name in lower case: all facts of MLSD, the version of a VMS file, the record
   * format of a data set. In the order of the line.
   */
  public Map<String, String> facts() {
    return details.facts();
  }

  /** One of the {@link #facts()}; its name in any case. */
  public Optional<String> fact(String factName) {
    return Optional.ofNullable(details.facts().get(factName.toLowerCase(Locale.ROOT)));
  }

  /** The line this came from, decoded as names are, without its line end; empty for an entry built by hand. */
  public String rawLine() {
    return details.rawLine();
  }

  /** Equal when all listed values are equal; the form of the line does not count. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FtpEntry that
        && name.equals(that.name)
        && type == that.type
        && size == that.size
        && second == that.second
        && nano == that.nano
        && precision == that.precision
        && source == that.source
        && permissions().equals(that.permissions())
        && owner().equals(that.owner())
        && group().equals(that.group())
        && linkTarget().equals(that.linkTarget())
        && facts().equals(that.facts());
  }

  @Override
  public int hashCode() {
    return (name.hashCode() * 31 + type.hashCode()) * 31 + Long.hashCode(size ^ second);
  }

  /** Type, name, size and time on one line, safe for a log: control characters and the like are escaped. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(64).append(type).append(" \"").append(visible(name)).append('"');
    if (size >= 0) {
      text.append(' ').append(size);
    }
    modified().ifPresent(time -> text.append(' ').append(time.instant()));
    return text.toString();
  }

  /** Escapes everything in a text from a server that could break or forge a log line, as {@code \}{@code uXXXX}. */
  static String visible(String text) {
    StringBuilder safe = new StringBuilder(text.length() + 8);
    text.codePoints().forEach(c -> {
      switch (Character.getType(c)) {
        case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR, Character.UNASSIGNED, Character.PRIVATE_USE ->
            safe.append(String.format(Locale.ROOT, "\\u%04X", c));
        default -> safe.appendCodePoint(c);
      }
    });
    return safe.toString();
  }

  private static boolean hasEscapes(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (Character.isSurrogate(name.charAt(i))) {
        return name.codePoints().anyMatch(FtpEntry::isEscape);
      }
    }
    return false;
  }

  private static boolean isEscape(int codePoint) {
    return codePoint >= 0xDC80 && codePoint <= 0xDCFF;
  }

  private static byte[] utf8(String name) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(name.length() + 16);
    name.codePoints().forEach(c -> {
      if (isEscape(c)) {
        bytes.write(c - 0xDC00);
      } else {
        bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
      }
    });
    return bytes.toByteArray();
  }

  /** Reads {@code rwsr-x--T} with whatever follows, or an octal number. */
  private static OptionalInt bits(String text) {
    if (!text.isEmpty() && text.length() <= 7 && text.chars().allMatch(c -> c >= '0' && c <= '7')) {
      return OptionalInt.of(Integer.parseInt(text, 8) & 07777);
    }
    if (text.length() < 9) {
      return OptionalInt.empty();
    }
    int bits = 0;
    for (int i = 0; i < 9; i++) {
      char c = text.charAt(i);
      int bit = 1 << (8 - i);
      int special = 1 << (11 - i / 3);
      if (c == "rwx".charAt(i % 3)) {
        bits |= bit;
      } else if (i % 3 == 2 && (c == 's' || c == 't')) {
        bits |= bit | special;
      } else if (i % 3 == 2 && (c == 'S' || c == 'T' || c == 'l' || c == 'L')) {
        bits |= special;
      } else if (c != '-') {
        return OptionalInt.empty();
      }
    }
    return OptionalInt.of(bits);
  }

  /**
   * The lesser columns of an entry, parsed on demand: a parser that keeps the bytes of the line passes one of these to
   * {@link Builder#build(Details)} and skips parsing them. Must be immutable.
   */
  public interface Details {
    /** The bytes of the name, as a copy; empty where they were not kept. */
    Optional<byte[]> rawName();

    /** The permissions as listed. */
    Optional<String> permissions();

    /** The owner as listed. */
    Optional<String> owner();

    /** The group as listed. */
    Optional<String> group();

    /** The target of a link. */
    Optional<String> linkTarget();

    /** Everything else, by lower-case name; unmodifiable. */
    Map<String, String> facts();

    /** The whole line; empty where there is none. */
    String rawLine();
  }

  private record Plain(
      Optional<byte[]> keptName,
      Optional<String> permissions,
      Optional<String> owner,
      Optional<String> group,
      Optional<String> linkTarget,
      Map<String, String> facts,
      String rawLine)
      implements Details {
    @Override
    public Optional<byte[]> rawName() {
      return keptName.map(byte[]::clone);
    }
  }

  /** Builds an entry; not safe for use by several threads. */
  public static final class Builder {
    private final String name;
    private EntryType type = EntryType.UNKNOWN;
    private long size = -1;
    private long second;
    private int nano;
    private @Nullable Precision precision;
    private Source source = Source.LIST;
    private @Nullable String permissions;
    private @Nullable String owner;
    private @Nullable String group;
    private @Nullable String linkTarget;
    private @Nullable Map<String, String> facts;
    private byte @Nullable [] rawName;
    private String rawLine = "";

    private Builder(String name) {
      this.name = Objects.requireNonNull(name);
    }

    /** What the entry is; {@link EntryType#UNKNOWN} by default. */
    public Builder type(EntryType type) {
      this.type = Objects.requireNonNull(type);
      return this;
    }

    /** The size in bytes. */
    public Builder size(long size) {
      if (size < 0) {
        throw new IllegalArgumentException("not a size: " + size);
      }
      this.size = size;
      return this;
    }

    /** When it was modified. */
    public Builder modified(ModifiedTime modified) {
      Instant instant = modified.instant();
      return modified(instant.getEpochSecond(), instant.getNano(), modified.precision(), modified.source());
    }

    /** When it was modified: seconds since 1970 and nanoseconds (0 to 999,999,999), as {@link Instant} counts them. */
    public Builder modified(long second, int nano, Precision precision, Source source) {
      this.second = second;
      this.nano = nano;
      this.precision = Objects.requireNonNull(precision);
      this.source = Objects.requireNonNull(source);
      return this;
    }

    /** The permissions as the server writes them. */
    public Builder permissions(String permissions) {
      this.permissions = Objects.requireNonNull(permissions);
      return this;
    }

    /** The owner. */
    public Builder owner(String owner) {
      this.owner = Objects.requireNonNull(owner);
      return this;
    }

    /** The group. */
    public Builder group(String group) {
      this.group = Objects.requireNonNull(group);
      return this;
    }

    /** Where a symbolic link points to. */
    public Builder linkTarget(String linkTarget) {
      this.linkTarget = Objects.requireNonNull(linkTarget);
      return this;
    }

    /** Another listed value; its name is kept in lower case. */
    public Builder fact(String factName, String value) {
      if (facts == null) {
        facts = new LinkedHashMap<>();
      }
      facts.put(factName.toLowerCase(Locale.ROOT), Objects.requireNonNull(value));
      return this;
    }

    /** The bytes of the name as listed; the array is copied. */
    public Builder rawName(byte[] rawName) {
      this.rawName = rawName.clone();
      return this;
    }

    /** The line that it was parsed from. */
    public Builder rawLine(String rawLine) {
      this.rawLine = Objects.requireNonNull(rawLine);
      return this;
    }

    /** Builds the entry; the builder can be used further. */
    public FtpEntry build() {
      Map<String, String> kept =
          facts == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(facts));
      return build(
          new Plain(
              Optional.ofNullable(rawName),
              Optional.ofNullable(permissions),
              Optional.ofNullable(owner),
              Optional.ofNullable(group),
              Optional.ofNullable(linkTarget),
              kept,
              rawLine));
    }

    /** The entry with name, type, size and time of this builder, and everything else read from the details on demand. */
    public FtpEntry build(Details details) {
      return new FtpEntry(this, Objects.requireNonNull(details));
    }
  }
}
