package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.loomftp.mirror.Mirror;
import io.loomftp.pool.FtpPool;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sessions on virtual threads do not hold their carrier threads while they wait, as a flight recording of them shows. */
@Timeout(120)
class PinningTest {
  private static final Duration BOUND = Duration.ofMillis(20);
  private static final int SESSIONS = 40;
  private static final byte[] CONTENT = new byte[100_000];

  @TempDir Path folder;

  /** Its initializer waits, and an initializer pins its thread in every JDK. */
  private static final class Pinned {
    static final boolean OPENED = await();

    private static boolean await() {
      try {
        return new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void sessionsOverTlsDoNotPinTheirCarriers() throws Exception {
    workload("warm"); // loads classes, which may pin
    List<RecordedEvent> pinned;
    try (Recording recording = new Recording()) {
      recording.enable("jdk.VirtualThreadPinned").withThreshold(BOUND).withStackTrace();
      recording.start();
      workload("recorded");
      recording.stop();
      pinned = events(recording);
    }
    List<RecordedEvent> ours = pinned.stream().filter(PinningTest::isInTheLibrary).toList();
    assertEquals(List.of(), ours, () -> ours.stream().map(Object::toString).collect(Collectors.joining("\n")));
  }

  @Test
  void pinnedThreadIsRecorded() throws Exception {
    try (Recording recording = new Recording()) {
      recording.enable("jdk.VirtualThreadPinned").withThreshold(BOUND).withStackTrace();
      recording.start();
      Thread.ofVirtual().start(() -> assertFalse(Pinned.OPENED)).join();
      recording.stop();
      List<RecordedEvent> found = events(recording);
      assertEquals(1, found.stream().filter(event -> hasFrameOf(event, Pinned.class.getName())).count(), found::toString);
    }
  }

  private List<RecordedEvent> events(Recording recording) throws IOException {
    Path file = Files.createTempFile(folder, "pinned", ".jfr");
    recording.dump(file);
    return RecordingFile.readAllEvents(file);
  }

  private static boolean isInTheLibrary(RecordedEvent event) {
    return frames(event).stream()
        .map(frame -> frame.getMethod().getType().getName())
        .anyMatch(type -> type.startsWith("io.loomftp.")
            && !type.startsWith("io.loomftp.testkit.")
            && !type.startsWith(PinningTest.class.getName()));
  }

  private static boolean hasFrameOf(RecordedEvent event, String type) {
    return frames(event).stream().anyMatch(frame -> frame.getMethod().getType().getName().equals(type));
  }

  private static List<RecordedFrame> frames(RecordedEvent event) {
    return event.getStackTrace() == null ? List.of() : event.getStackTrace().getFrames();
  }

  /** Many sessions at a time, each with every kind of transfer; then a pool with a mirror and a file in segments. */
  private void workload(String name) throws Exception {
    Path local = Files.createDirectory(folder.resolve(name));
    try (ScriptedServer server = ScriptedServer.start().dataPatience(Duration.ofSeconds(60))) {
      server.file("/pub/a", CONTENT).file("/pub/b", CONTENT);
      FtpConfig config = SessionFixture.secured(server).timeouts(Timeouts.of(Duration.ofSeconds(60))).build();
      List<Future<Long>> sessions = new ArrayList<>();
      for (int i = 0; i < SESSIONS; i++) {
        String mine = name + i;
        sessions.add(Ftp.start(config, ftp -> session(ftp, local.resolve(mine), mine)));
      }
      for (Future<Long> session : sessions) {
        assertEquals(CONTENT.length, session.get());
      }
      try (FtpPool pool = FtpPool.of(config, 8)) {
        pool.get("/pub/a", local.resolve("segments"), TransferOptions.defaults().segments(4));
        Mirror.download("/pub", local.resolve("mirror")).plan(pool).apply(pool).orThrow();
      }
    }
  }

  private static long session(FtpSession ftp, Path target, String name) throws FtpException {
    ftp.get("/pub/a", target);
    ftp.put(target, name);
    try (Listing rows = ftp.list("/pub")) {
      assertEquals(2, rows.stream().count());
    }
    return ftp.size(name);
  }
}
