package io.loomftp.async;

import io.loomftp.ErrorKind;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpSession;
import io.loomftp.Reply;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A command without data: one reply, one event. */
final class SimpleOperation<T> extends Operation<T> {
  /** The commands whose reply the event carries where the core returns another value. */
  private static final Map<String, Set<String>> VERBS =
      Map.of(
          "pwd", Set.of("PWD", "XPWD"),
          "mkdir", Set.of("MKD", "XMKD"),
          "size", Set.of("SIZE"),
          "mdtm", Set.of("MDTM"));

  private final Verb<T> verb;
  private volatile @Nullable Reply answer;
  private final String later;
  private volatile String argument;

  SimpleOperation(SessionLoop session, String name, String argument, Verb<T> verb) {
    this(session, name, argument, argument, verb);
  }

  private SimpleOperation(SessionLoop session, String name, String argument, String later, Verb<T> verb) {
    super(session, name, argument);
    this.verb = verb;
    this.argument = argument;
    this.later = Objects.requireNonNull(later);
  }

  static SimpleOperation<Reply> rename(SessionLoop session, String from, String to) {
    return new SimpleOperation<>(session, "rename", from, to, ftp -> ftp.rename(from, to));
  }

  /** What its events carry: the new name of {@code rename} once the server has accepted the old one. */
  @Override
  String argument() {
    return argument;
  }

  @Override
  boolean runsBeforeLogin() {
    return name().equals("quit");
  }

  /** The call of the core. */
  @FunctionalInterface
  interface Verb<T> {
    T run(FtpSession ftp) throws Exception;
  }

  @Override
  void replied(String sent, Reply reply) {
    super.replied(sent, reply);
    if (VERBS.getOrDefault(name(), Set.of()).contains(sent)) {
      answer = reply;
    } else if (name().equals("rename") && sent.equals("RNFR") && reply.isIntermediate()) {
      session().events().announce(new FtpEvent.Partial(session().alias(), reply.code(), reply.text(), argument()));
      argument = later;
    }
  }

  @Override
  Outcome<T> run() throws Exception {
    boolean quit = name().equals("quit");
    if (quit) {
      session().leaving(); // also of a session that is not connected, or not any more
    }
    FtpSession ftp = session().open();
    T value = verb.run(ftp);
    Reply reply = value instanceof Reply own ? own : answer;
    if (quit && reply != null && !reply.isError()) {
      session().farewell();
    }
    return new Outcome<>(value, event(reply, quit, ftp));
  }

  private @Nullable FtpEvent event(@Nullable Reply reply, boolean quit, FtpSession ftp) {
    if (name().isEmpty() || reply == null) {
      return null;
    }
    String alias = session().alias();
    if (reply.isError()) { // of quot and quit, which return any reply
      String command = quit ? "QUIT" : argument();
      var refused = new FtpReplyException(command, reply, ErrorKind.OTHER, false, ftp.transcript());
      return new FtpEvent.Failed(name() + "_error", alias, reply.code(), reply.text(), argument(), refused);
    }
    return new FtpEvent.Completed(name(), alias, reply.code(), reply.text(), argument());
  }
}
