package io.loomftp.internal.file;

import io.loomftp.Digest;
import io.loomftp.FtpException;
import io.loomftp.FtpTransferException;
import io.loomftp.Kind;
import io.loomftp.Reply;
import io.loomftp.internal.session.Conversation;
import java.util.Optional;

/** Lets a server tell the digest of one of its files. */
public final class RemoteDigest {
  private RemoteDigest() {}

  /** By the strongest command that the server offers. */
  public static Digest of(Conversation talk, String path) throws FtpException {
    return talk.turn(
        control -> {
          ServerHash hash =
              ServerHash.strongest(talk.features())
                  .orElseThrow(() -> failure(talk, path, "the server offers no command for that", Kind.UNSUPPORTED));
          return ask(talk, hash, path)
              .orElseThrow(() -> failure(talk, path, "there is none in the reply to " + hash.verb(), Kind.PROTOCOL));
        },
        path);
  }

  private static FtpTransferException failure(Conversation talk, String path, String why, Kind kind) {
    return new FtpTransferException(
        "the digest of " + path + ": " + why, null, 0, kind, true, talk.transcript().lines(), null);
  }

  /** Asks; empty where the reply has no digest. */
  static Optional<Digest> ask(Conversation talk, ServerHash hash, String path) throws FtpException {
    var control = talk.control();
    if (!hash.option().isEmpty()) {
      var chosen = control.ask("OPTS", "HASH " + hash.option());
      if (!chosen.reply().isCompletion()) {
        throw chosen.refused();
      }
    }
    var exchange = control.ask(hash.verb(), path);
    Reply reply = exchange.reply();
    if (!reply.isCompletion()) {
      throw exchange.refused();
    }
    return hash.in(String.join(" ", reply.lines()), path);
  }
}
