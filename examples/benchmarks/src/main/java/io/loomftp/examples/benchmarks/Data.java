package io.loomftp.examples.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The files that are sent and fetched, as the client's machine has them: one large file, and small ones in folders. The same in
 * every run.
 *
 * @param large the large file
 * @param tree the folder of the small ones
 * @param smallNames the paths of the small ones below the tree, with slashes
 */
record Data(Path large, Path tree, List<String> smallNames) {
  /** The name of the large file on servers. */
  static final String LARGE = "large.bin";
  /** The name of the tree on servers. */
  static final String TREE = "small";
  /** The size of a small file. */
  static final int SMALL_BYTES = 4 << 10;

  private static final int BLOCK = 1 << 20;
  private static final int PAGE = 4 << 10;
  private static final int FOLDER = 100;
  private static final long SEED = 20261201;

  /** Writes them below a folder. */
  static Data write(Path folder, long largeBytes, int smallFiles) throws IOException {
    Path large = folder.resolve(LARGE);
    writeLarge(large, largeBytes);
    Path tree = folder.resolve(TREE);
    SplittableRandom random = new SplittableRandom(SEED);
    List<String> names = new ArrayList<>();
    byte[] content = new byte[SMALL_BYTES];
    for (int i = 0; i < smallFiles; i++) {
      String name = String.format(Locale.ROOT, "d%02d/f%05d.bin", i / FOLDER, i);
      Files.createDirectories(folderOf(tree, name));
      random.nextBytes(content);
      Files.write(tree.resolve(name), content);
      names.add(name);
    }
    return new Data(large, tree, List.copyOf(names));
  }

  private static Path folderOf(Path tree, String name) {
    return tree.resolve(name.substring(0, name.indexOf('/')));
  }

  /** Every page has its number, so that none can be taken for another. */
  private static void writeLarge(Path file, long bytes) throws IOException {
    byte[] block = new byte[BLOCK];
    new SplittableRandom(SEED).nextBytes(block);
    ByteBuffer numbers = ByteBuffer.wrap(block);
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long at = 0; at < bytes; at += BLOCK) {
        for (int page = 0; page < BLOCK; page += PAGE) {
          numbers.putLong(page, (at + page) / PAGE);
        }
        out.write(block, 0, (int) Math.min(BLOCK, bytes - at));
      }
    }
  }

  /** Makes the large one a file of a server's home; it is another name of the same file where that can be. */
  void copyLargeTo(Path home) throws IOException {
    try {
      Files.createLink(home.resolve(LARGE), large);
    } catch (IOException | UnsupportedOperationException e) {
      Files.copy(large, home.resolve(LARGE)); // another file system
    }
  }

  /** Puts the first small ones into a server's home. */
  void copySmallTo(Path home, int most) throws IOException {
    for (String name : smallNames.subList(0, Math.min(most, smallNames.size()))) {
      Files.createDirectories(folderOf(home.resolve(TREE), name));
      Files.copy(tree.resolve(name), home.resolve(TREE).resolve(name));
    }
  }

  /** The paths of the first small files on a server. */
  List<String> smallPaths(int most) {
    return smallNames.stream().limit(most).map(name -> TREE + "/" + name).toList();
  }
}
