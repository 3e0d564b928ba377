package io.loomftp.async;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpConfig;
import io.loomftp.testkit.ScriptedServer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;
import org.testng.ITestResult;
import org.testng.TestListenerAdapter;
import org.testng.TestNG;

/** The rules of Reactive Streams, as their own test kit checks them, each rule shown as a test. */
@Timeout(120)
class FlowTckTest {
  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final List<AutoCloseable> OPEN = Collections.synchronizedList(new ArrayList<>());

  @AfterAll
  static void closeEverything() throws Exception {
    for (AutoCloseable each : OPEN.reversed()) {
      each.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> publisherOfDownloadsKeepsTheRules() {
    return run(Downloads.class, 29);
  }

  @TestFactory
  Stream<DynamicTest> subscriberOfUploadsKeepsTheRules() {
    return run(Uploads.class, 11);
  }

  /** The kit needs TestNG, which runs here inside JUnit. What it leaves out by its own account is left out. */
  private static Stream<DynamicTest> run(Class<?> kit, int rules) {
    TestListenerAdapter results = new TestListenerAdapter();
    TestNG testng = new TestNG(false);
    testng.setTestClasses(new Class<?>[] {kit});
    testng.addListener(results);
    testng.setVerbose(0);
    testng.run();
    List<ITestResult> all = new ArrayList<>(results.getPassedTests());
    all.addAll(results.getFailedTests());
    assertTrue(all.size() >= rules, () -> "the kit tests fewer rules than it used to: " + all);
    return all.stream().map(result -> DynamicTest.dynamicTest(result.getName(), () -> report(result)));
  }

  private static void report(ITestResult result) throws Throwable {
    if (result.getStatus() != ITestResult.SUCCESS) {
      throw result.getThrowable();
    }
  }

  /** A session that is connected to a server with a file of so many bytes, which are so many blocks. */
  private static AsyncFtpSession session(int bytes) {
    ScriptedServer server = ScriptedServer.start().file("/file", new byte[bytes]);
    AsyncFtp ftp = AsyncFtp.create();
    OPEN.add(server);
    OPEN.add(ftp);
    FtpConfig config =
        FtpConfig.builder("localhost").port(server.port()).credentials("alice", "secret").blockSize(1).build();
    AsyncFtpSession session = ftp.session("tck-" + NUMBERS.incrementAndGet(), config);
    session.connect().join();
    return session;
  }

  /** {@link AsyncFtpSession#download}. */
  public static final class Downloads extends FlowPublisherVerification<ByteBuffer> {
    public Downloads() {
      super(new TestEnvironment(500, 100), 300);
    }

    @Override
    public long maxElementsFromPublisher() {
      return 10_000;
    }

    @Override
    public Flow.Publisher<ByteBuffer> createFlowPublisher(long elements) {
      return session((int) elements).download("file");
    }

    @Override
    public Flow.Publisher<ByteBuffer> createFailedFlowPublisher() {
      return session(1).download("nosuch");
    }
  }

  /** The subscriber that {@link AsyncFtpSession#upload} is. */
  public static final class Uploads extends FlowSubscriberBlackboxVerification<ByteBuffer> {
    public Uploads() {
      super(new TestEnvironment(500, 100));
    }

    @Override
    @SuppressWarnings("unchecked") // a subscriber of buffers is asked for and given
    public Flow.Subscriber<ByteBuffer> createFlowSubscriber() {
      CompletableFuture<Flow.Subscriber<? super ByteBuffer>> subscriber = new CompletableFuture<>();
      session(0).upload("up", subscriber::complete);
      return (Flow.Subscriber<ByteBuffer>) subscriber.orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Override
    public ByteBuffer createElement(int element) {
      return ByteBuffer.wrap(new byte[] {(byte) element});
    }
  }
}
