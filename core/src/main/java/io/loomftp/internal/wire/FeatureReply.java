package io.loomftp.internal.wire;

import io.loomftp.Features;
import io.loomftp.Reply;
import java.util.List;

/** The reply to FEAT (RFC 2389 section 3.2): {@code 211-Features:}, a line with a leading blank for each, {@code 211 End}. */
public final class FeatureReply {
  private FeatureReply() {}

  /** The features; none where the reply has one line or is an error. */
  public static Features of(Reply reply) {
    List<String> lines = reply.lines();
    if (!reply.isCompletion() || lines.size() < 3) {
      return Features.NONE;
    }
    return Features.of(lines.subList(1, lines.size() - 1));
  }
}
