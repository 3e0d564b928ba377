package io.loomftp.mirror;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.AbstractList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A plan that is saved over an older one replaces it as a whole or not at all. */
class SavedPlanTest {
  private static final int MANY = 5_000; // more than any buffer holds

  @TempDir Path folder;

  private static MirrorAction action(int number) {
    return new MirrorAction(
        MirrorAction.Kind.DELETE_FILE, MirrorReason.MISSING, "some/rather/long/name/" + number, "no detail", -1, null);
  }

  private static MirrorPlan plan(List<MirrorAction> actions) {
    PlanData data = new PlanData(
        UUID.randomUUID(), Instant.EPOCH, MirrorDirection.DOWNLOAD, "/pub", "/home/a", LocalNames.SAFE, true, 0.25, 7, 9, false,
        actions);
    return new MirrorPlan(data, TransferDefaults.of(MirrorDirection.DOWNLOAD), null);
  }

  private static MirrorPlan plan() {
    return plan(Stream.iterate(0, i -> i + 1).limit(MANY).map(SavedPlanTest::action).toList());
  }

  /** A plan that cannot be written to its end, as on a full disk. */
  private static MirrorPlan unwritable() {
    return plan(
        new AbstractList<>() {
          @Override
          public MirrorAction get(int index) {
            if (index == MANY - 1) {
              throw new UncheckedIOException(new IOException("no space left on device"));
            }
            return action(index);
          }

          @Override
          public int size() {
            return MANY;
          }
        });
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void planThatCannotBeWrittenLeavesTheOldOne() throws Exception {
    Path file = folder.resolve("plan");
    plan().save(file);
    byte[] old = Files.readAllBytes(file);
    assertThrows(UncheckedIOException.class, () -> unwritable().save(file));
    assertArrayEquals(old, Files.readAllBytes(file));
    assertEquals(List.of("plan"), names());
  }

  @Test
  void planThatCannotBeWrittenLeavesNothingWhereNoneWas() throws Exception {
    assertThrows(UncheckedIOException.class, () -> unwritable().save(folder.resolve("plan")));
    assertEquals(List.of(), names());
  }

  @Test
  void readerOfAnOldPlanReadsItToItsEnd() throws Exception {
    Path file = folder.resolve("plan");
    plan().save(file);
    try (BufferedReader in = Files.newBufferedReader(file)) {
      plan(List.of()).save(file);
      assertEquals(MANY, MirrorPlan.read(in).actions().size());
    }
    assertEquals(List.of(), MirrorPlan.read(file).actions());
    assertEquals(List.of("plan"), names());
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void linkStaysAndSoDoPermissions() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    Path file = other.resolve("plan");
    plan().save(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("other/plan"));
    plan(List.of()).save(link);
    assertTrue(Files.isSymbolicLink(link));
    assertEquals(List.of(), MirrorPlan.read(file).actions());
    assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void folderIsRefused() throws Exception {
    assertThrows(IOException.class, () -> plan().save(folder));
    assertEquals(List.of(), names());
  }
}
