package io.loomftp.internal.session;

import io.loomftp.FtpException;
import io.loomftp.FtpTimeoutException;
import io.loomftp.Kind;
import io.loomftp.Reply;
import io.loomftp.ReplyCode;
import io.loomftp.internal.wire.Command;
import java.time.Duration;
import java.util.Set;

/**
 * Brings the control connection back in step after an abort. What a server owes then differs: 426 and 226, 226 twice, 225
 * alone, nothing for an ABOR it does not know. So PWD is sent after the first of them: only its reply is a 257, and
 * everything before that belonged to the abort (RFC 959 section 5.4, ABOR).
 */
final class Settlement {
  static final Command ABOR = Command.of("ABOR");
  private static final Command PWD = Command.of("PWD");
  /** Replies that can only be about the transfer or the abort. */
  private static final Set<Integer> OF_THE_TRANSFER = Set.of(225, 226, 250, 425, 426, 450, 451, 452, 551, 552, 553);

  private Settlement() {}

  /**
   * Reads all that is owed for an ABOR that was sent.
   *
   * @param finalReplyRead whether the transfer's own final reply was read before
   * @param bound for all of it
   */
  static void afterAbort(ControlConnection control, boolean finalReplyRead, Duration bound) throws FtpException {
    settle(control, finalReplyRead ? 1 : 0, 2, bound);
  }

  /** Reads what may be owed for some interjected commands that the server may have swallowed. */
  static void afterInterjections(ControlConnection control, Duration bound) throws FtpException {
    settle(control, 1, 1, bound);
  }

  private static void settle(ControlConnection control, int alreadySeen, int owed, Duration bound) throws FtpException {
    long deadline = System.nanoTime() + bound.toNanos();
    int seen = alreadySeen;
    boolean asked = false;
    while (true) {
      if (seen > 0 && !asked) {
        control.interject(PWD);
        asked = true;
      }
      Duration left = Duration.ofNanos(deadline - System.nanoTime());
      if (left.isNegative() || left.isZero()) {
        throw control.fail(
            new FtpTimeoutException(
                "the server did not say in time how the abort went", Kind.TIMEOUT, control.transcript().lines(), null));
      }
      Reply reply = control.readReply(asked ? PWD : ABOR, left);
      if (reply.isPreliminary()) {
        continue;
      }
      if (asked && isLast(reply, seen, owed)) {
        return;
      }
      seen++;
    }
  }

  private static boolean isLast(Reply reply, int seen, int owed) {
    return reply.code() == ReplyCode.PATH_CREATED.code()
        || (seen >= owed && reply.code() >= 500 && !OF_THE_TRANSFER.contains(reply.code()));
  }
}
