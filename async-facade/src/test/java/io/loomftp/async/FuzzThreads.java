package io.loomftp.async;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The threads of a session, virtual ones included. */
final class FuzzThreads {
  private FuzzThreads() {}

  /** Their stacks, as text. */
  static String of(String alias) {
    return String.join("\n", stacks(alias));
  }

  /** Waits until none is left. */
  static void awaitNone(String alias) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    List<String> left = stacks(alias);
    while (!left.isEmpty()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("threads are left: " + left);
      }
      new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
      left = stacks(alias);
    }
  }

  private static List<String> stacks(String alias) {
    try {
      Path folder = Files.createTempDirectory("threads");
      Path file = folder.resolve("dump.txt");
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(file.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
      String all = Files.readString(file);
      Files.delete(file);
      Files.delete(folder);
      Pattern own = Pattern.compile("\"ftp-[a-z]+-\\d+ \\(" + alias + "\\)");
      return Stream.of(all.split("\n\n")).filter(stack -> own.matcher(stack).find()).toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
