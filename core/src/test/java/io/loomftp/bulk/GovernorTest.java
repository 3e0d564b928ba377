package io.loomftp.bulk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpConfig;
import io.loomftp.FtpConnectException;
import io.loomftp.FtpException;
import io.loomftp.FtpLoginException;
import io.loomftp.Kind;
import io.loomftp.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** How the governor learns, on a clock that is moved by hand. */
class GovernorTest {
  private static final FtpException TOO_MANY =
      new FtpConnectException("s turns us away: 421 Too many connections.", Kind.BUSY, List.of(), null);
  private static final FtpException REFUSED =
      new FtpConnectException("cannot connect to s: refused", Kind.CONNECT, List.of(), null);

  private final Given.HandClock clock = new Given.HandClock();
  private final Governor governor =
      new Governor("s:21", new Governor.Pace(16, 10, Duration.ofSeconds(60)), clock);
  private final Client client = new Client();

  private static final class Client implements Governor.Client {
    int woken;

    @Override
    public void permitsMayBeFree() {
      woken++;
    }

    @Override
    public void giveUpIdle() {}
  }

  private Governor.Permit permit() {
    Governor.Permit permit = governor.ask(client).permit();
    assertNotNull(permit);
    return permit;
  }

  private List<Governor.Permit> open(int count) {
    List<Governor.Permit> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Governor.Permit permit = permit();
      permit.succeeded();
      all.add(permit);
    }
    return all;
  }

  @Test
  void isOneForAServerWhateverTheUserAndTheCaseOfItsName() {
    FtpConfig config = FtpConfig.builder("ftp.example.org").anonymous().build();
    assertSame(Governor.of(config), Governor.of(FtpConfig.builder("FTP.Example.ORG").credentials("a", "b").build()));
    assertNotSame(Governor.of(config), Governor.of(config.toBuilder().port(2121).build()));
  }

  @Test
  void knowsNoLimitAtFirst() {
    assertEquals(OptionalInt.empty(), governor.limit());
    open(16);
    assertEquals(16, governor.open());
  }

  @Test
  void limitIsWhatIsOpenWhenOneIsTurnedAway() {
    open(4);
    permit().failed(TOO_MANY);
    assertEquals(OptionalInt.of(4), governor.limit());
    assertNull(governor.ask(client).permit());
  }

  @Test
  void thoseThatWereOnTheirWayCorrectTheLimit() {
    List<Governor.Permit> onTheirWay = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      onTheirWay.add(permit());
    }
    onTheirWay.subList(4, 8).forEach(permit -> permit.failed(TOO_MANY));
    assertEquals(OptionalInt.of(1), governor.limit());
    onTheirWay.subList(0, 4).forEach(Governor.Permit::succeeded);
    assertEquals(OptionalInt.of(4), governor.limit());
  }

  @Test
  void limitIsRaisedByOneAfterAMinuteAndMoreRarelyWhenThatFails() {
    open(4);
    permit().failed(TOO_MANY);
    clock.advance(Duration.ofSeconds(59));
    assertNull(governor.ask(client).permit());
    clock.advance(Duration.ofSeconds(1));
    permit().failed(TOO_MANY);
    assertEquals(OptionalInt.of(4), governor.limit());
    clock.advance(Duration.ofSeconds(61));
    assertNull(governor.ask(client).permit(), "after a failed try the next one is later");
    clock.advance(Duration.ofSeconds(60));
    permit().succeeded();
    assertEquals(OptionalInt.of(5), governor.limit());
    assertNull(governor.ask(client).permit());
    clock.advance(Duration.ofSeconds(120));
    permit().succeeded();
    assertEquals(OptionalInt.of(6), governor.limit());
  }

  @Test
  void waitSaysWhenItIsWorthAskingAgain() {
    open(4);
    permit().failed(TOO_MANY);
    clock.advance(Duration.ofSeconds(10));
    assertEquals(Duration.ofSeconds(50).toNanos(), governor.ask(client).nanos());
  }

  @Test
  void serverThatHasNotNoticedAGoodbyeYetDoesNotLowerTheLimit() {
    List<Governor.Permit> four = open(4);
    permit().failed(TOO_MANY);
    clock.advance(Duration.ofSeconds(20));
    four.get(0).released();
    permit().failed(TOO_MANY);
    assertEquals(OptionalInt.of(4), governor.limit());
    clock.advance(Duration.ofSeconds(1));
    permit().succeeded();
    assertEquals(OptionalInt.of(4), governor.limit());
  }

  @Test
  void limitGoesDownWhenTheServerInsists() {
    List<Governor.Permit> four = open(4);
    permit().failed(TOO_MANY);
    clock.advance(Duration.ofSeconds(20));
    four.get(0).released();
    permit().failed(TOO_MANY);
    clock.advance(Duration.ofSeconds(1));
    permit().failed(TOO_MANY);
    assertEquals(OptionalInt.of(3), governor.limit());
  }

  @Test
  void connectionsAreABurstAndThenSoManyASecond() {
    open(16);
    assertNull(governor.ask(client).permit());
    assertEquals(Duration.ofMillis(100).toNanos(), governor.ask(client).nanos());
    clock.advance(Duration.ofMillis(100));
    permit().succeeded();
    assertNull(governor.ask(client).permit());
    clock.advance(Duration.ofHours(1));
    open(16);
    assertNull(governor.ask(client).permit());
  }

  @Test
  void afterFailuresItWaitsLongerEachTimeButNotForEver() {
    long before = 0;
    for (int i = 0; i < 12; i++) {
      permit().failed(REFUSED);
      Governor.Answer answer = governor.ask(client);
      assertNull(answer.permit());
      assertTrue(answer.nanos() >= Math.min(before / 2, Duration.ofSeconds(15).toNanos()), "pause " + i);
      assertTrue(answer.nanos() <= Duration.ofSeconds(30).toNanos(), "pause " + i);
      before = answer.nanos();
      clock.advance(Duration.ofNanos(answer.nanos()));
    }
    assertTrue(before >= Duration.ofSeconds(15).toNanos(), "the last pause: " + before);
    permit().succeeded();
    permit().failed(REFUSED);
    assertTrue(governor.ask(client).nanos() <= Duration.ofMillis(250).toNanos(), "a success makes it start anew");
  }

  @Test
  void manyThatFailTogetherCountOnce() {
    List<Governor.Permit> together = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      together.add(permit());
    }
    clock.advance(Duration.ofMillis(1));
    together.forEach(permit -> permit.failed(REFUSED));
    assertTrue(governor.ask(client).nanos() <= Duration.ofMillis(250).toNanos());
  }

  @Test
  void wrongPasswordIsNeitherALimitNorAPause() {
    permit().failed(new FtpLoginException("PASS ***", Reply.of(530, "Login incorrect."), Kind.LOGIN, List.of()));
    assertEquals(OptionalInt.empty(), governor.limit());
    assertNotNull(governor.ask(client).permit());
  }

  @Test
  void capHoldsWhateverIsLearned() {
    governor.atMost(2);
    List<Governor.Permit> two = open(2);
    assertNull(governor.ask(client).permit());
    clock.advance(Duration.ofHours(1));
    assertNull(governor.ask(client).permit());
    two.get(0).released();
    assertEquals(1, client.woken);
    permit().succeeded();
    assertThrows(IllegalArgumentException.class, () -> governor.atMost(0));
  }

  @Test
  void sessionIsWantedBackByAClientThatHasFarFewer() {
    Client other = new Client();
    governor.atMost(3);
    List<Governor.Permit> three = open(3);
    assertFalse(governor.wantsBack(client));
    assertNull(governor.ask(other).permit());
    assertTrue(governor.wantsBack(client));
    three.get(0).released();
    assertNotNull(governor.ask(other).permit());
    assertNull(governor.ask(other).permit());
    assertFalse(governor.wantsBack(client), "two and one are fair");
  }

  @Test
  void permitIsReleasedOnce() {
    Governor.Permit permit = open(2).get(0);
    permit.released();
    permit.released();
    assertEquals(1, governor.open());
  }
}
