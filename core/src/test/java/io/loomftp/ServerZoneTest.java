package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loomftp.testkit.ScriptedServer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The validity of a detected zone. */
@Timeout(60)
class ServerZoneTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-06-02T12:00:00Z"));
  private final AtomicInteger offset = new AtomicInteger(2);

  private final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return now.get();
        }
      };

  private ScriptedServer server() {
    return ScriptedServer.start()
        .on("FEAT", "211-F", " MDTM", "211 E")
        .on("MDTM", "213 20260601100000")
        .on("LIST", c -> {
          c.reply("150 Here it comes.");
          c.openData().send("-rw-r--r-- 1 a b 1 Jun 01 " + (10 + offset.get()) + ":00 f\r\n").finish();
          c.reply("226 Done.");
        });
  }

  private Instant listed(ScriptedServer server) throws Exception {
    FtpConfig config = SessionFixture.plain(server).serverZone(ServerZone.detect()).clock(clock).build();
    try (FtpSession ftp = Ftp.open(config);
        Listing rows = ftp.list("/t")) {
      return rows.next().orElseThrow().modified().orElseThrow().instant();
    }
  }

  @Test
  void itIsDetectedAgainAfterADay() throws Exception {
    Instant right = Instant.parse("2026-06-01T10:00:00Z");
    try (ScriptedServer server = server()) {
      assertEquals(right, listed(server));
      now.set(now.get().plus(Duration.ofHours(1)));
      assertEquals(right, listed(server));
      assertEquals(1, server.commands().stream().filter(c -> c.startsWith("MDTM")).count());
      offset.set(1);
      now.set(now.get().plus(Duration.ofHours(24)));
      assertEquals(right, listed(server));
      assertEquals(2, server.commands().stream().filter(c -> c.startsWith("MDTM")).count());
    }
  }

  @Test
  void timesThatDoNotFitDetectNoZone() throws Exception {
    try (ScriptedServer server = server().on("MDTM", "213 20260601100730")) {
      assertEquals(Instant.parse("2026-06-01T12:00:00Z"), listed(server));
    }
  }

  @ParameterizedTest
  @CsvSource({
      "+01:00, 2026-10-25T12:00:00Z, 2026-10-26T12:00:00Z",
      "+02:00, 2026-10-24T22:00:00Z, 2026-10-25T01:00:00Z",
      "+05:30, 2026-06-02T12:00:00Z, 2026-06-03T12:00:00Z"
  })
  void itEndsWhereAZoneWithThisOffsetChanges(String offset, String from, String until) {
    assertEquals(Instant.parse(until), ZoneFinder.until(ZoneOffset.of(offset), Instant.parse(from)));
  }
}
