package io.loomftp.internal.session;

import static io.loomftp.ReplyCode.FILE_ACTION_OKAY;
import static io.loomftp.ReplyCode.FILE_STATUS;

import io.loomftp.ErrorKind;
import io.loomftp.FtpEntry;
import io.loomftp.FtpException;
import io.loomftp.FtpLocalException;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpTransferException;
import io.loomftp.Reply;
import io.loomftp.TransferType;
import io.loomftp.internal.control.Exchange;
import io.loomftp.internal.control.ReplyClassifier;
import io.loomftp.internal.control.ServerProfile.Fact;
import io.loomftp.internal.listing.MlsdParser;
import io.loomftp.internal.wire.BadReplyException;
import io.loomftp.internal.wire.Command;
import io.loomftp.internal.wire.Timestamps;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Queries about single files and folders: SIZE, MDTM, MLST, CWD. A reply without the requested value is an error
 * of that query alone; the session stays usable.
 */
public final class FileQueries {
  private static final Logger LOG = LoggerFactory.getLogger(FileQueries.class);

  private final SessionCore session;

  /** The queries of one session. */
  public FileQueries(SessionCore session) {
    this.session = session;
  }

  /** Sends SIZE in the type that is in force. */
  public long size(String path) throws FtpException {
    return sizeOf(path, session.control().ask("SIZE", path).expect(FILE_STATUS));
  }

  private long sizeOf(String path, Reply reply) throws FtpReplyException {
    return sizeIn(reply).orElseThrow(() -> missing(Command.of("SIZE", path), reply, "size"));
  }

