package io.loomftp.internal.listing;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** The time this thread has worked: what other programs and the collector take in the meantime does not count. */
public final class CpuTime {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private CpuTime() {}

  /** Nanoseconds; only differences mean something. */
  public static long now() {
    return THREADS.getCurrentThreadCpuTime();
  }
}
