package io.loomftp.async;

import io.loomftp.Credentials;
import io.loomftp.DataMode;
import io.loomftp.Progress;
import io.loomftp.Timeouts;
import io.loomftp.TransferOptions;
import io.loomftp.TransferType;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Builds a command from its name and the posted arguments. */
final class CommandReader {
  private final String name;
  private final Object[] arguments;

  CommandReader(String name, Object @Nullable... arguments) {
    this.name = name;
    this.arguments = arguments == null ? new Object[1] : arguments; // Java takes a single null for the array
  }

  FtpCommand read() {
    return switch (name) {
      case "connect" -> with(0, new FtpCommand.Connect());
      case "login" -> login();
      case "cdup", "pwd", "syst", "noop", "quit" -> with(0, new FtpCommand.Plain(name));
      case "stat" -> arguments.length == 0 ? new FtpCommand.Plain(name) : new FtpCommand.Simple(name, only());
      case "cd", "mkdir", "rmdir", "delete", "size", "mdtm" -> new FtpCommand.Simple(name, only());
      case "site", "quot" -> new FtpCommand.Simple(name, words());
      case "rename" -> with(2, new FtpCommand.Rename(text(0), text(1)));
      case "type" -> with(1, new FtpCommand.Type(type(false)));
      case "ls" -> new FtpCommand.Ls(optionalWords());
      case "dir" -> new FtpCommand.Dir(optionalWords());
      case "get" -> get();
      case "put" -> put();
      case "append" -> with(1, new FtpCommand.Append(text(0)));
      case "put_data" -> with(1, new FtpCommand.PutData(argument(0)));
      case "put_close" -> with(0, new FtpCommand.PutClose());
      case "trans_mode" -> with(1, new FtpCommand.TransMode(type(true)));
      case "mode", "conn_mode" -> with(1, new FtpCommand.ConnMode(mode()));
      case "blocksize" -> with(1, new FtpCommand.BlockSize(size()));
      case "timeout" -> with(1, new FtpCommand.Timeout(timeouts()));
      default ->
          throw new IllegalArgumentException("unknown command '" + name + "'; known are " + Vocabulary.COMMANDS);
    };
  }

  private FtpCommand with(int count, FtpCommand command) {
    if (arguments.length != count) {
      throw wrong(count + " arguments");
    }
    return command;
  }

  /** The exception for wrong arguments; never contains them, since they may be a password. */
  private IllegalArgumentException wrong(String wanted) {
    String given =
        Arrays.toString(Arrays.stream(arguments).map(a -> a == null ? "null" : a.getClass().getSimpleName()).toArray());
    return new IllegalArgumentException("'" + name + "' takes " + wanted + ", not " + given);
  }

  private Object argument(int index) {
    if (index >= arguments.length) {
      throw wrong("more");
    }
    if (arguments[index] == null) {
      throw wrong("no null");
    }
    return arguments[index];
  }

  private String text(int index) {
    if (argument(index) instanceof String text) {
      return text;
    }
    throw wrong("text");
  }

  private String only() {
    if (arguments.length != 1) {
      throw wrong("one argument");
    }
    return text(0);
  }

  private String optionalWords() {
    return arguments.length == 0 ? "" : words();
  }

  private String words() {
    StringBuilder words = new StringBuilder(text(0));
    for (int i = 1; i < arguments.length; i++) {
      words.append(' ').append(text(i));
    }
    return words.toString();
  }

  private FtpCommand login() {
    if (arguments.length == 0) {
      return new FtpCommand.Login(Optional.empty());
    }
    if (arguments.length == 1 && argument(0) instanceof Credentials credentials) {
      return new FtpCommand.Login(Optional.of(credentials));
    }
    Credentials credentials =
        switch (argument(1)) {
          case String password -> Credentials.of(text(0), password);
          case char[] password -> Credentials.of(text(0), password);
          default -> throw wrong("a user and a password");
        };
    return with(2, new FtpCommand.Login(Optional.of(credentials)));
  }

  private FtpCommand get() {
    if (arguments.length == 1) {
      return new FtpCommand.Get(text(0));
    }
    return switch (argument(1)) {
      case Path target -> new FtpCommand.GetFile(text(0), target, options());
      case OutputStream target -> new FtpCommand.GetStream(text(0), target, options());
      case Number offset -> with(2, new FtpCommand.GetFrom(text(0), offset(offset)));
      default -> throw wrong("a path, then a Path or OutputStream and a Progress or TransferOptions, or an offset");
    };
  }

  private FtpCommand put() {
    if (arguments.length == 1) {
      return new FtpCommand.Put(text(0));
    }
    boolean sourceFirst = argument(0) instanceof Path || argument(0) instanceof InputStream;
    String path = text(sourceFirst ? 1 : 0);
    return switch (argument(sourceFirst ? 0 : 1)) {
      case Path source -> new FtpCommand.PutFile(path, source, options());
      case InputStream source -> new FtpCommand.PutStream(path, source, options());
      case Number offset -> with(2, new FtpCommand.PutFrom(path, offset(offset)));
      default -> throw wrong("a Path or InputStream, then a path and a Progress or TransferOptions; or a path and an offset");
    };
  }

  private TransferOptions options() {
    if (arguments.length == 3 && argument(2) instanceof TransferOptions options) {
      return options;
    }
    return TransferOptions.defaults().progress(progress());
  }

  private Progress progress() {
    if (arguments.length == 2) {
      return Progress.NONE;
    }
    if (arguments.length == 3 && argument(2) instanceof Progress progress) {
      return progress;
    }
    throw wrong("a Progress last");
  }

  private TransferType type(boolean manual) {
    if (argument(0) instanceof TransferType type && (manual || type != TransferType.MANUAL)) {
      return type;
    }
    return switch (argument(0).toString().toLowerCase(Locale.ROOT)) {
      case "a", "ascii" -> TransferType.ASCII;
      case "i", "binary" -> TransferType.BINARY;
      case "manual" -> {
        if (!manual) {
          throw wrong("A or I");
        }
        yield TransferType.MANUAL;
      }
      default -> throw wrong(manual ? "ascii, binary or manual" : "A or I");
    };
  }

  private DataMode mode() {
    if (argument(0) instanceof DataMode mode) {
      return mode;
    }
    return switch (argument(0).toString().toLowerCase(Locale.ROOT)) {
      case "active" -> DataMode.active();
      case "passive" -> DataMode.passive();
      default -> throw wrong("active or passive");
    };
  }

  private long offset(Number number) {
    long bytes = number.longValue();
    if (bytes < 0 || Double.compare(number.doubleValue(), (double) bytes) != 0) {
      throw wrong("a whole number of bytes as offset");
    }
    return bytes;
  }

  private long number() {
    return switch (argument(0)) {
      case Number number -> number.longValue();
      case String text when text.matches("\\d{1,18}") -> Long.parseLong(text);
      default -> throw wrong("a number");
    };
  }

  private int size() {
    long size = number();
    if (size < 1 || size > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("not a block size: " + size);
    }
    return (int) size;
  }

  private Timeouts timeouts() {
    return switch (argument(0)) {
      case Timeouts timeouts -> timeouts;
      case Duration each -> Timeouts.of(each);
      default -> Timeouts.of(Duration.ofSeconds(number()));
    };
  }
}
