package io.loomftp.truth;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.RateLimit;
import io.loomftp.TransferOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Several transfers to one target at the same time, from this JVM and from another process. None may say that it went well
 * when the target is none of the versions in full, and the target is at no moment anything else than absent or one of them.
 */
final class Overlap {
  static final String NAME = "f.bin";
  private static final int PATIENCE_SECONDS = 60;

  /** What takes part. */
  enum Kind {
    GET(true),
    SEGMENTED(true),
    RESUMED(true),
    MIRROR_DOWN(true),
    PUT(false),
    PUT_RESUMED(false),
    MIRROR_UP(false);

    private final boolean down;

    Kind(boolean down) {
      this.down = down;
    }

    boolean isDown() {
      return down;
    }

    /** Between the local folder and the remote one, both of this version. */
    void run(FtpConfig config, Path local, String remote, TransferOptions how) throws IOException {
      switch (this) {
        case GET -> fetch(Fetch.TO_PATH, config, local, remote, how);
        case SEGMENTED -> fetch(Fetch.SEGMENTED, config, local, remote, how.segments(3));
        case RESUMED -> fetch(Fetch.RESUMED, config, local, remote, how.resume());
        case MIRROR_DOWN -> fetch(Fetch.MIRROR, config, local, remote, how.resume().keepModified());
        case PUT -> send(Send.ATOMIC, config, local, remote, how.atomic());
        case PUT_RESUMED -> send(Send.RESUMED, config, local, remote, how.atomic().resume());
        case MIRROR_UP -> send(Send.MIRROR, config, local, remote, how.atomic().resume().keepModified());
      }
    }

    private static void fetch(Fetch kind, FtpConfig config, Path local, String remote, TransferOptions how)
        throws IOException {
      try (Fetch.Way way = kind.open(config)) {
        way.fetch(remote, NAME, local.resolve(NAME), how, new ByteArrayOutputStream());
      }
    }

    private static void send(Send kind, FtpConfig config, Path local, String remote, TransferOptions how) throws IOException {
      try (Send.Way way = kind.open(config)) {
        way.send(local.resolve(NAME), remote, how);
      }
    }
  }

  /** A server, and where its user's home is on this machine. */
  record Place(int port, String user, String password, Path home) {
    FtpConfig config() {
      return Truth.config(port, user, password);
    }
  }

  private final Place place;
  private final Path folder;
  private final List<Kind> kinds;
  private final Random random;
  private final boolean down;
  private final String run;
  private final byte[][] versions;
  private final Path target;

  Overlap(Place place, Path folder, List<Kind> kinds, boolean sameSize, boolean sameSource, long seed) throws IOException {
    this.place = place;
    this.kinds = kinds;
    this.random = new Random(seed);
    this.down = kinds.getFirst().isDown();
    this.run = "o" + Long.toHexString(seed);
    this.folder = Files.createDirectories(folder.resolve(run));
    this.versions = new byte[sameSource ? 1 : kinds.size()][];
    int size = (4 << 20) + random.nextInt(10_000);
    for (int i = 0; i < versions.length; i++) {
      versions[i] = Truth.content(sameSize ? size : size + i * 300_000, seed + i);
    }
    for (int i = 0; i < kinds.size(); i++) {
      write(source(i).resolve(NAME), versions[version(i)], Truth.BEFORE.plusSeconds(version(i) * 1_000L));
    }
    target = (down ? this.folder.resolve("target") : place.home().resolve(run + "-target")).resolve(NAME);
    make(target.getParent());
  }

  private int version(int participant) {
    return participant % versions.length;
  }

  private String remoteName(int participant) {
    return down ? run + "-" + version(participant) : run + "-target";
  }

  private Path source(int participant) {
    return down ? place.home().resolve(remoteName(participant)) : folder.resolve("s" + version(participant));
  }

  private Path local(int participant) {
    return down ? target.getParent() : source(participant);
  }

