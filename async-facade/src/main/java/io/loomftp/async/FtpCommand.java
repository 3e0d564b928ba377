package io.loomftp.async;

import io.loomftp.Credentials;
import io.loomftp.DataMode;
import io.loomftp.Timeouts;
import io.loomftp.TransferOptions;
import io.loomftp.TransferType;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * A command that can be posted to a session, for {@link AsyncFtpSession#post(FtpCommand)}. The set is closed
 * ({@link #names()}); {@link #of} builds them from names and arguments.
 */
public sealed interface FtpCommand {
  /** Name of the command, such as {@code put_data}. */
  String name();

  /** The names of all commands. */
  static Set<String> names() {
    return Vocabulary.COMMANDS;
  }

  /**
   * Builds a command from its name.
   *
   * @param arguments as in the table of the package comment
   * @throws IllegalArgumentException for an unknown name, and for arguments that the command does not take
   */
  static FtpCommand of(String name, Object... arguments) {
    return new CommandReader(name, arguments).read();
  }

  /** Connects, and logs in when the configuration has credentials. */
  record Connect() implements FtpCommand {
    @Override
    public String name() {
      return "connect";
    }
  }

  /** Logs in, with the credentials of the configuration when none are given. */
  record Login(Optional<Credentials> credentials) implements FtpCommand {
    @Override
    public String name() {
      return "login";
    }
  }

  /**
   * A simple command without an argument: {@code cdup pwd stat syst noop quit}.
   *
   * @param name one of these
   */
  record Plain(String name) implements FtpCommand {
    /** Checks the name. */
    public Plain {
      if (!Set.of("cdup", "pwd", "stat", "syst", "noop", "quit").contains(name)) {
        throw new IllegalArgumentException("'" + name + "' is no command without arguments");
      }
    }
  }

  /**
   * A simple command with one argument: {@code cd mkdir rmdir delete size mdtm stat site quot}.
   *
   * @param name one of these
   * @param argument a path, or a command specific to the server
   */
  record Simple(String name, String argument) implements FtpCommand {
    /** Checks the name. */
    public Simple {
      if (!Set.of("cd", "mkdir", "rmdir", "delete", "size", "mdtm", "stat", "site", "quot").contains(name)) {
        throw new IllegalArgumentException("'" + name + "' is no command with one argument");
      }
    }
  }

  /** Renames or moves. */
  record Rename(String from, String to) implements FtpCommand {
    @Override
    public String name() {
      return "rename";
    }
  }

  /** Sets the representation type at once. */
  record Type(TransferType type) implements FtpCommand {
    @Override
    public String name() {
      return "type";
    }
  }

  /** Lists by LIST. */
  record Ls(String path) implements FtpCommand {
    @Override
    public String name() {
      return "ls";
    }
  }

  /** Lists names by NLST. */
  record Dir(String path) implements FtpCommand {
    @Override
    public String name() {
      return "dir";
    }
  }

  /** Downloads into {@code get_data} events. */
  record Get(String path) implements FtpCommand {
    @Override
    public String name() {
      return "get";
    }
  }

  /** Downloads the rest of a file into {@code get_data} events, from an offset in bytes. */
  record GetFrom(String path, long offset) implements FtpCommand {
    @Override
    public String name() {
      return "get";
    }
  }

  /** Downloads to a local file. */
  record GetFile(String path, Path target, TransferOptions options) implements FtpCommand {
    @Override
    public String name() {
      return "get";
    }
  }

  /** Downloads to a stream, which is not closed. */
  record GetStream(String path, OutputStream target, TransferOptions options) implements FtpCommand {
    @Override
    public String name() {
      return "get";
    }
  }

  /** Uploads the data of {@link PutData}. */
  record Put(String path) implements FtpCommand {
    @Override
    public String name() {
      return "put";
    }
  }

  /** Uploads the data of {@link PutData} as the rest of a file, from an offset in bytes. */
  record PutFrom(String path, long offset) implements FtpCommand {
    @Override
    public String name() {
      return "put";
    }
  }

  /** Appends the data of {@link PutData} to a file. */
  record Append(String path) implements FtpCommand {
    @Override
    public String name() {
      return "append";
    }
  }

  /** Uploads a local file. */
  record PutFile(String path, Path source, TransferOptions options) implements FtpCommand {
    @Override
    public String name() {
      return "put";
    }
  }

  /** Uploads the contents of a stream, which is not closed. */
  record PutStream(String path, InputStream source, TransferOptions options) implements FtpCommand {
    @Override
    public String name() {
      return "put";
    }
  }

  /**
   * Data of the open upload; see {@link AsyncFtpSession#putData}.
   *
   * @param item bytes, a buffer, text in UTF-8, or what the {@linkplain AsyncFtpSession#putFilter filter} takes
   */
  record PutData(Object item) implements FtpCommand {
    @Override
    public String name() {
      return "put_data";
    }

    @Override
    public String toString() {
      return "PutData[" + (item instanceof byte[] bytes ? bytes.length + " bytes" : item.getClass().getSimpleName()) + "]";
    }
  }

  /** Ends the open upload. */
  record PutClose() implements FtpCommand {
    @Override
    public String name() {
      return "put_close";
    }
  }

  /** Sets the type of later transfers ({@code trans_mode}). */
  record TransMode(TransferType type) implements FtpCommand {
    @Override
    public String name() {
      return "trans_mode";
    }
  }

  /** Sets the mode of later data connections ({@code conn_mode}, {@code mode}). */
  record ConnMode(DataMode mode) implements FtpCommand {
    @Override
    public String name() {
      return "conn_mode";
    }
  }

  /** Sets the largest block in bytes of later transfers. */
  record BlockSize(int bytes) implements FtpCommand {
    /** Checks the number. */
    public BlockSize {
      if (bytes < 1) {
        throw new IllegalArgumentException("not a block size: " + bytes);
      }
    }

    @Override
    public String name() {
      return "blocksize";
    }
  }

  /** Sets the timeouts of later commands. */
  record Timeout(Timeouts timeouts) implements FtpCommand {
    @Override
    public String name() {
      return "timeout";
    }
  }
}
