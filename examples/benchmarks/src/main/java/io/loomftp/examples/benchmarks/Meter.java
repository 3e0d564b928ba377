package io.loomftp.examples.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;

/** Measures wall time, processor time and memory of a rival's work, one rival at a time. */
final class Meter {
  private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final List<MemoryPoolMXBean> heap =
      ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getType() == MemoryType.HEAP).toList();

  /** Runs the work once. What ran before leaves no garbage that this one would have to collect. */
  Sample measure(Rival rival) throws Exception {
    System.gc();
    heap.forEach(MemoryPoolMXBean::resetPeakUsage);
    long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    long allocated = threads.getTotalThreadAllocatedBytes();
    double children = Proc.childrenSeconds();
    long cpu = system.getProcessCpuTime();
    long wall = System.nanoTime();
    rival.work();
    double wallSeconds = (System.nanoTime() - wall) / 1e9;
    double ownSeconds = (system.getProcessCpuTime() - cpu) / 1e9;
    double childSeconds = Proc.childrenSeconds() - children;
    if (rival.isExternal()) {
      return new Sample(wallSeconds, childSeconds, rival.ran().peakKilobytes() * 1024.0, 0, rival.figures());
    }
    long peak = heap.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
    return new Sample(
        wallSeconds, ownSeconds + childSeconds, Math.max(0, peak - used), threads.getTotalThreadAllocatedBytes() - allocated,
        rival.figures());
  }
}
