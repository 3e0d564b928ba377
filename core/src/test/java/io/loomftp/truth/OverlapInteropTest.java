package io.loomftp.truth;

import io.loomftp.Ftp;
import io.loomftp.FtpConfig;
import io.loomftp.FtpSession;
import io.loomftp.TransferOptions;
import io.loomftp.testkit.RealServer;
import io.loomftp.testkit.RealServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Transfers to one target at the same time on real servers: see {@link Overlap}. */
@Timeout(900)
class OverlapInteropTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(RealServers.Kind.class)
  void overlap(RealServers.Kind kind) throws Exception {
    List<List<Overlap.Part>> all = new ArrayList<>();
    for (boolean down : new boolean[] {true, false}) {
      all.addAll(Truth.sample(Overlap.combinations(down, 2, false), 4, new Random(Truth.SEED)));
      all.addAll(Truth.sample(Overlap.combinations(down, 3, false), 2, new Random(Truth.SEED)));
      all.addAll(Truth.sample(Overlap.combinations(down, 2, true), 1, new Random(Truth.SEED)));
    }
    try (RealServer server = RealServers.start(kind, RealServers.Variant.PLAIN)) {
      FtpConfig config = Truth.config(server.port(), server.user(), server.password());
      Cases cases = new Cases("overlap at " + kind);
      for (int i = 0; i < all.size(); i++) {
        List<Overlap.Part> parts = all.get(i);
        String name = "case" + i;
        cases.add(parts.toString(), () -> overlap(parts, config, server, name));
      }
      cases.run(2);
    }
  }

  private String overlap(List<Overlap.Part> parts, FtpConfig config, RealServer server, String name) throws Exception {
    Path local = Files.createDirectories(folder.resolve(name));
    Files.createDirectories(local.resolve("target"));
    String remote;
    try (FtpSession ftp = Ftp.open(config)) {
      String home = ftp.pwd();
      remote = (home.endsWith("/") ? home : home + "/") + name;
      ftp.mkdirs(remote + "/target");
      for (int i = 0; i < Overlap.VERSIONS.size(); i++) {
        Path file = Files.createDirectories(local.resolve(String.valueOf(i))).resolve(Overlap.NAME);
        Files.write(file, Overlap.VERSIONS.get(i));
        ftp.mkdir(remote + "/" + i);
        ftp.put(file, remote + "/" + i + "/" + Overlap.NAME, TransferOptions.defaults());
      }
    }
    Path target = parts.getFirst().down() != null ? local.resolve("target") : server.home().resolve(name).resolve("target");
    return Overlap.run(parts, config, server.password(), local, remote, () -> Overlap.read(target.resolve(Overlap.NAME)));
  }
}
