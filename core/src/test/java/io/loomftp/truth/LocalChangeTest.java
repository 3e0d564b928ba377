package io.loomftp.truth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpException;
import io.loomftp.TransferOptions;
import io.loomftp.testkit.DataHook;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever becomes of the local file that is sent, and whenever: when the upload succeeds the server has one version of it in
 * full, and when one that is not written in place fails the server has nothing of it under the full name.
 */
@Timeout(600)
class LocalChangeTest {
  private static final int SIZE = 400_000;
  private static final int BLOCKS = 8;
  private static final int USUAL_SAMPLE = 40;
  private static final String NAME = "f.bin";
  private static final String FILE = "/d/" + NAME;

  enum Change {
    GROWS,
    SHRINKS,
    REWRITTEN,
    REPLACED,
    REPLACED_BY_LONGER,
    REPLACED_BY_SHORTER,
    DELETED;

    byte[] second(byte[] first, long seed) {
      return switch (this) {
        case GROWS -> {
          byte[] all = Truth.content(first.length + 70_000, seed);
          System.arraycopy(first, 0, all, 0, first.length);
          yield all;
        }
        case SHRINKS -> Arrays.copyOf(first, first.length - 70_001);
        case REWRITTEN, REPLACED -> Truth.content(first.length, seed);
        case REPLACED_BY_LONGER -> Truth.content(first.length + 70_000, seed);
        case REPLACED_BY_SHORTER -> Truth.content(first.length - 70_001, seed);
        case DELETED -> first;
      };
    }

