package io.loomftp.internal.file;

import io.loomftp.Reply;
import io.loomftp.internal.control.ServerProfile.Fact;
import io.loomftp.internal.control.SharedProfile;
import io.loomftp.internal.transfer.Transfer;
import java.util.OptionalLong;

/**
 * The size that many servers give in their reply to RETR, as in {@code 150 Opening BINARY mode data connection for a (4096 bytes).}
 * It is that of the file at the moment when it is opened. No RFC demands it, so SIZE is left out only on a server where both
 * were the same before.
 */
final class AnnouncedSize {
  private static final String END = " bytes)";
  private static final int MOST_DIGITS = 18;

  private AnnouncedSize() {}

  /** Whether the server is known to give it. */
  static boolean isKnown(SharedProfile profile) {
    return profile.holds(Fact.SIZE_WITH_RETR);
  }

  /** Learns from a transfer whether the server gives the same size with RETR as with SIZE; an empty file tells nothing. */
  static void learn(SharedProfile profile, OptionalLong announced, long size) {
    if (size > 0 && profile.get().value(Fact.SIZE_WITH_RETR).isEmpty()) {
      profile.learn(Fact.SIZE_WITH_RETR, announced.equals(OptionalLong.of(size)));
    }
  }

  /** Records that it was wrong. */
  static void wrong(SharedProfile profile) {
    profile.learn(Fact.SIZE_WITH_RETR, false);
  }

  /** The size in the preliminary reply of a download. */
  static OptionalLong of(Transfer transfer) {
    return transfer.preliminary().map(AnnouncedSize::in).orElse(OptionalLong.empty());
  }

  /** The last number in brackets; the name of the file stands before it. */
  static OptionalLong in(Reply reply) {
    String text = reply.text();
    int end = text.lastIndexOf(END);
    int start = end;
    while (start > 0 && text.charAt(start - 1) >= '0' && text.charAt(start - 1) <= '9') {
      start--;
    }
    boolean isSize = start > 0 && start < end && end - start <= MOST_DIGITS && text.charAt(start - 1) == '(';
    return isSize ? OptionalLong.of(Long.parseLong(text.substring(start, end))) : OptionalLong.empty();
  }
}
