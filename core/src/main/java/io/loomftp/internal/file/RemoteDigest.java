package io.loomftp.internal.file;

import io.loomftp.Digest;
import io.loomftp.ErrorKind;
import io.loomftp.Features;
import io.loomftp.FtpException;
import io.loomftp.FtpTransferException;
import io.loomftp.Reply;
import io.loomftp.internal.session.SessionCore;
import java.util.Optional;

/** Asks a server for the digest of one of its files. */
public final class RemoteDigest {
  private RemoteDigest() {}

  /** Whether a server with these features offers a hash command. */
  public static boolean isOffered(Features features) {
    return ServerHash.strongest(features).isPresent();
  }

  /** Asks with the strongest command that the server offers. */
  public static Digest of(SessionCore session, String path) throws FtpException {
    return session.runVerb(
        control -> {
          ServerHash hash =
              ServerHash.strongest(session.features())
                  .orElseThrow(() -> failure(session, path, "the server offers no hash command", ErrorKind.UNSUPPORTED));
          return ask(session, hash, path)
              .orElseThrow(() -> failure(session, path, "no digest in the reply to " + hash.verb(), ErrorKind.PROTOCOL));
        },
        path);
  }

  private static FtpTransferException failure(SessionCore session, String path, String why, ErrorKind kind) {
    return new FtpTransferException(
        "the digest of " + path + ": " + why, null, 0, kind, true, session.transcript().lines(), null);
  }

  /** Asks with one command; empty where the reply has no digest. */
  static Optional<Digest> ask(SessionCore session, ServerHash hash, String path) throws FtpException {
    var control = session.control();
    if (!hash.option().isEmpty()) {
      var chosen = control.ask("OPTS", "HASH " + hash.option());
      if (!chosen.reply().isCompletion()) {
        throw chosen.refused();
      }
    }
    boolean quoted = needsQuotes(hash, path);
    var exchange = control.ask(hash.verb(), quoted ? '"' + path + '"' : path);
    if (quoted && !exchange.reply().isCompletion()) {
      exchange = control.ask(hash.verb(), path); // the quotes were taken for a part of the name
    }
    Reply reply = exchange.reply();
    if (!reply.isCompletion()) {
      throw exchange.refused();
    }
    return hash.in(String.join(" ", reply.lines()), path);
  }

  /**
   * Whether the path has a blank at which some servers (Serv-U) cut it, since a range may follow the path of all commands but
   * HASH and MD5.
   */
  static boolean needsQuotes(ServerHash hash, String path) {
    return hash.verb().startsWith("X") && path.indexOf(' ') >= 0 && path.indexOf('"') < 0;
  }
}