  /** The number at the beginning of a reply to SIZE; empty where it has none. */
  public OptionalLong sizeIn(Reply reply) {
    if (!reply.isCompletion()) {
      return OptionalLong.empty();
    }
    String number = reply.text().strip().split("\\s", 2)[0];
    if (number.isEmpty() || !number.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(number));
    } catch (NumberFormatException e) {
      return OptionalLong.empty(); // more than a long has room for
    }
  }

  /**
   * Sends SIZE in TYPE I to verify a transfer; empty where the server gives no size. A refusal proves nothing about the file.
   */
  public OptionalLong sizeIfTold(String path) throws FtpException {
    if (!asksForSize()) {
      return OptionalLong.empty();
    }
    return session.runVerb(control -> sizeWithinVerb(path), path);
  }

  /** The same as a part of the verb that is running, so that cancelling the verb is not forgotten by this. */
  public OptionalLong sizeWithinVerb(String path) throws FtpException {
    if (!asksForSize()) {
      return OptionalLong.empty();
    }
    session.setType(TransferType.BINARY);
    try {
      return OptionalLong.of(size(path));
    } catch (FtpReplyException e) {
      noteIfUnknown(Fact.SIZE, e.reply());
      return OptionalLong.empty();
    }
  }

  /** Sends SIZE for a file that was just uploaded, see {@link #answeredSize}. */
  public OptionalLong uploadedSize(String path) throws FtpException {
    if (!asksForSize()) {
      return OptionalLong.empty();
    }
    Optional<Exchange> size = binarySize(path);
    return size.isPresent() ? answeredSize(path, size.get().reply()) : OptionalLong.empty();
  }

  private boolean asksForSize() {
    return !session.profile().fails(Fact.SIZE) && session.config().transferType() == TransferType.BINARY;
  }

  /** Learns that the server does not support a command; other refusals concern the argument. */
  private void noteIfUnknown(Fact fact, Reply refusal) {
    if (refusal.code() == 500 || refusal.code() == 502) {
      session.profile().learn(fact, false);
    }
  }

  /** The command to send behind an upload, whose reply goes to {@link #answeredSize}; empty where there is no SIZE. */
  public Optional<Command> sizeQuestion(String path) {
    return asksForSize() ? Optional.of(Command.of("SIZE", path)) : Optional.empty();
  }

  /**
   * The size of a file that was just uploaded, in a reply to {@link #sizeQuestion}; empty where it has none. A server that
   * does not know the name stored the file under another one (Pure-FTPd changes blanks at the ends of names), which is
   * logged.
   */
  public OptionalLong answeredSize(String path, Reply answer) {
    if (ReplyClassifier.saysMissing(answer)) {
      String shown = Command.printable(path);
      session.transcript().add("* the upload was confirmed, but the server has no file of the name '" + shown + "'");
      LOG.warn("{} confirmed the upload of '{}' but has no file of that name: it may use another", session.config(), shown);
    }
    return sizeIn(answer);
  }

  /** Sends MDTM. */
  public Instant modified(String path) throws FtpException {
    Reply reply = session.control().ask("MDTM", path).expect(FILE_STATUS);
    try {
      return Timestamps.parse(reply.text());
    } catch (BadReplyException e) {
      throw missing(Command.of("MDTM", path), reply, "time");
    }
  }

  /** Sends MDTM where the server supports it; empty where it gives no time. A refusal proves nothing about the file. */
  public Optional<Instant> modifiedIfTold(String path) throws FtpException {
    if (!session.features().has("MDTM") && !session.features().names().isEmpty()) {
      return Optional.empty();
    }
    return session.runVerb(
        control -> {
          try {
            return Optional.of(modified(path));
          } catch (FtpReplyException e) {
            return Optional.empty();
          }
        },
        path);
  }

  /** Sends MFMT, or MDTM with a time, where FEAT has either; returns whether the server accepted it. */
  public boolean setModifiedIfPossible(String path, Instant time) throws FtpException {
    Optional<Command> setting = settingModified(path, time);
    return setting.isPresent() && session.runVerb(control -> control.ask(setting.get()).reply().isCompletion(), path);
  }

  /** The command that sets a time, where FEAT has one. */
  public Optional<Command> settingModified(String path, Instant time) {
    String verb = session.features().has("MFMT") ? "MFMT" : session.features().has("MDTM") ? "MDTM" : "";
    return verb.isEmpty() ? Optional.empty() : Optional.of(Command.of(verb, Timestamps.format(time) + " " + path));
  }

  /** Sends MFMT, or MDTM with a time (the same text in front of the path) where that is not supported. */
  public Reply setModified(String path, Instant time) throws FtpException {
    String argument = Timestamps.format(time) + " " + path;
    Exchange mfmt = session.control().ask("MFMT", argument);
    boolean unknown = mfmt.isUnknown() || mfmt.reply().code() == 504;
    return unknown
        ? session.control().ask("MDTM", argument).expect(FILE_STATUS)
        : mfmt.expect(FILE_STATUS);
  }

  /** Sends ALLO; a server that does not support it, or not with this argument, needs none (RFC 959 section 4.1.3). */
  public void allocate(long bytes) throws FtpException {
    session.runVerb(
        control -> {
          Exchange allo = control.ask("ALLO", Long.toString(bytes));
          boolean refused = allo.reply().isError() && allo.refused().kind() != ErrorKind.UNSUPPORTED;
          if (refused) {
            throw allo.refused();
          }
          return allo;
        });
  }

  /** Sends MLST (RFC 3659 section 7); a reply of a single line is accepted too. */
  public FtpEntry facts(String path) throws FtpException {
    Exchange exchange = session.control().ask("MLST", path);
    Reply reply = exchange.expect(FILE_ACTION_OKAY);
    return reply.lines().stream()
        .skip(reply.lines().size() > 1 ? 1 : 0)
        .filter(line -> line.startsWith(" ") || line.contains("="))
        .findFirst()
        .flatMap(line -> MlsdParser.mlst(line, session.codec()))
        .orElseThrow(() -> missing(exchange.command(), reply, "facts"));
  }

  /** Sends MLST; empty where the server does not support it. */
  public Optional<Exchange> mlst(String path) throws FtpException {
    if (!session.features().has("MLST") || session.profile().fails(Fact.MLST)) {
      return Optional.empty();
    }
    Exchange mlst = session.runVerb(control -> control.ask("MLST", path), path);
    noteIfUnknown(Fact.MLST, mlst.reply());
    return Optional.of(mlst);
  }

  /** Sends SIZE in TYPE I; empty where the server does not support it. */
  public Optional<Exchange> binarySize(String path) throws FtpException {
    if (session.profile().fails(Fact.SIZE)) {
      return Optional.empty();
    }
    Exchange size =
        session.runVerb(
            control -> {
              session.setType(TransferType.BINARY);
              return control.ask("SIZE", path);
            },
            path);
    noteIfUnknown(Fact.SIZE, size.reply());
    return Optional.of(size);
  }

  /** The lines of NLST. */
  public List<String> names(InputStream in) throws FtpException {
    List<String> names = new ArrayList<>();
    var buffered = new BufferedInputStream(in);
    var line = new ByteArrayOutputStream();
    try {
      for (int b = buffered.read(); b >= 0; b = buffered.read()) {
        if (b != '\n') {
          if (line.size() == session.config().limits().listingLine()) {
            throw tooMuch("a name of more than " + line.size() + " bytes");
          }
          line.write(b);
        } else {
          add(names, line);
        }
      }
    } catch (FtpException e) {
      throw e;
    } catch (IOException e) {
      throw local("NLST", e);
    }
    add(names, line);
    return names;
  }

  private void add(List<String> names, ByteArrayOutputStream line) throws FtpException {
    byte[] bytes = line.toByteArray();
    line.reset();
    int length = bytes.length > 0 && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
    if (length > 0) {
      names.add(session.codec().decode(bytes, 0, length));
    }
    if (names.size() > session.config().limits().listingEntries()) {
      throw tooMuch("more names than " + session.config().limits().listingEntries());
    }
  }

  private FtpTransferException tooMuch(String what) {
    return new FtpTransferException(
        "NLST was aborted: " + what, null, 0, ErrorKind.LIMIT, true, session.transcript().lines(), null);
  }

  /** Sends any command and forgets the state that it may have changed. */
  public Reply quote(Command command) throws FtpException {
    switch (command.verb()) {
      case "CWD", "XCWD" -> {
        Reply reply = session.control().ask(command).reply();
        if (reply.isCompletion()) {
          session.entered(command.argument());
        }
        return reply;
      }
      case "CDUP", "XCUP" -> {
        Reply reply = session.control().ask(command).reply();
        if (reply.isCompletion()) {
          session.entered(null);
        }
        return reply;
      }
      case "TYPE" -> session.forgetType();
      default -> {
        return session.control().ask(command).reply();
      }
    }
    return session.control().ask(command).reply();
  }

  /** The exception for a local failure. */
  public FtpException local(String what, IOException cause) {
    return new FtpLocalException(
        what + ": " + cause.getMessage(), ErrorKind.OTHER, session.isOpen(), session.transcript().lines(), cause);
  }

  private FtpReplyException missing(Command command, Reply reply, String what) {
    return new FtpReplyException(command.toString(), reply, what, session.transcript().lines());
  }
}
