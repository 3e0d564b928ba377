package io.loomftp.async;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The threads of the sessions of random programs, virtual ones included. */
final class FuzzThreads {
  private static final Pattern OWN = Pattern.compile("\"ftp-[a-z]+-\\d+ \\(p\\d+\\)[^\"]*\"");
  private static final int LOOKS = 10;

  private FuzzThreads() {}

  /** Waits until none is left; reports those that stay. Called when nothing runs: a dump of running threads is a risk. */
  static void awaitNone(Consumer<String> breaches) throws InterruptedException, IOException {
    List<String> left = List.of();
    for (int i = 0; i < LOOKS; i++) {
      new CountDownLatch(1).await(500, TimeUnit.MILLISECONDS);
      left = stacks();
      if (left.isEmpty()) {
        return;
      }
    }
    breaches.accept("threads are left: " + String.join("\n", left));
  }

  private static List<String> stacks() throws IOException {
    Path folder = Files.createTempDirectory("threads");
    Path file = folder.resolve("dump.txt");
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpThreads(file.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
    String all = Files.readString(file);
    Files.delete(file);
    Files.delete(folder);
    return Stream.of(all.split("\n(?=#)", -1)).filter(stack -> OWN.matcher(stack).find()).toList();
  }
}
