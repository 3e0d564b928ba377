package io.loomftp.mirror;

import java.io.IOException;
import java.util.List;

/** The destination of a mirror is not like its source. The first causes are its suppressed exceptions. */
public final class MirrorException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int TOLD = 10;

  private final transient MirrorReport report;

  MirrorException(MirrorReport report) {
    super(message(report));
    this.report = report;
    report.failures().stream().limit(TOLD).forEach(result -> result.failure().ifPresent(this::addSuppressed));
  }

  private static String message(MirrorReport report) {
    List<MirrorResult> bad =
        report.results().stream()
            .filter(
                result ->
                    switch (result.outcome()) {
                      case FAILED, REFUSED, NOT_DELETED, NOT_BEGUN -> true;
                      case DONE, DONE_BEFORE, NOT_NEEDED, SKIPPED -> false;
                    })
            .limit(TOLD)
            .toList();
    StringBuilder text = new StringBuilder("the mirror is not whole: ").append(report);
    bad.forEach(result -> text.append("\n  ").append(result));
    return text.toString();
  }

  /** What came of each action; not there any more when the exception was serialized. */
  public MirrorReport report() {
    return report;
  }
}
