package io.loomftp.internal.control;

import io.loomftp.FtpException;
import io.loomftp.Reply;
import io.loomftp.ReplyCode;
import io.loomftp.internal.control.ServerProfile.Fact;
import io.loomftp.internal.wire.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Resynchronizes the control connection after an abort, or finds that this is impossible. Pending are the final reply of the
 * transfer and the one to ABOR (RFC 959 section 5.4); only when both were read is a PWD sent, whose 257 proves that nothing
 * more is in flight. A server that sends fewer replies, more, or some of them late leaves the connection out of step: it is
 * replaced then, since the next reply could be taken for the reply to another command.
 */
public final class AbortResync {
  public static final Command ABOR = Command.of("ABOR");
  private static final Command PWD = Command.of("PWD");

  /** The end of the list of replies where there were fewer than expected. */
  private static final String INCOMPLETE = "...";

  /** The bound for the rest of the replies of a server that is known to send too few. */
  private static final Duration SHORT = Duration.ofMillis(200);

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private AbortResync() {}

  /**
   * Reads all pending replies after an ABOR was sent.
   *
   * @param finalReplyRead whether the transfer's own final reply was read before
   * @param others the number of other commands that the server may still answer
   * @param bound for all of it
   * @return whether the connection is in step
   */
  public static boolean afterAbort(
      ControlConnection control, SharedProfile profile, boolean finalReplyRead, int others, Duration bound)
      throws FtpException {
    boolean few = profile.get().value(Fact.ABORT_REPLIES).filter(codes -> codes.endsWith(INCOMPLETE)).isPresent();
    long deadline = System.nanoTime() + (few && bound.compareTo(SHORT) > 0 ? SHORT : bound).toNanos();
    int owed = (finalReplyRead ? 1 : 2) + others;
    List<Integer> codes = read(control, ABOR, owed, deadline);
    boolean inStep = codes.size() == owed && answersPwd(control, System.nanoTime() + bound.toNanos());
    if (others == 0 && !finalReplyRead) {
      String seen = codes.stream().map(String::valueOf).collect(Collectors.joining(" "));
      profile.learn(Fact.ABORT_REPLIES, inStep ? seen : (seen + " " + INCOMPLETE).strip());
    }
    return inStep;
  }

  /**
   * Reads the pending replies to NOOPs that were sent during a transfer; the server may have dropped any of them.
   *
   * @return whether the connection is in step
   */
  public static boolean afterNoops(ControlConnection control, int noops, Duration bound) throws FtpException {
    long patience = System.nanoTime() + (bound.compareTo(PATIENCE) > 0 ? PATIENCE : bound).toNanos();
    if (read(control, KeepAlive.NOOP, noops, patience).size() == noops) {
      return true;
    }
    return control.readUntilPwd(noops, bound);
  }

  /** Reads the codes of this many replies, or of those that arrive in time. */
  private static List<Integer> read(ControlConnection control, Command command, int owed, long deadline)
      throws FtpException {
    List<Integer> codes = new ArrayList<>();
    while (codes.size() < owed) {
      Duration left = Duration.ofNanos(deadline - System.nanoTime());
      if (left.isNegative() || left.isZero() || !control.hasReply(left)) {
        return codes;
      }
      Reply reply = control.readReply(command, left);
      if (!reply.isPreliminary()) {
        codes.add(reply.code());
      }
    }
    return codes;
  }

  private static boolean answersPwd(ControlConnection control, long deadline) throws FtpException {
    if (control.hasReply(Duration.ZERO)) {
      return false; // one more than expected
    }
    control.sendDirectly(PWD);
    return read(control, PWD, 1, deadline).equals(List.of(ReplyCode.PATH_CREATED.code()));
  }
}
