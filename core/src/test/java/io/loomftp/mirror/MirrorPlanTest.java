package io.loomftp.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.ModifiedTime;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A plan is data: it is saved, read back and sent, and what is read is not trusted. */
class MirrorPlanTest {
  private static final Instant TIME = Instant.parse("2026-11-22T10:30:00.123Z");

  @TempDir Path folder;

  private static MirrorAction action(MirrorAction.Kind kind, String path) {
    boolean transfer = kind == MirrorAction.Kind.TRANSFER;
    return new MirrorAction(kind, MirrorReason.MISSING, path, "why \\ \t not", transfer ? 5 : -1, transfer ? new ModifiedTime(
        TIME, ModifiedTime.Precision.MILLI, ModifiedTime.Source.MLSD) : null);
  }

  private static MirrorPlan plan(MirrorDirection direction, MirrorAction... actions) {
    PlanData data = new PlanData(
        UUID.randomUUID(), TIME, direction, "/pub\tx", "/home/a\nb", LocalNames.SAFE, true, 0.25, 7, 9, false, List.of(actions));
    return new MirrorPlan(data, TransferDefaults.of(direction), null);
  }

  private static MirrorPlan plan() {
    return plan(
        MirrorDirection.DOWNLOAD,
        action(MirrorAction.Kind.MAKE_FOLDER, ""),
        action(MirrorAction.Kind.MAKE_FOLDER, "süb"),
        action(MirrorAction.Kind.TRANSFER, "süb/日本語 \uD83D\uDE00 +.txt"),
        action(MirrorAction.Kind.DELETE_FILE, "old"),
        action(MirrorAction.Kind.REFUSE, "../../evil\r\n\t\uDC80\u2028\u202E"));
  }

  private static String text(MirrorPlan plan) throws IOException {
    StringWriter out = new StringWriter();
    plan.write(out);
    return out.toString();
  }

  private static void assertSame(MirrorPlan expected, MirrorPlan found) throws IOException {
    assertEquals(text(expected), text(found));
    assertEquals(expected.id(), found.id());
    assertEquals(expected.actions(), found.actions());
    assertEquals(expected.remote(), found.remote());
    assertEquals(expected.local(), found.local());
    assertEquals(expected.unchanged(), found.unchanged());
    assertEquals(expected.deleteShare(), found.deleteShare());
    assertEquals(expected.isComplete(), found.isComplete());
  }

  @Test
  void savedPlanIsReadBackAsItWas() throws Exception {
    MirrorPlan plan = plan();
    Path file = folder.resolve("plan");
    plan.save(file);
    assertSame(plan, MirrorPlan.read(file));
  }

