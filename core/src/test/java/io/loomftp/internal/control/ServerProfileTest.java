package io.loomftp.internal.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.internal.control.ServerProfile.Fact;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ServerProfileTest {
  private final AtomicLong now = new AtomicLong(-5);
  private final ServerProfiles profiles = new ServerProfiles(2, Duration.ofHours(1), now::get);

  @Test
  void aFactIsTrueOrFalseOrUnknown() {
    ServerProfile profile = ServerProfile.UNKNOWN.with(Fact.EPSV, true).with(Fact.EPRT, false);
    assertTrue(profile.holds(Fact.EPSV));
    assertFalse(profile.fails(Fact.EPSV));
    assertTrue(profile.fails(Fact.EPRT));
    assertFalse(profile.holds(Fact.TWO_AT_ONCE) || profile.fails(Fact.TWO_AT_ONCE));
    assertEquals(ServerProfile.UNKNOWN.with(Fact.EPSV, true), profile.without(Fact.EPRT));
  }

  @Test
  void aProfileReadsAsWhatIsKnown() {
    ServerProfile profile = ServerProfile.UNKNOWN.with(Fact.ABORT_REPLIES, "426 226").with(Fact.EPSV, false);
    assertEquals("EPSV=no, ABORT_REPLIES=426 226", profile.toString());
    assertEquals("", ServerProfile.UNKNOWN.toString());
  }

  @Test
  void allSessionsWithOneServerShareWhatIsLearnt() {
    profiles.of("FTP.Example.org", 21).learn(Fact.EPSV, false);
    assertTrue(profiles.of("ftp.example.ORG", 21).fails(Fact.EPSV));
    assertEquals(ServerProfile.UNKNOWN, profiles.of("ftp.example.org", 990).get());
  }

  @Test
  void whatIsOldIsFoundOutAgain() {
    SharedProfile first = profiles.of("a", 21);
    now.addAndGet(Duration.ofHours(1).toNanos() - 1);
    assertSame(first, profiles.of("a", 21));
    now.incrementAndGet();
    assertNotSame(first, profiles.of("a", 21));
  }

  @Test
  void theServerNotUsedForLongestIsForgottenFirst() {
    SharedProfile a = profiles.of("a", 21);
    SharedProfile b = profiles.of("b", 21);
    assertSame(a, profiles.of("a", 21));
    profiles.of("c", 21);
    assertSame(a, profiles.of("a", 21));
    assertNotSame(b, profiles.of("b", 21));
  }
}
