package io.loomftp.truth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpClosedException;
import io.loomftp.FtpException;
import io.loomftp.FtpSession;
import io.loomftp.testkit.ScriptedServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever happens to the remote file at any moment, a successful download has one complete version of it, and one that
 * fails leaves nothing of it under the full name.
 */
@Timeout(600)
class RemoteChangeTest {
  private static final int SMALL = 200_000;
  private static final int LARGE = (3 << 20) + 1_234;
  private static final int USUAL_SAMPLE = 40;
  private static final String FOLDER = "/d";
  private static final String NAME = "f.bin";
  private static final String FILE = FOLDER + "/" + NAME;
  private static final String OTHER = FOLDER + "/other.bin";

  /** What becomes of the file. */
  enum Change {
    /** Bytes are appended. */
    GROWS(true),
    /** It is truncated. */
    SHRINKS(true),
    /** It is written over in place by other bytes, as many. */
    REWRITTEN(true),
    /** Another file of the same size gets its name. */
    REPLACED(false),
    REPLACED_BY_LONGER(false),
    REPLACED_BY_SHORTER(false),
    DELETED(false);

    /** Whether the server sends what it is now in the middle of a transfer. */
    private final boolean inPlace;

    Change(boolean inPlace) {
      this.inPlace = inPlace;
    }

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

    void apply(ScriptedServer server, byte[] second) {
      if (this == DELETED) {
        server.remove(FILE);
      } else if (inPlace) {
        server.rewrite(FILE, second, Truth.AFTER);
      } else {
        server.file(FILE, second, Truth.AFTER);
      }
    }

    /** A server that says nothing else than its bytes leaves nothing to compare; nor does a size that is the same. */
    boolean isVisibleTo(Fetch kind) {
      return switch (kind) {
        case STREAM -> !inPlace;
        default -> this != REWRITTEN || kind.comparesTime();
      };
    }
  }

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void whatSucceedsIsOneVersionInFull(Fetch kind) throws Exception {
    int steps = new Run(kind, Change.REPLACED, Integer.MAX_VALUE, 0, folder.resolve("dry")).steps();
    Random random = new Random(Truth.SEED + kind.ordinal());
    Cases cases = new Cases("remote file changes, " + kind);
    List<Runnable> all = new ArrayList<>();
    for (int round = 0; round < Truth.ROUNDS; round++) {
      for (Change change : Change.values()) {
        for (int step = 0; step < steps + 2 && change.isVisibleTo(kind); step++) {
          int at = step;
          long seed = random.nextLong();
          Path place = folder.resolve(round + "-" + change + "-" + step);
          all.add(() -> cases.add(change + " at step " + at, () -> new Run(kind, change, at, seed, place).check()));
        }
      }
    }
    Truth.sample(all, USUAL_SAMPLE, random).forEach(Runnable::run);
    cases.run(4);
  }

  /** One download while the file changes. */
  private static final class Run {
    private final Fetch kind;
    private final Change change;
    private final int at;
    private final Path local;
    private final byte[] first;
    private final byte[] second;
    private final byte[] old = Truth.content(777, 7);
    private final byte[] other = Truth.content(5_000, 8);
    private final boolean replaces;

    Run(Fetch kind, Change change, int at, long seed, Path local) {
      this.kind = kind;
      this.change = change;
      this.at = at;
      this.local = local;
      this.first = Truth.content(kind.isSegmented() || kind == Fetch.MIRROR ? LARGE : SMALL, seed);
      this.second = change.second(first, seed + 1);
      this.replaces = seed % 2 == 0 && !kind.isStream();
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
      Files.createDirectories(local);
      try (ScriptedServer server = ScriptedServer.start()) {
        server.file(FILE, first, Truth.BEFORE).file(OTHER, other, Truth.BEFORE);
        Path target = local.resolve(NAME);
        if (kind.isResumed()) {
          Parts.leave(server, kind, FOLDER, NAME, target, first.length);
        }
        Steps steps = new Steps(server);
        if (replaces) {
          Files.write(target, old);
        }
        steps.arm(at, () -> change.apply(server, second));
        String end = fetch(server, steps, target);
        names.addAll(steps.names());
        return end;
      }
    }

    private String fetch(ScriptedServer server, Steps steps, Path target) throws Exception {
      ByteArrayOutputStream stream = new ByteArrayOutputStream();
      try (Fetch.Way way = kind.open(Truth.config(server.port(), "alice", "secret"))) {
        try {
          byte[] got = way.fetch(FOLDER, NAME, target, kind.options(), stream);
          steps.disarm();
          boolean isLeftOut = kind == Fetch.MIRROR && change == Change.DELETED && replaces && Arrays.equals(got, old);
          assertTrue(isLeftOut || isVersion(got), () -> "told as whole, but " + describe(got) + "; " + steps.names());
          assertUsable(way);
          return "whole";
        } catch (IOException e) {
          steps.disarm();
          assertNothingPartial(target);
          if (e instanceof FtpException failure) {
            if (kind.isSegmented() || kind == Fetch.MIRROR) {
              return failure.kind().toString();
            }
            if (failure.sessionUsable()) {
              assertUsable(way);
            } else {
              assertFalse(way.session().isOpen(), () -> "said to be closed: " + failure);
              assertThrows(FtpClosedException.class, () -> way.session().pwd());
            }
            return failure.kind().toString();
          }
          return e.getClass().getSimpleName();
        }
      }
    }

    private void assertUsable(Fetch.Way way) throws FtpException {
      if (kind.isSegmented() || kind == Fetch.MIRROR) {
        return;
      }
      FtpSession session = way.session();
      assertEquals("/", session.pwd());
      assertEquals(other.length, session.size(OTHER));
    }

    private void assertNothingPartial(Path target) throws IOException {
      if (Files.exists(target)) {
        byte[] got = Files.readAllBytes(target);
        assertTrue(isVersion(got) || replaces && Arrays.equals(got, old), () -> "failed, and left " + describe(got));
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
