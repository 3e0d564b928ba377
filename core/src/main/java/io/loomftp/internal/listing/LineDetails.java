package io.loomftp.internal.listing;

import io.loomftp.FtpEntry;
import io.loomftp.ModifiedTime.Precision;
import io.loomftp.internal.text.NameCodec;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The lesser columns of an entry, as places in the one kept line; they become text on demand. */
final class LineDetails implements FtpEntry.Details {
  private final byte[] line;
  private final LineParser parser;
  private final NameCodec names;
  private final int nameFrom;
  private final int nameTo;
  private final int permissionsFrom;
  private final int permissionsTo;
  private final int ownerFrom;
  private final int ownerTo;
  private final int groupFrom;
  private final int groupTo;
  private final int linkFrom;
  private final int linkTo;

  private LineDetails(EntryBuilder draft, LineParser parser, NameCodec names) {
    this.line = draft.line;
    this.parser = parser;
    this.names = names;
    nameFrom = draft.nameFrom;
    nameTo = draft.nameTo;
    permissionsFrom = draft.permissionsFrom;
    permissionsTo = draft.permissionsTo;
    ownerFrom = draft.ownerFrom;
    ownerTo = draft.ownerTo;
    groupFrom = draft.groupFrom;
    groupTo = draft.groupTo;
    linkFrom = draft.linkFrom;
    linkTo = draft.linkTo;
  }

  /** The entry that the builder holds; the line now belongs to it. */
  static FtpEntry entry(EntryBuilder draft, LineParser parser, NameCodec names) {
    byte @Nullable [] joined = parser.joinedName(draft.line, draft.nameFrom, draft.nameTo);
    String name =
        joined == null ? names.decode(draft.line, draft.nameFrom, draft.nameTo - draft.nameFrom) : names.decode(joined);
    FtpEntry.Builder entry = FtpEntry.builder(name).type(draft.type);
    if (draft.size >= 0) {
      entry.size(draft.size);
    }
    FoundTime time = draft.time;
    Precision precision = time.precision;
    if (precision != null) {
      entry.modified(time.second, time.nano, precision, time.source);
    }
    return entry.build(new LineDetails(draft, parser, names));
  }

  @Override
  public Optional<byte[]> rawName() {
    byte @Nullable [] joined = parser.joinedName(line, nameFrom, nameTo);
    return Optional.of(joined == null ? Arrays.copyOfRange(line, nameFrom, nameTo) : joined);
  }

  @Override
  public Optional<String> permissions() {
    return text(permissionsFrom, permissionsTo);
  }

  @Override
  public Optional<String> owner() {
    return text(ownerFrom, ownerTo);
  }

  @Override
  public Optional<String> group() {
    return text(groupFrom, groupTo);
  }

  @Override
  public Optional<String> linkTarget() {
    return text(linkFrom, linkTo);
  }

  private Optional<String> text(int from, int to) {
    return to == 0 ? Optional.empty() : Optional.of(names.decode(line, from, to - from));
  }

  @Override
  public Map<String, String> facts() {
    return parser.facts(line, names);
  }

  @Override
  public String rawLine() {
    return names.decode(line);
  }
}
