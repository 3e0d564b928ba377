package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loomftp.testkit.RealServer;
import io.loomftp.testkit.RealServers;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Folders whose names servers may take for patterns. */
@Timeout(120)
class PatternNamesTest {
  private static Set<String> names(FtpSession ftp, String path) throws Exception {
    try (Listing rows = ftp.list(path)) {
      return rows.stream().map(FtpEntry::name).collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @ParameterizedTest
  @EnumSource(RealServers.Kind.class)
  void aFolderWithABracketOrAStarInItsNameIsListed(RealServers.Kind kind) throws Exception {
    try (RealServer server = RealServers.start(kind, RealServers.Variant.PLAIN)) {
      List<String> folders = List.of("[ab]", "p[ab]q", "st*r", "qu?ry", "{a,b}", "t~", "back\\slash");
      for (String folder : folders) {
        Files.createDirectories(server.home().resolve(folder));
        Files.writeString(server.home().resolve(folder).resolve("in"), "x");
      }
      for (String other : List.of("a", "b", "paq", "star", "query")) {
        Files.writeString(server.home().resolve(other), "x");
      }
      FtpConfig config =
          FtpConfig.builder("localhost").port(server.port()).credentials(server.user(), server.password()).build();
      StringBuilder wrong = new StringBuilder();
      try (FtpSession ftp = Ftp.open(config)) {
        for (String folder : folders) {
          try {
            Set<String> names = names(ftp, folder);
            if (!names.equals(Set.of("in"))) {
              wrong.append(folder).append(" -> ").append(names).append('\n');
            }
          } catch (FtpException | UncheckedIOException e) {
            wrong.append(folder).append(" -> ").append(e.getMessage()).append('\n');
          }
        }
      }
      assertEquals("", wrong.toString());
    }
  }
}
