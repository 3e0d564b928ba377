package io.loomftp.internal.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.Credentials;
import io.loomftp.ErrorKind;
import io.loomftp.FtpConfig;
import io.loomftp.FtpConnectException;
import io.loomftp.FtpException;
import io.loomftp.internal.retry.Cancellation;
import io.loomftp.testkit.HandClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An upper bound and a learnt limit together: whoever waits is notified, and does not ask again and again. */
@Timeout(60)
class UpperBoundTest {
  private static final FtpConfig ANY = FtpConfig.builder("s").anonymous().build();

  private final HandClock clock = new HandClock();
  private final ConnectionPermits permits =
      new ConnectionPermits("s:21", new ConnectRate(16, 10, Duration.ofSeconds(60)), clock);

  private static final class Client implements PermitClient {
    int woken;

    @Override
    public void permitsMayBeFree() {
      woken++;
    }

    @Override
    public void closeIdle() {}
  }

  private List<ConnectionPermits.Permit> learn(int limit) {
    List<ConnectionPermits.Permit> open = new ArrayList<>();
    for (int i = 0; i <= limit; i++) {
      ConnectionPermits.Permit permit = permits.ask(new Client(), Credentials.of("user" + i, "secret")).permit();
      assertNotNull(permit);
      open.add(permit);
      if (i < limit) {
        permit.loggedIn();
      }
    }
    FtpException tooMany = new FtpConnectException("s turns us away: 421 Too many connections.", ErrorKind.BUSY, List.of(), null);
    ConnectionPermits.Permit refused = open.removeLast();
    refused.failed(tooMany);
    refused.released();
    assertEquals(limit, permits.limit().orElseThrow());
    return open;
  }

  @ParameterizedTest
  @CsvSource({"4, 4", "4, 3", "4, 5", "1, 1"})
  void clientIsNotSentBackAtOnce(int learnt, int bound) {
    List<ConnectionPermits.Permit> open = learn(learnt);
    permits.atMost(bound);
    clock.advance(Duration.ofHours(1)); // the learnt limit may be raised long since
    Client client = new Client();
    ConnectionPermits.Answer answer = permits.ask(client, Credentials.of("another", "secret"));
    if (bound > learnt) {
      assertNotNull(answer.permit(), "one more is tried");
      answer.permit().loggedIn();
      answer = permits.ask(client, Credentials.of("one more", "secret"));
    }
    assertNull(answer.permit());
    assertTrue(answer.nanos() >= Duration.ofSeconds(1).toNanos(), "asks again after " + answer.nanos() + " ns");
    open.getFirst().released();
    if (bound >= learnt) {
      assertTrue(client.woken > 0, "a free connection is made known");
      assertNotNull(permits.ask(client, Credentials.of("another", "secret")).permit());
    }
  }

  @Test
  void waitingSessionUsesNoProcessor() throws Exception {
    learn(2);
    permits.atMost(2);
    clock.advance(Duration.ofHours(1));
    FutureTask<Long> waiting = new FutureTask<>(() -> {
      var cpu = java.lang.management.ManagementFactory.getThreadMXBean();
      long before = cpu.getCurrentThreadCpuTime();
      try {
        permits.await(ANY, Duration.ofSeconds(1), new Cancellation()).released();
      } catch (FtpException e) {
        assertEquals(ErrorKind.BUSY, e.kind());
      }
      return cpu.getCurrentThreadCpuTime() - before;
    });
    Thread.ofPlatform().start(waiting);
    long nanos = waiting.get(20, TimeUnit.SECONDS);
    assertTrue(nanos < Duration.ofMillis(300).toNanos(), nanos + " ns of a processor in a second of waiting");
  }
}