    void apply(Path file, byte[] second) throws IOException {
      switch (this) {
        case DELETED -> Files.deleteIfExists(file);
        case GROWS, REWRITTEN -> {
          Files.write(file, second, StandardOpenOption.WRITE);
          Files.setLastModifiedTime(file, FileTime.from(Truth.AFTER));
        }
        case SHRINKS -> {
          try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
            channel.truncate(second.length);
          }
          Files.setLastModifiedTime(file, FileTime.from(Truth.AFTER));
        }
        case REPLACED, REPLACED_BY_LONGER, REPLACED_BY_SHORTER -> {
          Path fresh = file.resolveSibling("../fresh-" + file.getFileName()).normalize();
          Files.write(fresh, second);
          Files.setLastModifiedTime(fresh, FileTime.from(Truth.AFTER));
          Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void whatSucceedsIsOneVersionInFull(Send kind) throws Exception {
    int steps = new Run(kind, Change.DELETED, Integer.MAX_VALUE, Integer.MAX_VALUE, 0, folder.resolve("dry")).steps();
    Random random = new Random(Truth.SEED + kind.ordinal());
    Cases cases = new Cases("local file changes, " + kind);
    List<Runnable> all = new ArrayList<>();
    for (int round = 0; round < Truth.ROUNDS; round++) {
      for (Change change : Change.values()) {
        for (int step = 0; step < steps + BLOCKS; step++) {
          int atStep = step < steps ? step : Integer.MAX_VALUE;
          int atBlock = step < steps ? Integer.MAX_VALUE : step - steps;
          long seed = random.nextLong();
          Path place = folder.resolve(round + "-" + change + "-" + step);
          String when = step < steps ? " at step " + atStep : " at block " + atBlock;
          all.add(() -> cases.add(change + when, () -> new Run(kind, change, atStep, atBlock, seed, place).check()));
        }
      }
    }
    Truth.sample(all, USUAL_SAMPLE, random).forEach(Runnable::run);
    cases.run(4);
  }

  /** One upload while the file changes. */
  private static final class Run {
    private final Send kind;
    private final Change change;
    private final int atStep;
    private final int atBlock;
    private final Path source;
    private final byte[] first;
    private final byte[] second;
    private final byte[] old = Truth.content(777, 7);
    private final byte[] other = Truth.content(5_000, 8);
    private final boolean replaces;

    Run(Send kind, Change change, int atStep, int atBlock, long seed, Path local) {
      this.kind = kind;
      this.change = change;
      this.atStep = atStep;
      this.atBlock = atBlock;
      this.source = local.resolve("source").resolve(NAME);
      this.first = Truth.content(SIZE, seed);
      this.second = change.second(first, seed + 1);
      this.replaces = seed % 2 == 0 && !kind.isResumed();
    }

    int steps() throws Exception {
      List<String> names = new ArrayList<>();
      run(names);
      return names.size();
    }

    String check() throws Exception {
      return run(new ArrayList<>());
    }

    private String run(List<String> names) throws Exception {
      Files.createDirectories(source.getParent());
      Files.write(source, first);
      Files.setLastModifiedTime(source, FileTime.from(Truth.BEFORE));
      try (ScriptedServer server = ScriptedServer.start()) {
        server.directory("/d").file("/other.bin", other);
        if (kind.isResumed()) {
          leavePart(server);
        }
        if (replaces) {
          server.file(FILE, old, Truth.BEFORE.minusSeconds(1_000));
        }
        Steps steps = new Steps(server);
        steps.arm(atStep, () -> change.apply(source, second));
        String end = send(server, steps);
        names.addAll(steps.names());
        return end;
      }
    }

    private void leavePart(ScriptedServer server) throws FtpException {
      server.duringData((c, moment, bytes) -> {
        if (moment == DataHook.Moment.DATA && bytes > SIZE / 3) {
          throw new IOException("no more");
        }
      });
      try (Send.Way way = kind.open(Truth.config(server.port(), "alice", "secret"))) {
        assertThrows(IOException.class, () -> way.send(source, "/d", kind.options()));
      }
    }

    private TransferOptions options() {
      AtomicInteger blocks = new AtomicInteger();
      return kind.options().progressEvery(Duration.ZERO).progress(state -> {
        if (blocks.getAndIncrement() == atBlock) {
          try {
            change.apply(source, second);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      });
    }

    private String send(ScriptedServer server, Steps steps) throws Exception {
      try (Send.Way way = kind.open(Truth.config(server.port(), "alice", "secret"))) {
        try {
          way.send(source, "/d", options());
          steps.disarm();
          boolean isLeftOut = kind == Send.MIRROR && change == Change.DELETED
              && (!server.exists(FILE) || replaces && Arrays.equals(server.content(FILE), old)); // gone before it was planned
          assertTrue(isLeftOut || isVersion(server.content(FILE)),
              () -> "told as whole, but " + describe(server.content(FILE)) + "; " + steps.names());
          assertUsable(way);
          return "whole";
        } catch (IOException e) {
          steps.disarm();
          assertNothingPartial(server);
          if (e instanceof FtpException failure) {
            if (failure.sessionUsable()) {
              assertUsable(way);
            } else {
              assertFalse(way.session().isOpen(), () -> "said to be closed: " + failure);
            }
            return failure.kind().toString();
          }
          return e.getClass().getSimpleName();
        }
      }
    }

    private void assertUsable(Send.Way way) throws FtpException {
      if (kind != Send.MIRROR) {
        assertEquals("/", way.session().pwd());
        assertEquals(other.length, way.session().size("/other.bin"));
      }
    }

    private void assertNothingPartial(ScriptedServer server) {
      if (server.exists(FILE) && !kind.isInPlace()) {
        byte[] got = server.content(FILE);
        assertTrue(isVersion(got) || replaces && Arrays.equals(got, old), () -> "failed, and left " + describe(got));
      } else if (replaces && !kind.isInPlace()) {
        assertTrue(server.exists(FILE), "failed, and the old file is gone");
      }
    }

    private boolean isVersion(byte[] got) {
      return Arrays.equals(got, first) || Arrays.equals(got, second);
    }

    private String describe(byte[] got) {
      return got.length + " bytes, of the first version's " + first.length + " equal up to " + Arrays.mismatch(got, first)
          + ", of the second's " + second.length + " up to " + Arrays.mismatch(got, second);
    }
  }
}