  private void write(Path file, byte[] bytes, Instant modified) throws IOException {
    make(file.getParent());
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, FileTime.from(modified));
    own(file);
  }

  private void make(Path directory) throws IOException {
    Files.createDirectories(directory);
    own(directory);
  }

  /** What is at the server belongs to its user. */
  private void own(Path path) throws IOException {
    if (path.startsWith(place.home())) {
      UserPrincipal owner = Files.getOwner(place.home());
      if (!Files.getOwner(path).equals(owner)) {
        Files.setOwner(path, owner);
      }
    }
  }

  /**
   * Lets the second begin when the first is somewhere in the middle, and so on.
   *
   * @param partner where the last one runs, if it is to be in another process
   */
  String check(@Nullable Partner partner) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      Future<?> watching = threads.submit(() -> watch(over));
      List<Future<String>> ends = new ArrayList<>();
      for (int i = 0; i < kinds.size(); i++) {
        int number = i;
        CountDownLatch middle = new CountDownLatch(1);
        ends.add(threads.submit(() -> partner != null && number == kinds.size() - 1 ? there(partner, number) : here(number, middle)));
        if (i < kinds.size() - 1) {
          middle.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
      }
      List<String> results = new ArrayList<>();
      for (Future<String> end : ends) {
        results.add(end.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
      }
      over.set(true);
      watching.get();
      long successes = results.stream().filter("done"::equals).count();
      assertTrue(successes > 0 || isNothingOrWhole(read()), () -> "nobody succeeded: " + results);
      assertTrue(successes == 0 || isVersion(read()), () -> "told as whole, but " + describe(read()) + "; " + results);
      return results.stream().sorted().toList().toString();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (Exception) e.getCause();
    } finally {
      over.set(true);
      threads.shutdownNow();
      threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (partner != null) {
        partner.await();
      }
      remove(folder);
      remove(target.getParent());
      for (int i = 0; i < kinds.size(); i++) {
        remove(source(i));
      }
    }
  }

  private String here(int number, CountDownLatch middle) throws Exception {
    long from = random.nextInt(versions[version(number)].length);
    TransferOptions how =
        TransferOptions.defaults()
            .rateLimit(RateLimit.of(12 << 20))
            .progressEvery(Duration.ZERO)
            .progress(state -> {
              if (state.bytes() >= from) {
                middle.countDown();
              }
            });
    try {
      kinds.get(number).run(place.config(), local(number), remoteName(number), how);
      assertTrue(isVersion(read()), () -> kinds.get(number) + " told as whole, but " + describe(read()));
      return "done";
    } catch (IOException e) {
      return describe(e);
    } finally {
      middle.countDown();
    }
  }

  private String there(Partner partner, int number) throws Exception {
    String said = partner.run(place, kinds.get(number), local(number), remoteName(number));
    assertTrue(!said.equals("done") || isVersion(read()), () -> kinds.get(number) + " of another process told as whole, but "
        + describe(read()));
    return said;
  }

  static String describe(IOException e) {
    return e instanceof FtpException failure ? failure.getClass().getSimpleName() + " " + failure.kind() : e.getClass().getSimpleName();
  }

  private String watch(AtomicBoolean over) {
    int seen = 0;
    while (!over.get()) {
      byte[] now = read();
      assertTrue(isNothingOrWhole(now), () -> "at some moment the target is " + describe(now));
      seen++;
      Thread.yield();
    }
    return seen + " times";
  }

  private boolean isNothingOrWhole(byte @Nullable [] bytes) {
    return bytes == null || isVersion(bytes);
  }

  private boolean isVersion(byte @Nullable [] bytes) {
    return bytes != null && Stream.of(versions).anyMatch(version -> Arrays.equals(version, bytes));
  }

  private byte @Nullable [] read() {
    try {
      return Files.readAllBytes(target);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private String describe(byte @Nullable [] bytes) {
    if (bytes == null) {
      return "absent";
    }
    StringBuilder text = new StringBuilder(bytes.length + " bytes");
    for (byte[] version : versions) {
      text.append(", of one with ").append(version.length).append(" equal up to ").append(Arrays.mismatch(version, bytes));
    }
    return text.toString();
  }

  private static void remove(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> files = Files.walk(root)) {
      all = files.sorted(java.util.Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }
}
