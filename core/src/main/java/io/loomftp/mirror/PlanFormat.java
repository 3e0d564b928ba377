package io.loomftp.mirror;

import io.loomftp.ModifiedTime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The text format of a plan: a line that names the format, a line for each setting, a line for each action, and a last line.
 * Fields are separated by tabs and escaped by {@link LineEscapes}.
 *
 * <p>A plan that is read is not trusted: anything that is not exactly in this format is rejected, and so is every path that
 * could lead out of the root.
 */
final class PlanFormat {
  private static final String FIRST = "loomftp-mirror-plan\t2";
  private static final String LAST = "end";
  private static final int FIELDS = 6;

  private PlanFormat() {}

  static void write(PlanData plan, Writer out) throws IOException {
    line(out, FIRST);
    setting(out, "id", plan.id().toString());
    setting(out, "made", plan.made().toString());
    setting(out, "direction", plan.direction().name());
    setting(out, "remote", plan.remote());
    setting(out, "local", plan.local());
    setting(out, "names", plan.names().name());
    setting(out, "links", Boolean.toString(plan.followLinks()));
    setting(out, "deletes", Double.toString(plan.deleteShare()));
    setting(out, "unchanged", Long.toString(plan.unchanged()));
    setting(out, "destination", Long.toString(plan.destinationEntries()));
    setting(out, "complete", Boolean.toString(plan.complete()));
    setting(out, "actions", Integer.toString(plan.actions().size()));
    for (MirrorAction action : plan.actions()) {
      write(action, out);
    }
    line(out, LAST);
  }

  private static void setting(Writer out, String name, String value) throws IOException {
    line(out, name + "\t" + LineEscapes.escape(value));
  }

  private static void line(Writer out, String text) throws IOException {
    out.write(text);
    out.write('\n');
  }

  private static void write(MirrorAction action, Writer out) throws IOException {
    out.write(action.kind().name());
    out.write('\t');
    out.write(action.reason().name());
    out.write('\t');
    out.write(action.size().isPresent() ? Long.toString(action.size().getAsLong()) : "-");
    out.write('\t');
    out.write(action.modified().map(PlanFormat::text).orElse("-"));
    out.write('\t');
    out.write(LineEscapes.escape(action.path()));
    out.write('\t');
    line(out, LineEscapes.escape(action.detail()));
  }

  private static String text(ModifiedTime time) {
    return time.instant() + " " + time.precision() + " " + time.source();
  }

  private static ModifiedTime time(String text) {
    String[] parts = text.split(" ", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("not a time with precision and source");
    }
    return new ModifiedTime(
        Instant.parse(parts[0]), ModifiedTime.Precision.valueOf(parts[1]), ModifiedTime.Source.valueOf(parts[2]));
  }

  static PlanData read(BufferedReader in) throws IOException {
    return new Reading(in).plan();
  }

  /** Why a path cannot be the object of an action; null when it can. */
  private static @Nullable String fault(
      MirrorAction.Kind kind, String path, MirrorDirection direction, LocalNames names) {
    if (kind == MirrorAction.Kind.SKIP || kind == MirrorAction.Kind.REFUSE) {
      return null;
    }
    if (path.isEmpty()) {
      return kind == MirrorAction.Kind.MAKE_FOLDER ? null : "it is the root";
    }
    // An entry of the destination of a download may have any name that this machine can hold.
    boolean deletes = kind == MirrorAction.Kind.DELETE_FILE || kind == MirrorAction.Kind.DELETE_FOLDER;
    for (String name : path.split("/", -1)) {
      String fault = RemoteNames.fault(name, null);
      if (fault == null && direction == MirrorDirection.DOWNLOAD) {
        fault = (deletes ? LocalNames.NATIVE : names).objection(name).orElse(null);
      }
      if (fault != null) {
        return fault;
      }
    }
    return null;
  }

  /** Reads a plan and counts its lines, to name the line when something is wrong. */
  private static final class Reading {
    private final BufferedReader in;
    private int number;

    Reading(BufferedReader in) {
      this.in = in;
    }

    PlanData plan() throws IOException {
      if (!next().equals(FIRST)) {
        throw wrong("is not the first line of a plan of this version", null);
      }
      UUID id = setting("id", UUID::fromString);
      Instant made = setting("made", Instant::parse);
      MirrorDirection direction = setting("direction", MirrorDirection::valueOf);
      String remote = setting("remote", text -> text);
      String local = setting("local", text -> text);
      LocalNames names = setting("names", LocalNames::valueOf);
      boolean followLinks = setting("links", Reading::truth);
      double deletes = setting("deletes", Double::parseDouble);
      long unchanged = setting("unchanged", Reading::count);
      long destination = setting("destination", Reading::count);
      boolean complete = setting("complete", Reading::truth);
      int count = Math.toIntExact(setting("actions", Reading::count));
      if (!(deletes >= 0 && deletes <= 1)) {
        throw wrong("has no share of deletes between 0 and 1", null);
      }
      List<MirrorAction> actions = new ArrayList<>(Math.min(count, 100_000));
      for (int i = 0; i < count; i++) {
        actions.add(action(next(), direction, names));
      }
      if (!next().equals(LAST) || in.read() >= 0) {
        throw wrong("should be the last one", null);
      }
      return new PlanData(
          id, made, direction, remote, local, names, followLinks, deletes, unchanged, destination, complete, actions);
    }

    private String next() throws IOException {
      number++;
      String line = in.readLine();
      if (line == null) {
        throw wrong("is missing: the plan is cut off", null);
      }
      return line;
    }

    private <V> V setting(String name, Function<String, V> meaning) throws IOException {
      String line = next();
      if (!line.startsWith(name + "\t")) {
        throw wrong("should set '" + name + "'", null);
      }
      try {
        return meaning.apply(LineEscapes.unescape(line.substring(name.length() + 1)));
      } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
        throw wrong("has no good value for '" + name + "'", e);
      }
    }

    private static boolean truth(String text) {
      return switch (text) {
        case "true" -> true;
        case "false" -> false;
        default -> throw new IllegalArgumentException("neither true nor false");
      };
    }

    private static long count(String text) {
      long value = Long.parseLong(text);
      if (value < 0 || value > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("not a count");
      }
      return value;
    }

    private MirrorAction action(String line, MirrorDirection direction, LocalNames names) throws IOException {
      String[] fields = line.split("\t", -1);
      if (fields.length != FIELDS) {
        throw wrong("has " + fields.length + " fields instead of " + FIELDS, null);
      }
      try {
        MirrorAction.Kind kind = MirrorAction.Kind.valueOf(fields[0]);
        long size = fields[2].equals("-") ? -1 : Long.parseUnsignedLong(fields[2]);
        if (size < -1) {
          throw new IllegalArgumentException("not a size");
        }
        String path = LineEscapes.unescape(fields[4]);
        String fault = fault(kind, path, direction, names);
        if (fault != null) {
          throw new IllegalArgumentException("an unsafe path: " + fault);
        }
        return new MirrorAction(
            kind,
            MirrorReason.valueOf(fields[1]),
            path,
            LineEscapes.unescape(fields[5]),
            size,
            fields[3].equals("-") ? null : time(fields[3]));
      } catch (IllegalArgumentException | DateTimeException e) {
        throw wrong("is no action", e);
      }
    }

    private IOException wrong(String what, @Nullable Exception cause) {
      String why = cause == null ? "" : " (" + LineEscapes.visible(String.valueOf(cause.getMessage())) + ")";
      return new IOException("line " + number + " of the plan " + what + why, cause);
    }
  }
}
