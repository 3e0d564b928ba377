package io.loomftp.internal.observe;

import io.loomftp.FtpMeasurement;
import org.jspecify.annotations.Nullable;

/** Begins events, where the JVM can record any. */
@FunctionalInterface
interface EventSource {
  /** An event that has begun. */
  @FunctionalInterface
  interface Begun {
    /** Commits it with what was measured, unless the recordings do not want it. */
    void end(FtpMeasurement measurement);
  }

  /** Begins an event; null when no recording wants it. */
  @Nullable
  Begun begin(EventKind kind);
}
