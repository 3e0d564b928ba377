package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.internal.text.Glob;
import io.loomftp.testkit.ScriptedServer;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Walking trees, globbing, and detecting the server's zone. */
@Timeout(60)
class WalkTest {
  private static FtpConfig.Builder config(ScriptedServer server) {
    return FtpConfig.builder("localhost")
        .port(server.port())
        .credentials("alice", "secret")
        .timeouts(Timeouts.of(Duration.ofSeconds(5)));
  }

  private static List<String> paths(Stream<WalkEntry> found) {
    return found.map(WalkEntry::path).sorted().toList();
  }

  @Test
  void aWalkDeliversAllThatTheRulesWantAndEntersNoExcludedFolder() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start()
            .file("/top/a.csv", "1")
            .file("/top/.hidden", "22")
            .file("/top/sub/b.csv", "333")
            .file("/top/sub/deep/c.csv", "4444")
            .file("/top/skip/d.csv", "55555");
        FtpSession ftp = Ftp.open(config(server).build())) {
      assertEquals(
          List.of("/top/.hidden", "/top/a.csv", "/top/skip", "/top/sub"), paths(ftp.walk("/top", 1, EntryFilter.all())));
      assertEquals(
          List.of("/top/a.csv", "/top/sub/b.csv", "/top/sub/deep/c.csv"),
          paths(ftp.walk("/top", 9, EntryFilter.all().filesOnly().include("*.csv").exclude("skip"))));
      assertEquals(
          List.of("/top/sub/b.csv", "/top/sub/deep/c.csv"),
          paths(ftp.walk("/top/", 9, EntryFilter.all().filesOnly().include("sub/*"))));
      assertEquals(
          List.of("/top/a.csv", "/top/sub/b.csv"),
          paths(ftp.walk("/top", 9, EntryFilter.all().filesOnly().withoutHidden().size(1, 3))));
      assertFalse(server.commands().contains("MLSD /top/skip/none"));
    }
  }

  @Test
  void whatIsFoundCanBeUsedWhileWalking() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/t/a", "1").file("/t/s/b", "2");
        FtpSession ftp = Ftp.open(config(server).build())) {
      ftp.walk("/t", 9, EntryFilter.all().filesOnly())
          .forEach(
              found -> {
                try {
                  ftp.delete(found.path());
                } catch (FtpException e) {
                  throw new UncheckedIOException(e);
                }
              });
      assertEquals(List.of(), server.paths());
    }
  }

  @Test
  void aFolderThatContainsItselfEndsAtTheDepthLimit() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on(
          "MLSD",
          c -> {
            c.reply("150 Here.");
            c.openData().send("type=dir;modify=20260101000000; again\r\n").finish();
            c.reply("226 Done.");
          });
      FtpConfig config = config(server).limits(Limits.defaults().withDepth(5)).build();
      try (FtpSession ftp = Ftp.open(config)) {
        UncheckedIOException stopped =
            assertThrows(
                UncheckedIOException.class, () -> ftp.walk("/", Integer.MAX_VALUE, EntryFilter.all()).forEach(found -> {}));
        assertEquals(ErrorKind.LIMIT, assertInstanceOf(FtpTransferException.class, stopped.getCause()).kind());
        assertEquals(5, server.commands().stream().filter(command -> command.startsWith("MLSD")).count());
        ftp.noop();
      }
    }
  }

  @Test
  void theSameFolderUnderTwoNamesIsEnteredOnce() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on(
          "MLSD",
          c -> {
            c.reply("150 Here.");
            c.openData().send("type=dir;unique=1; one\r\ntype=dir;unique=1; two\r\n").finish();
            c.reply("226 Done.");
          });
      try (FtpSession ftp = Ftp.open(config(server).build())) {
        assertEquals(4, ftp.walk("/", Integer.MAX_VALUE, EntryFilter.all()).count());
      }
    }
  }

  @Test
  void namesThatLeadElsewhereAreDeliveredAndNotEntered() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on(
          "MLSD",
          c -> {
            c.reply("150 Here.");
            c.openData().send("type=dir; ../../etc\r\ntype=dir; a/b\r\n").finish();
            c.reply("226 Done.");
          });
      try (FtpSession ftp = Ftp.open(config(server).build())) {
        assertEquals(2, ftp.walk("/", Integer.MAX_VALUE, EntryFilter.all()).count());
      }
    }
  }

  @Test
  void aPatternPicksFromOneFolder() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start().file("/pub/a.csv", "1").file("/pub/b.csv", "2").file("/pub/c.txt", "3");
        FtpSession ftp = Ftp.open(config(server).build())) {
      assertEquals(List.of("/pub/a.csv", "/pub/b.csv"), paths(ftp.glob("/pub/*.csv").stream()));
      ftp.cd("/pub");
      assertEquals(List.of("c.txt"), paths(ftp.glob("?.txt").stream()));
      assertEquals(List.of(), ftp.glob("*.pdf"));
    }
  }

  @Test
  void noNameMakesAPatternSlow() {
    Glob hostile = new Glob("a*a*a*a*a*a*a*a*a*b");
    assertTimeout(Duration.ofSeconds(2), () -> assertFalse(hostile.matches("a".repeat(8192))));
    assertTrue(hostile.matches("a".repeat(100) + "b"));
    assertTrue(new Glob("*").matches(""));
    assertTrue(new Glob("a?c*").matches("abc"));
    assertFalse(new Glob("a?c").matches("ac"));
  }

  @Test
  void theZoneOfListingsIsFoundByComparingWithMdtm() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on("FEAT", "211 No features.");
      server.on(
          "LIST",
          c -> {
            c.reply("150 Here.");
            c.openData()
                .send(
                    "-rw-r--r-- 1 u g 5 Nov 10 14:30 new.txt\r\n-rw-r--r-- 1 u g 5 Nov 09 03:00 old.txt\r\n"
                        + "-rw-r--r-- 1 u g 5 Jan 01  2020 ancient.txt\r\n")
                .finish();
            c.reply("226 Done.");
          });
      server.on("MDTM", "213 20261110090012");
      FtpConfig config =
          config(server)
              .serverZone(ServerZone.detect())
              .clock(Clock.fixed(Instant.parse("2026-11-22T00:00:00Z"), ZoneOffset.UTC))
              .build();
      for (int i = 0; i < 2; i++) {
        try (FtpSession ftp = Ftp.open(config);
            Listing rows = ftp.list("/pub")) {
          // Half past two there is nine o'clock UTC: five and a half hours ahead.
          assertEquals(
              Instant.parse("2026-11-10T09:00:00Z"), rows.next().orElseThrow().modified().orElseThrow().instant());
        }
      }
      assertEquals(List.of("MDTM /pub/new.txt"), server.commands().stream().filter(c -> c.startsWith("MDTM")).toList());
      assertEquals(3, server.commands().stream().filter(c -> c.startsWith("LIST")).count());
    }
  }

  @Test
  void withNothingToCompareTimesAreTakenForUtc() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on("FEAT", "211 No features.").on("MDTM", "500 What?");
      server.on(
          "LIST",
          c -> {
            c.reply("150 Here.");
            c.openData().send("-rw-r--r-- 1 u g 5 Nov 10  2020 a.txt\r\n").finish();
            c.reply("226 Done.");
          });
      try (FtpSession ftp = Ftp.open(config(server).serverZone(ServerZone.detect()).build());
          Listing rows = ftp.list("")) {
        assertEquals(
            Instant.parse("2020-11-10T00:00:00Z"), rows.next().orElseThrow().modified().orElseThrow().instant());
      }
    }
  }
}
