package io.loomftp.examples.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The machine and all versions, in words. */
final class Machine {
  private static final double GIBIBYTE = 1 << 30;

  private Machine() {}

  /** One fact a line. */
  static List<String> words(Settings settings) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>();
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    words.add(
        String.format(
            Locale.ROOT, "%d processors%s, %.0f GiB of memory; load average at the start %.2f",
            system.getAvailableProcessors(), processor(), system.getTotalMemorySize() / GIBIBYTE,
            system.getSystemLoadAverage()));
    words.add(System.getProperty("os.name") + " " + System.getProperty("os.version") + ", " + System.getProperty("os.arch"));
    words.add(
        System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version") + ", at most "
            + (Runtime.getRuntime().maxMemory() >> 20) + " MiB of heap");
    for (ServerKind kind : servers(settings)) {
      words.add("Server: " + kind.label() + " " + kind.version() + ", on the loopback interface");
    }
    words.add("Peer: Apache Commons Net " + CommonsClient.version());
    for (String name : List.of("curl", "lftp")) {
      Optional<ExternalProgram> program = ExternalProgram.find(name);
      words.add("Peer: " + (program.isPresent() ? program.get().version() : name + " is not installed"));
    }
    return words;
  }

  private static Set<ServerKind> servers(Settings settings) {
    List<ServerKind> all = new ArrayList<>(settings.servers());
    all.addAll(settings.latencyServers());
    return new TreeSet<>(all.stream().map(ServerKind::available).toList());
  }

  /** The name of the processor where Linux tells it. */
  private static String processor() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .filter(line -> line.startsWith("model name"))
          .findFirst()
          .map(line -> " (" + line.substring(line.indexOf(':') + 1).strip() + ")")
          .orElse("");
    } catch (IOException e) {
      return "";
    }
  }
}