  @Test
  void serializedPlanIsReadBackAsItWas() throws Exception {
    MirrorPlan plan = plan();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(plan);
    }
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertSame(plan, (MirrorPlan) in.readObject());
    }
  }

  @Test
  void everyActionIsOneLine() throws Exception {
    List<String> lines = text(plan()).lines().toList();
    assertEquals(13 + 5 + 1, lines.size());
    assertTrue(lines.get(17).contains("../../evil\\r\\n\\t\\uDC80\\u2028\\u202E"), lines.get(17));
    assertTrue(text(plan()).chars().noneMatch(c -> c < ' ' && c != '\n' && c != '\t'));
  }

  @Test
  void anyNameSurvivesEscapingAsOneField() {
    Random random = new Random(42);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder name = new StringBuilder();
      for (int n = random.nextInt(12); n > 0; n--) {
        name.append(
            switch (random.nextInt(4)) {
              case 0 -> (char) random.nextInt(0x80);
              case 1 -> "\\tnru0AF".charAt(random.nextInt(8));
              case 2 -> (char) (0xD700 + random.nextInt(0xA00));
              default -> (char) random.nextInt(0x10000);
            });
      }
      String escaped = LineEscapes.escape(name.toString());
      assertEquals(name.toString(), LineEscapes.unescape(escaped));
      assertTrue(escaped.chars().noneMatch(c -> c == '\t' || c == '\n' || c == '\r'), escaped);
      assertEquals(escaped, new String(escaped.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\", "\\x", "\\u12", "\\u12g4", "\\uabcd", "a\\"})
  void otherEscapesAreRefused(String field) {
    assertThrows(IllegalArgumentException.class, () -> LineEscapes.unescape(field));
  }

  private static void assertRefused(String text, String why) {
    IOException thrown = assertThrows(IOException.class, () -> MirrorPlan.read(new StringReader(text)), text);
    assertTrue(thrown.getMessage().contains(why), thrown.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
          "", "..", "../x", "a/../../x", "a/..", "/etc/passwd", "a//b", "./a", "a/", "a\\0b", "a\\u0000b", "a\\\\..\\\\b",
          "C:x", "a\\nb", "a\\uDC80", "a/b\\u001B"
      })
  void pathsThatLeaveTheRootAreRefused(String path) throws Exception {
    String good = text(plan(MirrorDirection.DOWNLOAD, action(MirrorAction.Kind.TRANSFER, "good")));
    assertRefused(good.replace("\tgood\t", "\t" + path + "\t"), "is no action");
    String folder = good.replace("TRANSFER", "MAKE_FOLDER");
    if (!path.isEmpty()) {
      assertRefused(folder.replace("\tgood\t", "\t" + path + "\t"), "is no action");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "../x", "a/../../x", "a/..", "/etc/passwd", "a//b", "./a", "a/", "a\\u0000b", "a\\uDC80"})
  void pathsOutsideTheRootAreNotDeleted(String path) throws Exception {
    for (String kind : List.of("DELETE_FILE", "DELETE_FOLDER")) {
      String good = text(plan(MirrorDirection.DOWNLOAD, action(MirrorAction.Kind.TRANSFER, "good")));
      assertRefused(good.replace("TRANSFER", kind).replace("\tgood\t", "\t" + path + "\t"), "is no action");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "../x", "a/../../x", "/etc/passwd", "a//b", "./a", "a\\u0000b", "a\\nb"})
  void pathsThatLeaveTheRootOfTheServerAreRefused(String path) throws Exception {
    String good = text(plan(MirrorDirection.UPLOAD, action(MirrorAction.Kind.TRANSFER, "good")));
    assertRefused(good.replace("\tgood\t", "\t" + path + "\t"), "is no action");
  }

  @Test
  void whatIsNotExactlyAPlanIsRefused() throws Exception {
    String good = text(plan());
    MirrorPlan.read(new StringReader(good));
    assertRefused("", "cut off");
    assertRefused(good.replace("plan\t2", "plan\t1"), "first line");
    assertRefused(good.replace("id\t", "id\tx"), "'id'");
    assertRefused(good.replace("DOWNLOAD", "SIDEWAYS"), "'direction'");
    assertRefused(good.replace("deletes\t0.25", "deletes\t1.5"), "share");
    assertRefused(good.replace("deletes\t0.25", "deletes\tNaN"), "share");
    assertRefused(good.replace("unchanged\t7", "unchanged\t-7"), "'unchanged'");
    assertRefused(good.replace("actions\t5", "actions\t4"), "last");
    assertRefused(good.replace("actions\t5", "actions\t6"), "line 19");
    assertRefused(good.replace("actions\t5", "actions\t99999999999"), "'actions'");
    assertRefused(good + "more\n", "last");
    assertRefused(good.replace("MISSING\t5\t", "MISSING\t-5\t"), "line 16");
    assertRefused(good.replace("MISSING\t5\t", "MISSING\tfive\t"), "line 16");
    assertRefused(good.replace("TRANSFER\tMISSING", "TRANSFER\tWHIM"), "line 16");
    assertRefused(good.replace("TRANSFER\tMISSING", "EXPLODE\tMISSING"), "line 16");
    assertRefused(good.replace("\told\t", "\told\told\t"), "fields");
    for (int length = 1; length < good.length() - 1; length += 13) {
      String cut = good.substring(0, length);
      assertThrows(IOException.class, () -> MirrorPlan.read(new StringReader(cut)), cut);
    }
  }

  @Test
  void bytesThatAreNoTextAreRefused() throws Exception {
    Path file = folder.resolve("plan");
    plan().save(file);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 30] = (byte) 0xFF;
    Files.write(file, bytes);
    assertThrows(MalformedInputException.class, () -> MirrorPlan.read(file));
  }

  @Test
  void serializedPlanIsCheckedLikeASavedOne() throws Exception {
    MirrorPlan bad = plan(MirrorDirection.DOWNLOAD, action(MirrorAction.Kind.TRANSFER, "../x"));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(bad);
    }
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThrows(IOException.class, in::readObject);
    }
  }

  @Test
  void descriptionIsForPeopleAndShowsWhatCouldFoolThem() {
    String text = plan().describe();
    assertTrue(text.contains("send süb/日本語 \uD83D\uDE00 +.txt (5 bytes): missing, why"), text);
    assertTrue(text.contains("refuse ../../evil\\u000D\\u000A\\u0009\\uDC80\\u2028\\u202E: missing"), text);
    assertTrue(text.contains("2 to make, 1 to transfer (5 bytes), 1 to delete, 7 unchanged, 0 skipped, 1 refused"), text);
    assertEquals(6, text.lines().count(), text);
  }

  @Test
  void actionsCannotBeChanged() {
    List<MirrorAction> actions = plan().actions();
    assertThrows(UnsupportedOperationException.class, () -> actions.remove(0));
    assertFalse(new ArrayList<>(actions).isEmpty());
  }
}
