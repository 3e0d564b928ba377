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
 * Brings the control connection back in step after an abort, or finds that it cannot be done. Owed are the final reply of the
 * transfer and the one to ABOR (RFC 959 section 5.4); only when both were seen is a PWD sent, whose 257 shows that nothing
 * more was on its way. Servers that send fewer replies, or more, or some of them late, leave the connection out of step: it
 * has to be replaced then, since the next reply might be taken for another command's.
 */
public final class AbortResync {
  public static final Command ABOR = Command.of("ABOR");
  private static final Command PWD = Command.of("PWD");

  /** What the list of replies ends with where they were fewer than are owed. */
  private static final String INCOMPLETE = "...";

  /** How long a server that is known to send too few has for the rest. */
  private static final Duration SHORT = Duration.ofMillis(200);

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private AbortResync() {}

  /**
   * Reads all that is owed for an ABOR that was sent.
   *
   * @param finalReplyRead whether the transfer's own final reply was read before
   * @param others how many other commands the server may still answer
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
   * Reads what is owed for NOOPs that were sent during a transfer, each of which the server may have swallowed.
   *
   * @return whether the connection is in step
   */
  public static boolean afterNoops(ControlConnection control, int noops, Duration bound) throws FtpException {
    long patience = System.nanoTime() + (bound.compareTo(PATIENCE) > 0 ? PATIENCE : bound).toNanos();
    if (read(control, KeepAlive.NOOP, noops, patience).size() == noops) {
      return true;
    }
    control.interject(PWD);
    long deadline = System.nanoTime() + bound.toNanos();
    for (int i = 0; i <= noops; i++) {
      List<Integer> next = read(control, PWD, 1, deadline);
      if (next.isEmpty() || next.getFirst() == ReplyCode.PATH_CREATED.code()) {
        return !next.isEmpty();
      }
    }
    return false;
  }

  /** The codes of so many replies, or of as many as came in time. */
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
      return false; // one more than is owed
    }
    control.interject(PWD);
    return read(control, PWD, 1, deadline).equals(List.of(ReplyCode.PATH_CREATED.code()));
  }
}
