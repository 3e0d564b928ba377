package io.loomftp.truth;

import io.loomftp.testkit.EmbeddedServer;
import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Transfers to one target at the same time never succeed falsely and never leave a mixture: see {@link Overlap}. */
@Timeout(900)
class OverlapTest {
  @TempDir Path folder;

  private void run(String what, List<List<Overlap.Part>> all) throws Exception {
    Cases cases = new Cases(what);
    for (int i = 0; i < all.size(); i++) {
      List<Overlap.Part> parts = all.get(i);
      Path local = folder.resolve(what.replace(' ', '-') + i);
      cases.add(parts.toString(), () -> overlap(parts, local));
    }
    cases.run(3);
  }

  private static String overlap(List<Overlap.Part> parts, Path local) throws Exception {
    boolean down = parts.getFirst().down() != null;
    try (ScriptedServer server = ScriptedServer.start().user("alice", "secret").directory("/target")) {
      Files.createDirectories(local.resolve("target"));
      for (int i = 0; i < Overlap.VERSIONS.size(); i++) {
        server.file("/" + i + "/" + Overlap.NAME, Overlap.VERSIONS.get(i), Truth.BEFORE);
        Files.createDirectories(local.resolve(String.valueOf(i)));
        Files.write(local.resolve(String.valueOf(i)).resolve(Overlap.NAME), Overlap.VERSIONS.get(i));
      }
      String remote = "/target/" + Overlap.NAME;
      return Overlap.run(
          parts, Truth.config(server.port(), "alice", "secret"), "secret", local, "",
          () -> down
              ? Overlap.read(local.resolve("target").resolve(Overlap.NAME))
              : server.exists(remote) ? server.content(remote) : null);
    }
  }

  @Test
  void inOneProcess() throws Exception {
    List<List<Overlap.Part>> all = new ArrayList<>();
    for (boolean down : new boolean[] {true, false}) {
      all.addAll(Overlap.combinations(down, 2, false));
      all.addAll(Truth.sample(Overlap.combinations(down, 3, false), 5, new Random(Truth.SEED)));
    }
    run("overlap in one process", all);
  }

  @Test
  void atAServerThatRenamesOntoNothing() throws Exception {
    try (EmbeddedServer server = EmbeddedServer.plain()) {
      Overlap.sampleAt("Apache FtpServer", server.port(), server.user(), server.password(), server.home(), folder);
    }
  }

  @Test
  void inSeveralProcesses() throws Exception {
    List<List<Overlap.Part>> all = new ArrayList<>();
    for (boolean down : new boolean[] {true, false}) {
      all.addAll(Truth.sample(Overlap.combinations(down, 2, true), 3, new Random(Truth.SEED)));
      all.addAll(Truth.sample(Overlap.combinations(down, 3, true), 1, new Random(Truth.SEED)));
    }
    Collections.shuffle(all, new Random(Truth.SEED));
    run("overlap in several processes", all);
  }
}
