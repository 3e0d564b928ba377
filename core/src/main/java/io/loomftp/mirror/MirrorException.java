package io.loomftp.mirror;

import java.io.IOException;
import java.util.List;

/** The destination of a mirror is not like its source. The first causes are its suppressed exceptions. */
public final class MirrorException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 10;

  private final transient List<MirrorResult> results;

  MirrorException(String summary, List<MirrorResult> results) {
    super(message(summary, results));
    this.results = List.copyOf(results);
    results.stream().limit(SHOWN).forEach(result -> result.failure().ifPresent(this::addSuppressed));
  }

  private static String message(String summary, List<MirrorResult> results) {
    StringBuilder text = new StringBuilder("the mirror is incomplete: ").append(summary);
    results.stream().limit(SHOWN).forEach(result -> text.append("\n  ").append(result));
    return text.toString();
  }

  /** The actions that failed, were refused, not begun or not deleted; empty after the exception was serialized. */
  @SuppressWarnings("ConstantValue") // a transient field is null after deserialization
  public List<MirrorResult> results() {
    return results == null ? List.of() : results;
  }
}
