package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loomftp.testkit.RealServer;
import io.loomftp.testkit.RealServers;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Listings of what is no folder. */
@Timeout(60)
class ListingOfNoFolderTest {
  @ParameterizedTest
  @EnumSource(RealServers.Kind.class)
  void aFileCannotBeWalked(RealServers.Kind kind) throws Exception {
    try (RealServer server = RealServers.start(kind, RealServers.Variant.PLAIN)) {
      Files.writeString(server.home().resolve("a"), "x");
      Files.createDirectories(server.home().resolve("d"));
      Files.writeString(server.home().resolve("d/d"), "x");
      FtpConfig config =
          FtpConfig.builder("localhost").port(server.port()).credentials(server.user(), server.password()).build();
      try (FtpSession ftp = Ftp.open(config);
          Stream<WalkEntry> walk = ftp.walk("a", 9, EntryFilter.all());
          Stream<WalkEntry> folder = ftp.walk("d", 9, EntryFilter.all())) {
        assertThrows(UncheckedIOException.class, walk::toList);
        assertEquals(List.of("d/d"), folder.map(WalkEntry::path).toList());
      }
    }
  }
}
