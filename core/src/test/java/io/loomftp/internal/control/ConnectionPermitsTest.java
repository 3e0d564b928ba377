package io.loomftp.internal.control;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.Credentials;
import io.loomftp.ErrorKind;
import io.loomftp.FtpConfig;
import io.loomftp.FtpConnectException;
import io.loomftp.FtpException;
import io.loomftp.FtpLoginException;
import io.loomftp.Reply;
import io.loomftp.internal.retry.Cancellation;
import io.loomftp.testkit.HandClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The learning of connection limits, on a manual clock. */
class ConnectionPermitsTest {
  private static final FtpException TOO_MANY =
      new FtpConnectException("s turns us away: 421 Too many connections.", ErrorKind.BUSY, List.of(), null);
  private static final FtpException REFUSED =
      new FtpConnectException("cannot connect to s: refused", ErrorKind.CONNECT, List.of(), null);

  private static final FtpConfig ANY = FtpConfig.builder("s").anonymous().build();

  private final HandClock clock = new HandClock();
  private final ConnectionPermits limiter =
      new ConnectionPermits("s:21", new ConnectRate(16, 10, Duration.ofSeconds(60)), clock);
  private final Client client = new Client();
  private int users;

  private static final class Client implements PermitClient {
    int woken;

    @Override
    public void permitsMayBeFree() {
      woken++;
    }

    @Override
    public void closeIdle() {}
  }

  /** Each with a user of its own, so that no login waits for another. */
  private ConnectionPermits.Answer ask(PermitClient who) {
    return limiter.ask(who, Credentials.of("user" + ++users, "secret"));
  }

  private static void refuse(ConnectionPermits.Permit permit, FtpException reason) {
    permit.failed(reason);
    permit.released();
  }

  private ConnectionPermits.Permit permit() {
    ConnectionPermits.Permit permit = ask(client).permit();
    assertNotNull(permit);
    return permit;
  }

