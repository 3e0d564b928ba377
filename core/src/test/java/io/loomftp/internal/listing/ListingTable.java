package io.loomftp.internal.listing;

import io.loomftp.FtpEntry;
import io.loomftp.ListingDiagnostic;
import io.loomftp.ModifiedTime;
import io.loomftp.internal.text.NameCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The tables of real lines in {@code src/test/resources/listing}: {@code ## server} begins a listing, each of its lines is
 * followed by what it gives, an entry after {@code =>}, {@code nothing} or {@code diagnostic}. Bytes that are not UTF-8 are
 * written {@code \}{@code xE4}, a tab {@code \t}, a backslash twice.
 */
final class ListingTable {
  static final String[] FILES = {"unix", "months", "dos", "others", "vms", "mvs", "as400", "mlsd"};
  static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC);
  static final NameCodec UTF_8 = new NameCodec(StandardCharsets.UTF_8);
  static final ListingFormat FORMAT =
      new ListingFormat(UTF_8, ZoneOffset.UTC, CLOCK, 8 << 10, 1_000_000, true, false, Optional.empty());

  /** A line and what it is to give. */
  static final class Row {
    private final byte[] line;
    private final String expected;

    Row(byte[] line, String expected) {
      this.line = line;
      this.expected = expected;
    }

    byte[] line() {
      return line;
    }

    String expected() {
      return expected;
    }
  }

  /** One listing. */
  record Section(String file, String server, List<Row> rows) {
    boolean isMlsd() {
      return file.equals("mlsd");
    }

    byte[] bytes() {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (Row row : rows) {
        all.writeBytes(row.line());
        all.writeBytes(new byte[] {'\r', '\n'});
      }
      return all.toByteArray();
    }
  }

  private ListingTable() {}

  static List<Section> read(String file) throws IOException {
    String text;
    try (InputStream in = ListingTable.class.getResourceAsStream("/listing/" + file + ".txt")) {
      text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
    List<Section> sections = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      if (line.startsWith("## ")) {
        sections.add(new Section(file, line.substring(3), new ArrayList<>()));
      } else if (!sections.isEmpty()) {
        List<Row> rows = sections.getLast().rows();
        if (line.startsWith("=> ")) {
          rows.add(new Row(rows.removeLast().line(), line.substring(3)));
        } else {
          rows.add(new Row(unescape(line), "nothing"));
        }
      }
    }
    for (Section section : sections) {
      while (section.rows().getLast().line().length == 0) {
        section.rows().removeLast();
      }
    }
    return sections;
  }

  static List<Section> readAll() throws IOException {
    List<Section> all = new ArrayList<>();
    for (String file : FILES) {
      all.addAll(read(file));
    }
    return all;
  }

  private static byte[] unescape(String line) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < line.length(); i += Character.charCount(line.codePointAt(i))) {
      char c = line.charAt(i);
      if (c != '\\') {
        bytes.writeBytes(Character.toString(line.codePointAt(i)).getBytes(StandardCharsets.UTF_8));
      } else if (line.charAt(++i) == 'x') {
        bytes.write(Integer.parseInt(line.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.write(line.charAt(i) == 't' ? '\t' : line.charAt(i));
      }
    }
    return bytes.toByteArray();
  }

  /** Everything an entry tells, on one line. */
  static String show(FtpEntry entry) {
    StringBuilder text = new StringBuilder(entry.type().toString());
    text.append(' ').append(entry.size().isPresent() ? Long.toString(entry.size().getAsLong()) : "-");
    text.append(' ').append(entry.modified().map(ListingTable::show).orElse("-"));
    text.append(' ').append(quoted(entry.name()));
    entry.linkTarget().ifPresent(target -> text.append(" -> ").append(quoted(target)));
    entry.permissions().ifPresent(value -> text.append(' ').append(value));
    entry.mode().ifPresent(value -> text.append(String.format(Locale.ROOT, " %04o", value)));
    entry.owner().ifPresent(value -> text.append(" owner=").append(quoted(value)));
    entry.group().ifPresent(value -> text.append(" group=").append(quoted(value)));
    if (!entry.facts().isEmpty()) {
      text.append(' ').append(entry.facts());
    }
    return text.toString();
  }

  private static String show(ModifiedTime modified) {
    LocalDateTime time = LocalDateTime.ofInstant(modified.instant(), ZoneOffset.UTC);
    String text =
        switch (modified.precision()) {
          case DAY -> time.toLocalDate().toString();
          case MINUTE -> time.truncatedTo(ChronoUnit.MINUTES).toString();
          case SECOND -> time.toLocalDate() + String.format(Locale.ROOT, "T%tT", time);
          case MILLI -> time.toLocalDate() + String.format(Locale.ROOT, "T%tT.%tN", time, time);
        };
    return modified.source() == ModifiedTime.Source.LIST ? text : text + "Z";
  }

  private static String quoted(String text) {
    StringBuilder safe = new StringBuilder("\"");
    text.codePoints().forEach(c -> {
      if (c < ' ' || c == 0x85 || c == 0xA0 || (c >= 0xD800 && c <= 0xDFFF)) {
        safe.append(String.format(Locale.ROOT, "\\u%04X", c));
      } else {
        safe.appendCodePoint(c);
      }
    });
    return safe.append('"').toString();
  }

  /** What a listing gives: entries in their order, then diagnostics with the numbers of their lines. */
  static List<String> outcome(byte[] listing, boolean mlsd, ListingFormat format) throws IOException {
    List<String> diagnostics = new ArrayList<>();
    List<String> outcome = new ArrayList<>();
    for (FtpEntry entry : entries(listing, mlsd, format, d -> diagnostics.add("diagnostic of line " + d.lineNumber()))) {
      outcome.add(show(entry));
    }
    outcome.addAll(diagnostics);
    return outcome;
  }

  static List<FtpEntry> entries(
      byte[] listing, boolean mlsd, ListingFormat format, Consumer<ListingDiagnostic> diagnostics)
      throws IOException {
    InputStream in = new ByteArrayInputStream(listing);
    EntryReader reader =
        mlsd ? EntryReader.mlsd(in, format, diagnostics) : EntryReader.list(in, format, diagnostics);
    List<FtpEntry> entries = new ArrayList<>();
    for (FtpEntry entry = reader.next(); entry != null; entry = reader.next()) {
      entries.add(entry);
    }
    return entries;
  }
}
