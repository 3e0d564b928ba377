package io.loomftp.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.EntryType;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing outside the root is touched. */
class LocalTreeTest {
  @TempDir Path folder;
  private Path root;
  private Path outside;
  private LocalTree tree;

  @BeforeEach
  void makeRoot() throws IOException {
    root = Files.createDirectories(folder.resolve("root/sub")).getParent();
    outside = Files.createDirectory(folder.resolve("outside"));
    Files.writeString(outside.resolve("precious"), "gold");
    Files.writeString(root.resolve("sub/file"), "file");
    Files.createSymbolicLink(root.resolve("way"), outside);
    Files.createSymbolicLink(root.resolve("sub/link"), outside.resolve("precious"));
    tree = new LocalTree(root, false, LocalNames.SAFE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../outside", "sub/../../outside/precious", "/etc/passwd", "sub//file", "./sub", "sub/", "a\0b"})
  void pathsOutsideAreRefused(String path) {
    assertThrows(FileSystemException.class, () -> tree.resolve(path));
    assertThrows(FileSystemException.class, () -> tree.target(path));
    assertThrows(FileSystemException.class, () -> tree.source(path));
    assertThrows(FileSystemException.class, () -> tree.makeFolder(path));
    assertThrows(FileSystemException.class, () -> tree.deleteFile(path));
    assertThrows(FileSystemException.class, () -> tree.deleteFolder(path));
    assertThrows(FileSystemException.class, () -> tree.list(path));
  }

  @Test
  void linkOnTheWayIsNotFollowed() {
    assertThrows(FileSystemException.class, () -> tree.target("way/new"));
    assertThrows(FileSystemException.class, () -> tree.source("way/precious"));
    assertThrows(FileSystemException.class, () -> tree.makeFolder("way/new"));
    assertThrows(FileSystemException.class, () -> tree.makeFolder("way"));
    assertThrows(FileSystemException.class, () -> tree.deleteFile("way/precious"));
    assertThrows(FileSystemException.class, () -> tree.deleteFolder("way"));
    assertThrows(FileSystemException.class, () -> tree.list("way"));
    assertTrue(Files.exists(outside.resolve("precious")));
  }

  @Test
  void linkIsNoTargetAndNoSource() {
    assertThrows(FileSystemException.class, () -> tree.target("sub/link"));
    assertThrows(FileSystemException.class, () -> tree.source("sub/link"));
    assertThrows(FileSystemException.class, () -> tree.target("sub"));
  }

  @Test
  void deletedLinkLeavesWhatItLedTo() throws Exception {
    tree.deleteFile("way");
    tree.deleteFile("sub/link");
    assertFalse(Files.exists(root.resolve("way")));
    assertTrue(Files.exists(outside.resolve("precious")));
  }

  @Test
  void deletingAMissingEntrySucceeds() throws Exception {
    tree.deleteFile("sub/never");
    tree.deleteFolder("never");
    assertThrows(FileSystemException.class, () -> tree.deleteFile("sub"));
    assertThrows(IOException.class, () -> tree.deleteFolder("sub"));
    assertThrows(FileSystemException.class, () -> tree.deleteFolder(""));
  }

  @Test
  void listingShowsLinksAsLinks() throws Exception {
    List<TreeEntry> rows = tree.list("").stream().sorted(Comparator.comparing(TreeEntry::name)).toList();
    assertEquals(List.of("sub", "way"), rows.stream().map(TreeEntry::name).toList());
    assertEquals(EntryType.DIRECTORY, rows.get(0).type());
    assertEquals(EntryType.LINK, rows.get(1).type());
    assertEquals(outside.toString(), rows.get(1).detail());
  }

  @Test
  void linksAreFollowedWhenAskedFor() throws Exception {
    Files.createSymbolicLink(root.resolve("nowhere"), root.resolve("missing"));
    LocalTree following = new LocalTree(root, true, LocalNames.SAFE);
    List<TreeEntry> rows = following.list("").stream().sorted(Comparator.comparing(TreeEntry::name)).toList();
    assertEquals(
        List.of(EntryType.LINK, EntryType.DIRECTORY, EntryType.DIRECTORY), rows.stream().map(TreeEntry::type).toList());
    assertEquals(List.of("precious"), following.list("way").stream().map(TreeEntry::name).toList());
    assertEquals(4, Files.size(following.source("sub/link")));
  }

  @Test
  void portableNamesThatDifferInCaseOrUnicodeFormAreTheSame() {
    LocalTree strict = new LocalTree(root, false, LocalNames.PORTABLE);
    assertEquals(strict.key("README"), strict.key("readme"));
    assertEquals(strict.key("gr\u00fc\u00dfe"), strict.key("gru\u0308\u00dfe"));
    assertEquals(strict.key("STRASSE"), strict.key("stra\u00dfe"));
  }
}