  private List<ConnectionPermits.Permit> open(int count) {
    List<ConnectionPermits.Permit> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ConnectionPermits.Permit permit = permit();
      permit.loggedIn();
      all.add(permit);
    }
    return all;
  }

  @Test
  void isSharedByAllUsersOfAServerInAnyCaseOfItsName() {
    FtpConfig config = FtpConfig.builder("ftp.example.org").anonymous().build();
    assertSame(PermitRegistry.of(config), PermitRegistry.of(FtpConfig.builder("FTP.Example.ORG").credentials("a", "b").build()));
    assertNotSame(PermitRegistry.of(config), PermitRegistry.of(config.toBuilder().port(2121).build()));
  }

  @Test
  void knowsNoLimitAtFirst() {
    assertEquals(OptionalInt.empty(), limiter.limit());
    open(16);
    assertEquals(16, limiter.open());
  }

  @Test
  void limitIsWhatIsOpenWhenOneIsTurnedAway() {
    open(4);
    refuse(permit(), TOO_MANY);
    assertEquals(OptionalInt.of(4), limiter.limit());
    assertNull(ask(client).permit());
  }

  @Test
  void thoseThatWereOnTheirWayCorrectTheLimit() {
    List<ConnectionPermits.Permit> onTheirWay = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      onTheirWay.add(permit());
    }
    onTheirWay.subList(4, 8).forEach(permit -> refuse(permit, TOO_MANY));
    assertEquals(OptionalInt.of(1), limiter.limit());
    onTheirWay.subList(0, 4).forEach(ConnectionPermits.Permit::loggedIn);
    assertEquals(OptionalInt.of(4), limiter.limit());
  }

  @Test
  void sessionClosedMeanwhileDoesNotHideOneBeingOpened() {
    List<ConnectionPermits.Permit> open = open(2);
    ConnectionPermits.Permit onItsWay = permit();
    onItsWay.greeted();
    clock.advance(Duration.ofMillis(1));
    refuse(permit(), TOO_MANY);
    assertEquals(OptionalInt.of(2), limiter.limit());
    open.getFirst().released();
    onItsWay.loggedIn();
    assertEquals(OptionalInt.of(3), limiter.limit());
  }

  @Test
  void connectionGreetedAfterAnotherSessionLeftDoesNotRaiseTheLimit() {
    List<ConnectionPermits.Permit> open = open(2);
    ConnectionPermits.Permit waitsForItsGreeting = permit();
    clock.advance(Duration.ofMillis(1));
    refuse(permit(), TOO_MANY);
    open.getFirst().released();
    clock.advance(Duration.ofMillis(1));
    waitsForItsGreeting.greeted();
    waitsForItsGreeting.loggedIn();
    assertEquals(OptionalInt.of(2), limiter.limit());
  }

  @Test
  void pauseDoesNotGrowWithTheNumberOfSessionsThatNoticeTheSameOutage() {
    List<ConnectionPermits.Permit> before = open(10);
    refuse(permit(), REFUSED);
    for (ConnectionPermits.Permit lost : before) {
      lost.released();
      clock.advance(Duration.ofMillis(10));
      var permit = assertDoesNotThrow(() -> lost.next(ANY, Duration.ofSeconds(1), new Cancellation()));
      refuse(permit, REFUSED);
    }
    long pause = ask(client).nanos();
    assertTrue(pause < Duration.ofMillis(500).toNanos(), () -> pause + " ns");
  }

  @Test
  void cancellationEndsTheWaitForAConnection() throws Exception {
    open(1);
    limiter.atMost(1);
    Cancellation cancellation = new Cancellation();
    FutureTask<FtpException> wait =
        new FutureTask<>(() -> assertThrows(FtpException.class, () -> limiter.await(ANY, Duration.ofMinutes(5), cancellation)));
    Thread.startVirtualThread(wait);
    cancellation.cancel();
    assertEquals(ErrorKind.ABORTED, wait.get(10, TimeUnit.SECONDS).kind());
    assertEquals(1, limiter.open());
  }

  @Test
  void limitIsRaisedByOneAfterAMinuteAndMoreRarelyWhenThatFails() {
    open(4);
    refuse(permit(), TOO_MANY);
    clock.advance(Duration.ofSeconds(59));
    assertNull(ask(client).permit());
    clock.advance(Duration.ofSeconds(1));
    refuse(permit(), TOO_MANY);
    assertEquals(OptionalInt.of(4), limiter.limit());
    clock.advance(Duration.ofSeconds(61));
    assertNull(ask(client).permit(), "after a failed try the next one is later");
    clock.advance(Duration.ofSeconds(60));
    permit().loggedIn();
    assertEquals(OptionalInt.of(5), limiter.limit());
    assertNull(ask(client).permit());
    clock.advance(Duration.ofSeconds(120));
    permit().loggedIn();
    assertEquals(OptionalInt.of(6), limiter.limit());
  }

  @Test
  void waitSaysWhenItIsWorthAskingAgain() {
    open(4);
    refuse(permit(), TOO_MANY);
    clock.advance(Duration.ofSeconds(10));
    assertEquals(Duration.ofSeconds(50).toNanos(), ask(client).nanos());
  }

  @Test
  void serverThatHasNotNoticedAGoodbyeYetDoesNotLowerTheLimit() {
    List<ConnectionPermits.Permit> four = open(4);
    refuse(permit(), TOO_MANY);
    clock.advance(Duration.ofSeconds(20));
    four.get(0).released();
    refuse(permit(), TOO_MANY);
    assertEquals(OptionalInt.of(4), limiter.limit());
    clock.advance(Duration.ofSeconds(1));
    permit().loggedIn();
    assertEquals(OptionalInt.of(4), limiter.limit());
  }

  @Test
  void limitGoesDownWhenTheServerInsists() {
    List<ConnectionPermits.Permit> four = open(4);
    refuse(permit(), TOO_MANY);
    clock.advance(Duration.ofSeconds(20));
    four.get(0).released();
    refuse(permit(), TOO_MANY);
    clock.advance(Duration.ofSeconds(1));
    refuse(permit(), TOO_MANY);
    assertEquals(OptionalInt.of(3), limiter.limit());
  }

  @Test
  void connectionsAreABurstAndThenSoManyASecond() {
    open(16);
    assertNull(ask(client).permit());
    assertEquals(Duration.ofMillis(100).toNanos(), ask(client).nanos());
    clock.advance(Duration.ofMillis(100));
    permit().loggedIn();
    assertNull(ask(client).permit());
    clock.advance(Duration.ofHours(1));
    open(16);
    assertNull(ask(client).permit());
  }

  @Test
  void afterFailuresItWaitsLongerEachTimeButNotForEver() {
    long before = 0;
    for (int i = 0; i < 12; i++) {
      refuse(permit(), REFUSED);
      ConnectionPermits.Answer answer = ask(client);
      assertNull(answer.permit());
      assertTrue(answer.nanos() >= Math.min(before / 2, Duration.ofSeconds(15).toNanos()), "pause " + i);
      assertTrue(answer.nanos() <= Duration.ofSeconds(30).toNanos(), "pause " + i);
      before = answer.nanos();
      clock.advance(Duration.ofNanos(answer.nanos()));
    }
    assertTrue(before >= Duration.ofSeconds(15).toNanos(), "the last pause: " + before);
    permit().loggedIn();
    refuse(permit(), REFUSED);
    assertTrue(ask(client).nanos() <= Duration.ofMillis(250).toNanos(), "a success makes it start anew");
  }

  @Test
  void manyThatFailTogetherCountOnce() {
    List<ConnectionPermits.Permit> together = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      together.add(permit());
    }
    clock.advance(Duration.ofMillis(1));
    together.forEach(permit -> refuse(permit, REFUSED));
    assertTrue(ask(client).nanos() <= Duration.ofMillis(250).toNanos());
  }

  @Test
  void wrongPasswordIsNeitherALimitNorAPause() {
    refuse(permit(), new FtpLoginException("PASS ***", Reply.of(530, "Login incorrect."), ErrorKind.LOGIN, List.of()));
    assertEquals(OptionalInt.empty(), limiter.limit());
    assertNotNull(ask(client).permit());
  }

  @Test
  void upperBoundAppliesWhateverIsLearnt() {
    limiter.atMost(2);
    List<ConnectionPermits.Permit> two = open(2);
    assertNull(ask(client).permit());
    clock.advance(Duration.ofHours(1));
    assertNull(ask(client).permit());
    two.get(0).released();
    assertEquals(1, client.woken);
    permit().loggedIn();
    assertThrows(IllegalArgumentException.class, () -> limiter.atMost(0));
  }

  @Test
  void sessionIsWantedBackByAClientThatHasFarFewer() {
    Client other = new Client();
    limiter.atMost(3);
    List<ConnectionPermits.Permit> three = open(3);
    assertFalse(limiter.wantsBack(client));
    assertNull(ask(other).permit());
    assertTrue(limiter.wantsBack(client));
    three.get(0).released();
    assertNotNull(ask(other).permit());
    assertNull(ask(other).permit());
    assertFalse(limiter.wantsBack(client), "two and one are fair");
  }

  @Test
  void permitIsReleasedOnce() {
    ConnectionPermits.Permit permit = open(2).get(0);
    permit.released();
    permit.released();
    assertEquals(1, limiter.open());
  }
}
