package io.loomftp.async;

import io.loomftp.Reply;
import io.loomftp.TransferResult;
import io.loomftp.mirror.MirrorPlan;
import io.loomftp.mirror.MirrorProgress;
import io.loomftp.mirror.MirrorReport;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;

/**
 * An event of a session. The names and their order are those of POE::Component::Client::FTP, see the package
 * comment; the set is closed ({@link #names()}).
 */
public sealed interface FtpEvent {
  /** Name of the event, such as {@code get_done}. */
  String name();

  /** Alias of the session. */
  String session();

  /** The code of the server's reply; 0 where the event has no reply. */
  default int code() {
    return 0;
  }

  /** The text of the reply, lines joined by {@code \n}, without the code; empty where there is none. */
  default String text() {
    return "";
  }

  /** The argument of the command, such as a path; empty for none. */
  default String argument() {
    return "";
  }

  /** The names of all events. {@code all} is not among them; it stands for every event. */
  static Set<String> names() {
    return Vocabulary.EVENTS;
  }

  /** {@code connected}: the greeting was read, and TLS is established where it is configured. */
  record Connected(String session, int code, String text) implements FtpEvent {
    @Override
    public String name() {
      return "connected";
    }

    @Override
    public String toString() {
      return EventText.of(this, code, text);
    }
  }

  /** {@code authenticated}: the user is logged in, the session is ready. */
  record Authenticated(String session, int code, String text) implements FtpEvent {
    @Override
    public String name() {
      return "authenticated";
    }

    @Override
    public String toString() {
      return EventText.of(this, code, text);
    }
  }

  /** A simple command succeeded; the event has the command's name. */
  record Completed(String name, String session, int code, String text, String argument) implements FtpEvent {
    @Override
    public String toString() {
      return EventText.of(this, code, text, argument);
    }
  }

  /**
   * {@code *_error}: a command was refused or failed.
   *
   * @param code of the reply that refused it. For {@code connect_error} without a reply, the error number of Linux for the cause
   *     (111 for a refused connection) where it has one. Else 0
   * @param text of that reply, else the message of the failure
   * @param cause the exception with which the command's future fails
   */
  record Failed(String name, String session, int code, String text, String argument, Throwable cause) implements FtpEvent {
    @Override
    public String toString() {
      boolean noCommand = name.equals("connect_error") || name.equals("login_error");
      return noCommand ? EventText.of(this, code, text) : EventText.of(this, code, text, argument);
    }
  }

  /** {@code rename_partial}: the server accepted the old name and waits for the new one. The argument is the old name. */
  record Partial(String session, int code, String text, String argument) implements FtpEvent {
    @Override
    public String name() {
      return "rename_partial";
    }

    @Override
    public String toString() {
      return EventText.of(this, code, text, argument);
    }
  }

  /** {@code *_connected}: the data connection is established. */
  record DataConnected(String name, String session, String argument) implements FtpEvent {
    @Override
    public String toString() {
      return EventText.of(this, argument);
    }
  }

  /** {@code *_server}: the server started the transfer (1yz). */
  record Started(String name, String session, int code, String text, String argument) implements FtpEvent {
    @Override
    public String toString() {
      return EventText.of(this, argument);
    }
  }

  /**
   * {@code *_data}: data arrived.
   *
   * @param item the item of the {@link DataFilter}: a block, a line, an entry
   */
  record Data(String name, String session, Object item, String argument) implements FtpEvent {
    /** The item; a block is returned as a new buffer for each call, positioned at its start. */
    @Override
    public Object item() {
      return item instanceof ByteBuffer block ? block.asReadOnlyBuffer() : item;
    }

    /**
     * The item as a block.
     *
     * @throws ClassCastException when the filter does not produce blocks
     */
    public ByteBuffer block() {
      return (ByteBuffer) item();
    }

    /** The item as text: a line, or an entry as the server wrote it; for a block its length. */
    @Override
    public String text() {
      return switch (item) {
        case io.loomftp.FtpEntry row when !row.rawLine().isEmpty() -> row.rawLine();
        case ByteBuffer block -> block.remaining() + " bytes";
        default -> item.toString();
      };
    }

    @Override
    public String toString() {
      return EventText.of(this, text(), argument);
    }
  }

  /**
   * {@code *_done} and {@code put_closed}: all data was moved and the server confirmed it.
   *
   * @param result the result of the transfer
   */
  record Done(String name, String session, String argument, Optional<TransferResult> result) implements FtpEvent {
    /** The code of the server's final reply. */
    @Override
    public int code() {
      return result.flatMap(TransferResult::reply).map(Reply::code).orElse(0);
    }

    /** The text of the server's final reply. */
    @Override
    public String text() {
      return result.flatMap(TransferResult::reply).map(Reply::text).orElse("");
    }

    @Override
    public String toString() {
      return EventText.of(this, argument);
    }
  }

  /**
   * {@code put_flushed}: the bytes of one {@code put_data} were handed to the network.
   *
   * @param bytes the number of bytes as posted
   */
  record Flushed(String session, int bytes, String argument) implements FtpEvent {
    @Override
    public String name() {
      return "put_flushed";
    }

    @Override
    public String toString() {
      return EventText.of(this, bytes, argument);
    }
  }

  /**
   * {@code pool_done}: a piece of work of an {@link AsyncFtpPool} succeeded. Not an event of POE::Component::Client::FTP, as the
   * next ones.
   *
   * @param argument the name of the work, or its path
   */
  record PoolDone(String session, String argument) implements FtpEvent {
    @Override
    public String name() {
      return "pool_done";
    }

    @Override
    public String toString() {
      return EventText.of(this, argument);
    }
  }

  /** {@code mirror_planned}: the trees were compared, and the actions of the plan begin. */
  record MirrorPlanned(String session, MirrorPlan plan) implements FtpEvent {
    @Override
    public String name() {
      return "mirror_planned";
    }

    @Override
    public String toString() {
      return EventText.of(this, plan);
    }
  }

  /** {@code mirror_progress}: how far the transfers of a mirror are; at most five times a second. */
  record MirrorProgressed(String session, MirrorProgress.State state) implements FtpEvent {
    @Override
    public String name() {
      return "mirror_progress";
    }

    @Override
    public String toString() {
      return EventText.of(this, state);
    }
  }

  /** {@code mirror_done}: a mirror has run to its end; its report tells of each action, also of those that failed. */
  record MirrorDone(String session, MirrorReport report) implements FtpEvent {
    @Override
    public String name() {
      return "mirror_done";
    }

    @Override
    public String toString() {
      return EventText.of(this, report);
    }
  }

  /**
   * {@code closed}: the session ended other than by {@code quit}.
   *
   * @param cause the exception with which every later command's future fails
   */
  record Closed(String session, Throwable cause) implements FtpEvent {
    @Override
    public String name() {
      return "closed";
    }

    /** The reason in words. */
    @Override
    public String text() {
      return EventText.of(cause);
    }

    @Override
    public String toString() {
      return EventText.of(this, text());
    }
  }
}
