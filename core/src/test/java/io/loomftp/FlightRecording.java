package io.loomftp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** Records events of the library, those of these names alone, or all. */
final class FlightRecording implements AutoCloseable {
  static final List<String> ALL = List.of("Connect", "TlsHandshake", "Command", "Transfer", "PoolWait", "Retry");

  private final Recording recording = new Recording();

  private FlightRecording(List<String> names) {
    ALL.forEach(name -> recording.disable("loomftp." + name)); // a recording has all by default
    names.forEach(name -> recording.enable("loomftp." + name).withoutThreshold());
    recording.start();
  }

  static FlightRecording ofAll() {
    return new FlightRecording(ALL);
  }

  static FlightRecording of(String... names) {
    return new FlightRecording(List.of(names));
  }

  /** Stops; returns the events in the order of their beginnings. */
  List<RecordedEvent> events() throws IOException {
    recording.stop();
    Path file = Files.createTempFile("loomftp", ".jfr");
    try {
      recording.dump(file);
      return RecordingFile.readAllEvents(file).stream()
          .filter(event -> event.getEventType().getName().startsWith("loomftp."))
          .sorted(Comparator.comparing(RecordedEvent::getStartTime))
          .toList();
    } finally {
      Files.delete(file);
    }
  }

  static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
    return events.stream().filter(event -> event.getEventType().getName().equals("loomftp." + name)).toList();
  }

  @Override
  public void close() {
    recording.close();
  }
}
