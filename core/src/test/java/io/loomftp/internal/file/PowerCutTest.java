package io.loomftp.internal.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.Overwrite;
import io.loomftp.TransferOptions;
import io.loomftp.testkit.DiskLog;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Power cuts after every disk operation, with every way in which unforced data may be lost. */
@Timeout(120)
class PowerCutTest {
  private static final int SIZE = 64;
  private static final int BLOCK = 8;
  private static final byte[] OLD = "the older file".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  private static final TransferOptions DURABLE = TransferOptions.defaults().durable();

  @TempDir Path folder;
  @TempDir Path restored;
  private final byte[] content = new byte[SIZE];

  @BeforeEach
  void fill() {
    new Random(4).nextBytes(content);
    for (int i = 0; i < SIZE; i++) {
      content[i] |= 1; // no zeros
    }
  }

  private static RemoteVersion version() {
    return new RemoteVersion(
        "ftp://u@h:21 /a.bin", OptionalLong.of(SIZE), Optional.of(Instant.parse("2026-01-02T03:04:05Z")));
  }

  /** Writes so many bytes of what is missing; whether all is there then. */
  private boolean write(PartialFile file, int most) throws IOException {
    int left = most;
    for (ByteRange range : file.ranges()) {
      try (OutputStream out = file.output(range)) {
        while (range.missing() > 0 && left > 0) {
          int n = (int) Math.min(Math.min(BLOCK, left), range.missing());
          out.write(content, (int) range.at(), n);
          left -= n;
        }
      }
    }
    return file.ranges().stream().allMatch(range -> range.missing() == 0);
  }

  private boolean download(Path target, TransferOptions options, int pieces, int most, Overwrite overwrite)
      throws IOException {
    try (PartialFile file = PartialFile.open(target, version(), pieces, options, time -> {})) {
      boolean whole = write(file, most);
      if (whole) {
        file.commit(Optional.empty(), overwrite);
      }
      return whole;
    }
  }

  /** How a file is downloaded, from the first call to the one that completes it. */
  private enum Way {
    PLAIN, BESIDE, RESUMED, RESUMED_TWICE, PIECES, PIECES_RESUMED, ONE_THEN_PIECES, PIECES_THEN_ONE, REPLACED_VERSION;

    boolean replaces() {
      return this != BESIDE;
    }
  }

  private void run(Way way, Path target) throws IOException {
    TransferOptions resuming = DURABLE.resume();
    Overwrite overwrite = way.replaces() ? Overwrite.REPLACE : Overwrite.FAIL;
    switch (way) {
      case PLAIN, BESIDE -> download(target, DURABLE, 1, SIZE, overwrite);
      case RESUMED -> {
        download(target, resuming, 1, 20, overwrite);
        download(target, resuming, 1, SIZE, overwrite);
      }
      case RESUMED_TWICE -> {
        download(target, resuming, 1, 20, overwrite);
        download(target, resuming, 1, 20, overwrite);
        download(target, resuming, 1, SIZE, overwrite);
      }
      case PIECES -> download(target, DURABLE, 3, SIZE, overwrite);
      case PIECES_RESUMED -> {
        download(target, resuming, 3, 40, overwrite);
        download(target, resuming, 3, SIZE, overwrite);
      }
      case ONE_THEN_PIECES -> {
        download(target, resuming, 1, 20, overwrite);
        download(target, resuming, 3, SIZE, overwrite);
      }
      case PIECES_THEN_ONE -> {
        download(target, resuming, 3, 40, overwrite);
        download(target, resuming, 1, SIZE, overwrite);
      }
      case REPLACED_VERSION -> {
        download(target, resuming, 1, 40, overwrite);
        download(target, DURABLE, 1, SIZE, overwrite);
      }
    }
  }

  private boolean isGood(byte[] bytes, boolean wasThere) {
    return bytes == null || Arrays.equals(bytes, content) || (wasThere && Arrays.equals(bytes, OLD));
  }

  @ParameterizedTest
  @EnumSource
  void durableDownloadSurvives(Way way) throws Exception {
    if (way.replaces()) {
      Files.write(folder.resolve("a.bin"), OLD);
    }
    DiskLog log = DiskLog.of(folder);
    run(way, log.folder().resolve("a.bin"));
    assertArrayEquals(content, Files.readAllBytes(folder.resolve("a.bin")));
    assertTrue(log.size() > 10, "only " + log.size() + " operations were recorded");
    int states = 0;
    for (int cut = 0; cut <= log.size(); cut++) {
      for (Map<String, byte[]> files : log.states(cut)) {
        states++;
        String where = cut == 0 ? "before all" : "after operation " + cut + ", " + log.step(cut - 1) + ": " + files.keySet();
        byte[] now = files.get("a.bin");
        assertTrue(isGood(now, way.replaces()), () -> "the name is that of something half " + where);
        assertTrue(now != null || !way.replaces(), () -> "neither the old nor the new file has its name " + where);
        if (cut == log.size()) {
          assertArrayEquals(content, now, "the call had returned");
        }
        DiskLog.restore(files, restored);
        assertTrue(download(restored.resolve("a.bin"), DURABLE.resume(), 1, SIZE, Overwrite.REPLACE));
        assertArrayEquals(content, Files.readAllBytes(restored.resolve("a.bin")), () -> "continued " + where);
      }
    }
    assertTrue(states > log.size(), "the states were not told apart: " + states);
  }

  @Test
  void withoutForcingAFullNameMayHoldNothing() throws Exception {
    DiskLog log = DiskLog.of(folder);
    download(log.folder().resolve("a.bin"), TransferOptions.defaults(), 1, SIZE, Overwrite.REPLACE);
    assertTrue(
        log.states(log.size()).stream().anyMatch(files -> !isGood(files.get("a.bin"), false)),
        "a disk that loses nothing proves nothing");
    assertEquals(1, log.states(0).size());
  }
}
