package io.loomftp.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.EntryFilter;
import io.loomftp.EntryType;
import io.loomftp.mirror.MayDelete.Evidence;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each reason for which a mirror deletes nothing, and the filters of single entries. */
class MayDeleteTest {
  private static final Evidence ALL_IS_WELL = new Evidence(2, 10, 0.25, true, 0, 0, false);

  private static TreeEntry entry(EntryType type) {
    return new TreeEntry("x", type, 1, null, "");
  }

  private static MirrorSettings settings(EntryFilter rules, boolean deleteExcluded) {
    MirrorSettings set = new MirrorSettings(MirrorDirection.DOWNLOAD, "/pub", Path.of("pub"));
    set.rules = rules;
    set.deleteExcluded = deleteExcluded;
    return set;
  }

  @Test
  void deletesMayBeginWithoutAnObstacle() {
    assertEquals(Optional.empty(), MayDelete.obstacle(ALL_IS_WELL));
  }

  @Test
  void nothingStopsAPlanWithoutDeletes() {
    assertEquals(Optional.empty(), MayDelete.obstacle(new Evidence(0, 10, 0, false, 3, 4, true)));
  }

  @Test
  void anInterruptStopsDeletes() {
    assertEquals(Optional.of("the thread was interrupted"), MayDelete.obstacle(new Evidence(2, 10, 0.25, true, 0, 0, true)));
  }

  @Test
  void aFailedActionStopsDeletes() {
    assertEquals(Optional.of("1 other actions failed"), MayDelete.obstacle(new Evidence(2, 10, 0.25, true, 0, 1, false)));
  }

  @Test
  void aRefusedActionStopsDeletes() {
    assertEquals(Optional.of("1 other actions were refused"), MayDelete.obstacle(new Evidence(2, 10, 0.25, true, 1, 0, false)));
  }

  @Test
  void anIncompletePlanStopsDeletes() {
    assertTrue(MayDelete.obstacle(new Evidence(2, 10, 0.25, false, 0, 0, false)).isPresent());
  }

  @Test
  void aPlanThatPermitsNoDeletesStopsThem() {
    assertEquals(Optional.of("the plan permits no deletes"), MayDelete.obstacle(new Evidence(2, 10, 0, true, 0, 0, false)));
    assertTrue(MayDelete.obstacle(new Evidence(2, 10, Double.NaN, true, 0, 0, false)).isPresent());
  }

  @Test
  void aShareAboveTheLimitStopsDeletes() {
    assertTrue(MayDelete.obstacle(new Evidence(3, 10, 0.25, true, 0, 0, false)).orElseThrow().startsWith("3 of 10 entries"));
    assertEquals(Optional.empty(), MayDelete.obstacle(new Evidence(10, 10, 1, true, 0, 0, false)));
    assertTrue(MayDelete.obstacle(new Evidence(1, 0, 1, true, 0, 0, false)).isPresent(), "no entries were found");
  }

  @Test
  void onlyFilesAndLinksAreDeletedAsFiles() {
    MirrorSettings set = settings(EntryFilter.all(), false);
    assertTrue(MayDelete.files(set, "x", entry(EntryType.FILE)));
    assertTrue(MayDelete.files(set, "x", entry(EntryType.LINK)));
    assertFalse(MayDelete.files(set, "x", entry(EntryType.DIRECTORY)));
    assertFalse(MayDelete.files(set, "x", entry(EntryType.OTHER)), "a device");
    assertFalse(MayDelete.files(set, "x", entry(EntryType.UNKNOWN)));
    assertFalse(MayDelete.contents(set, "x", entry(EntryType.LINK)), "a link is not followed");
  }

  @Test
  void excludedEntriesAreDeletedOnRequestOnly() {
    EntryFilter rules = EntryFilter.all().exclude("x");
    assertFalse(MayDelete.files(settings(rules, false), "x", entry(EntryType.FILE)));
    assertFalse(MayDelete.contents(settings(rules, false), "x", entry(EntryType.DIRECTORY)));
    assertFalse(MayDelete.folder(settings(rules, false), "x", entry(EntryType.DIRECTORY)));
    assertTrue(MayDelete.files(settings(rules, true), "x", entry(EntryType.FILE)));
    assertTrue(MayDelete.contents(settings(rules, true), "x", entry(EntryType.DIRECTORY)));
    assertTrue(MayDelete.folder(settings(rules, true), "x", entry(EntryType.DIRECTORY)));
  }
}
