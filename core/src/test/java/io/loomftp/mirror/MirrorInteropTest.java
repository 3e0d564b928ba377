package io.loomftp.mirror;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpConfig;
import io.loomftp.Timeouts;
import io.loomftp.TlsPolicy;
import io.loomftp.pool.FtpPool;
import io.loomftp.testkit.Certificates;
import io.loomftp.testkit.EmbeddedServer;
import io.loomftp.testkit.RealServer;
import io.loomftp.testkit.RealServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Trees go to real servers and come back the same; vsftpd has LIST and minutes, ProFTPD MLSD and seconds. */
@Timeout(180)
class MirrorInteropTest {
  private static final List<String> NAMES =
      List.of(
          "plain.txt", "two words.txt", " leading", "süß-日本.txt", "semi;colon", "a\"quote\"", "-la", "a*b?c", "100%.txt",
          "[x]", "x -> y", "empty", "sub/one.bin", "sub/deeper/and deeper/two.bin", ".hidden/.secret");

  @TempDir Path folder;

  static Stream<Arguments> servers() {
    return Stream.of(RealServers.Kind.values())
        .flatMap(
            kind -> Stream.of(RealServers.Variant.PLAIN, RealServers.Variant.TLS_1_3_REUSE)
                .map(variant -> Arguments.of(kind, variant)));
  }

  private static FtpConfig config(RealServer server) {
    boolean plain = server.variant() == RealServers.Variant.PLAIN;
    return FtpConfig.builder("localhost")
        .port(server.port())
        .credentials(server.user(), server.password())
        .tls(plain ? TlsPolicy.none() : TlsPolicy.explicit().withContext(Certificates.trusting()))
        .timeouts(Timeouts.of(Duration.ofSeconds(20)))
        .build();
  }

  /** Half of them old, so that LIST tells only their day. */
  private Path tree(List<String> names) throws IOException {
    Path source = folder.resolve("source");
    Random random = new Random(7);
    Instant recent = Instant.now().minus(3, ChronoUnit.DAYS);
    Instant old = Instant.now().minus(900, ChronoUnit.DAYS);
    for (int i = 0; i < names.size(); i++) {
      Path file = source.resolve(names.get(i));
      Files.createDirectories(file.getParent());
      byte[] content = new byte[names.get(i).equals("empty") ? 0 : random.nextInt(100_000)];
      random.nextBytes(content);
      Files.write(file, content);
      Files.setLastModifiedTime(file, FileTime.from(i % 2 == 0 ? recent : old));
    }
    Files.createDirectories(source.resolve("no files/here"));
    return source;
  }

  private static void assertSame(Path expected, Path found) throws IOException {
    assertEquals(MirrorTest.paths(expected), MirrorTest.paths(found));
    for (String path : MirrorTest.paths(expected)) {
      if (!path.endsWith("/")) {
        assertArrayEquals(Files.readAllBytes(expected.resolve(path)), Files.readAllBytes(found.resolve(path)), path);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("servers")
  void treeGoesThereAndComesBackAndNothingIsDoneTwice(RealServers.Kind kind, RealServers.Variant variant)
      throws Exception {
    try (RealServer server = RealServers.start(kind, variant);
        FtpPool pool = FtpPool.of(config(server), 4)) {
      thereAndBack(pool, server.home(), NAMES);
    }
  }

  /** It does not list names that begin with a dot. */
  @Test
  void embeddedServerToo() throws Exception {
    try (EmbeddedServer server = EmbeddedServer.plain();
        FtpPool pool =
            FtpPool.of(
                FtpConfig.builder("127.0.0.1").port(server.port()).credentials(server.user(), server.password()).build(),
                4)) {
      thereAndBack(pool, server.home(), NAMES.stream().filter(name -> !name.startsWith(".")).toList());
    }
  }

  private void thereAndBack(FtpPool pool, Path home, List<String> names) throws Exception {
    Path source = tree(names);
    Mirror up = Mirror.upload(source, "in/tree").delete();
    MirrorReport sent = up.plan(pool).apply(pool).orThrow();
    assertEquals(names.size(), sent.transferred());
    assertSame(source, home.resolve("in/tree"));
    MirrorPlan again = up.plan(pool);
    assertTrue(again.isDone(), again.describe());
    assertEquals(names.size(), again.unchanged());

    Path copy = folder.resolve("copy");
    Mirror down = Mirror.download("in/tree", copy).delete();
    assertEquals(names.size(), down.plan(pool).apply(pool).orThrow().transferred());
    assertSame(source, copy);
    MirrorPlan nothing = down.plan(pool);
    assertTrue(nothing.isDone(), nothing.describe());

    Files.writeString(source.resolve("plain.txt"), "changed");
    Files.delete(source.resolve("sub/one.bin"));
    MirrorReport changed = up.plan(pool).apply(pool).orThrow();
    assertEquals(1, changed.transferred());
    assertEquals(1, changed.count(MirrorAction.Kind.DELETE_FILE, MirrorResult.Outcome.DONE));
    assertSame(source, home.resolve("in/tree"));
    down.plan(pool).apply(pool).orThrow();
    assertSame(source, copy);
  }
}
