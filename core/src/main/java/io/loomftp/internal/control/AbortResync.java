package io.loomftp.internal.control;

import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpTimeoutException;
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
public final class AbortResync {
  public static final Command ABOR = Command.of("ABOR");
  private static final Command PWD = Command.of("PWD");
  /** Replies that can only be about the transfer or the abort. */
  private static final Set<Integer> OF_THE_TRANSFER = Set.of(225, 226, 250, 425, 426, 450, 451, 452, 551, 552, 553);

  private AbortResync() {}

  /**
   * Reads all that is owed for an ABOR that was sent.
   *
   * @param finalReplyRead whether the transfer's own final reply was read before
   * @param interjections how many other commands the server may still answer
   * @param bound for all of it
   */
  public static void afterAbort(ControlConnection control, boolean finalReplyRead, int interjections, Duration bound)
      throws FtpException {
    settle(control, finalReplyRead, (finalReplyRead ? 1 : 2) + interjections, bound);
  }

  /** Reads what may be owed for so many interjected commands, each of which the server may have swallowed. */
  public static void afterInterjections(ControlConnection control, int interjections, Duration bound) throws FtpException {
    settle(control, true, interjections, bound);
  }

  /**
   * Reads up to the reply to a PWD. Where that may be refused, an error counts as its reply only when nothing else can be
   * owed, or nothing follows.
   *
   * @param askAtOnce whether the PWD goes before anything was read
   * @param owed replies that may come before the one to PWD
   */
  private static void settle(ControlConnection control, boolean askAtOnce, int owed, Duration bound)
      throws FtpException {
    long deadline = System.nanoTime() + bound.toNanos();
    int seen = 0;
    boolean asked = false;
    boolean refusedPerhaps = false;
    while (true) {
      if (!asked && (askAtOnce || seen > 0)) {
        control.interject(PWD);
        asked = true;
      }
      Duration left = Duration.ofNanos(deadline - System.nanoTime());
      if (left.isNegative() || left.isZero() || !control.hasReply(left)) {
        if (refusedPerhaps) {
          return;
        }
        throw control.fail(
            new FtpTimeoutException(
                "the server did not say in time how the abort went", ErrorKind.TIMEOUT, control.transcript().lines(), null));
      }
      Reply reply = control.readReply(asked ? PWD : ABOR, left);
      if (reply.isPreliminary()) {
        continue;
      }
      if (asked && reply.code() == ReplyCode.PATH_CREATED.code()) {
        return;
      }
      refusedPerhaps = asked && reply.code() >= 500 && !OF_THE_TRANSFER.contains(reply.code());
      if (refusedPerhaps && seen >= owed) {
        return;
      }
      seen++;
    }
  }
}
