package io.loomftp.internal.session;

import static io.loomftp.ReplyCode.FILE_ACTION_OKAY;
import static io.loomftp.ReplyCode.FILE_STATUS;

import io.loomftp.ErrorKind;
import io.loomftp.FtpEntry;
import io.loomftp.FtpException;
import io.loomftp.FtpLocalException;
import io.loomftp.FtpProtocolException;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpTransferException;
import io.loomftp.Reply;
import io.loomftp.TransferType;
import io.loomftp.internal.control.Exchange;
import io.loomftp.internal.listing.MlsdParser;
import io.loomftp.internal.wire.BadReplyException;
import io.loomftp.internal.wire.Command;
import io.loomftp.internal.wire.Timestamps;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Asks a server about its files, in the way it can answer. */
public final class FileQueries {
  private final SessionCore session;
  private boolean mlsdUseless;
  private boolean mlstUseless;
  private boolean sizeUseless;

  /** For one session. */
  public FileQueries(SessionCore session) {
    this.session = session;
  }

  /** SIZE, in the type that is in force. */
  public long size(String path) throws FtpException {
    return sizeIn(path, session.control().ask("SIZE", path).expect(FILE_STATUS));
  }

  private long sizeIn(String path, Reply reply) throws FtpException {
    String text = reply.text().strip();
    int end = text.indexOf(' ');
    String number = end < 0 ? text : text.substring(0, end);
    try {
      if (!number.isEmpty() && number.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return Long.parseLong(number);
      }
      throw bad(Command.of("SIZE", path), reply, null);
    } catch (NumberFormatException e) {
      throw bad(Command.of("SIZE", path), reply, e);
    }
  }

  /** SIZE in binary for checking a transfer; empty where the server does not tell. A refusal says nothing of the file. */
  public OptionalLong sizeIfTold(String path) throws FtpException {
    if (sizeUseless || session.config().transferType() != TransferType.BINARY) {
      return OptionalLong.empty();
    }
    return session.runVerb(
        control -> {
          session.setType(TransferType.BINARY);
          try {
            return OptionalLong.of(size(path));
          } catch (FtpReplyException e) {
            sizeUseless = e.kind() == ErrorKind.UNSUPPORTED;
            return OptionalLong.empty();
          }
        },
        path);
  }

  /** What to send behind an upload so that {@link #answeredSize} knows; empty where the server does not tell. */
  public Optional<Command> sizeQuestion(String path) {
    boolean useless = sizeUseless || session.config().transferType() != TransferType.BINARY;
    return useless ? Optional.empty() : Optional.of(Command.of("SIZE", path));
  }

  /** The size in a reply to {@link #sizeQuestion}; empty where that was a refusal. */
  public OptionalLong answeredSize(String path, Reply answer) throws FtpException {
    return answer.isCompletion() ? OptionalLong.of(sizeIn(path, answer)) : OptionalLong.empty();
  }

  /** MDTM. */
  public Instant modified(String path) throws FtpException {
    Reply reply = session.control().ask("MDTM", path).expect(FILE_STATUS);
    try {
      return Timestamps.parse(reply.text());
    } catch (BadReplyException e) {
      throw bad(Command.of("MDTM", path), reply, e);
    }
  }

  /** MDTM where the server has it; empty where it does not tell. A refusal says nothing of the file. */
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

  /** MFMT or MDTM with a time, where FEAT has either; whether the server took it. */
  public boolean setModifiedIfPossible(String path, Instant time) throws FtpException {
    Optional<Command> setting = settingModified(path, time);
    return setting.isPresent() && session.runVerb(control -> control.ask(setting.get()).reply().isCompletion(), path);
  }

  /** The command that sets a time, where the server says it has one. */
  public Optional<Command> settingModified(String path, Instant time) {
    String verb = session.features().has("MFMT") ? "MFMT" : session.features().has("MDTM") ? "MDTM" : "";
    return verb.isEmpty() ? Optional.empty() : Optional.of(Command.of(verb, Timestamps.format(time) + " " + path));
  }

  /** MFMT, or MDTM with a time (the same text in front of the path) where that is unknown. */
  public Reply setModified(String path, Instant time) throws FtpException {
    String argument = Timestamps.format(time) + " " + path;
    Exchange mfmt = session.control().ask("MFMT", argument);
    boolean unknown = mfmt.isUnknown() || mfmt.reply().code() == 504;
    return unknown
        ? session.control().ask("MDTM", argument).expect(FILE_STATUS)
        : mfmt.expect(FILE_STATUS);
  }

  /** MLST. */
  public FtpEntry facts(String path) throws FtpException {
    Exchange exchange = session.control().ask("MLST", path);
    Reply reply = exchange.expect(FILE_ACTION_OKAY);
    return reply.lines().stream()
        .skip(1)
        .filter(line -> line.startsWith(" ") || line.contains("="))
        .findFirst()
        .flatMap(line -> MlsdParser.mlst(line, session.codec()))
        .orElseThrow(() -> bad(exchange.command(), reply, null));
  }

  /** Whether something exists, where MLST or SIZE can tell. */
  public Optional<Boolean> exists(String path) throws FtpException {
    if (session.features().has("MLST") && !mlstUseless) {
      Exchange mlst = session.control().ask("MLST", path);
      if (mlst.reply().isCompletion()) {
        return Optional.of(true);
      }
      FtpException refused = mlst.refused();
      if (refused.kind() == ErrorKind.NOT_FOUND) {
        return Optional.of(false);
      }
      if (refused.kind() != ErrorKind.UNSUPPORTED) {
        throw refused;
      }
      mlstUseless = true;
    }
    session.setType(TransferType.BINARY);
    return session.control().ask("SIZE", path).reply().isCompletion() ? Optional.of(true) : Optional.empty();
  }

  /** Whether MLSD was refused though FEAT offered it. */
  public boolean mlsdUseless() {
    return mlsdUseless;
  }

  /** MLSD was refused though FEAT offered it. */
  public void mlsdIsUseless() {
    mlsdUseless = true;
  }

  /** The same path in a form that LIST and NLST do not take for an option, as many servers do what begins with a dash. */
  public String notAnOption(String path) {
    return path.startsWith("-") ? "./" + path : path;
  }

  /** The empty listing that some servers announce by an error, if the refusal is one; else the refusal is thrown. */
  public InputStream emptyOr(FtpReplyException refusal) throws FtpException {
    String text = refusal.reply().text().toLowerCase(Locale.ROOT);
    boolean empty = refusal.reply().code() == 450 || refusal.reply().code() == 550;
    if (empty && (text.contains("no files") || text.contains("directory is empty") || text.contains("empty directory"))) {
      return new ByteArrayInputStream(new byte[0]);
    }
    throw refusal;
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
        "NLST was called off: " + what, null, 0, ErrorKind.LIMIT, true, session.transcript().lines(), null);
  }

  /** Any command, whose effect on what the session remembers is not known. */
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

  /** Trouble on this side. */
  public FtpException local(String what, IOException cause) {
    return new FtpLocalException(
        what + ": " + cause.getMessage(), ErrorKind.OTHER, session.isOpen(), session.transcript().lines(), cause);
  }

  private FtpException bad(Command command, Reply reply, @Nullable Exception cause) {
    return session.control()
        .fail(
            new FtpProtocolException(
                command + ": " + reply + " is no answer to it", ErrorKind.PROTOCOL, session.transcript().lines(), cause));
  }
}
