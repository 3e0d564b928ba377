package io.loomftp;

import io.loomftp.internal.control.ReplyClassifier;
import io.loomftp.internal.control.ServerProfile.Fact;
import io.loomftp.internal.control.SharedProfile;
import io.loomftp.internal.session.FileQueries;
import io.loomftp.internal.session.FolderCommands;
import io.loomftp.internal.session.FolderVisit;
import io.loomftp.internal.session.SessionCore;
import io.loomftp.internal.transfer.Transfer;
import io.loomftp.internal.wire.Command;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists folders: by MLSD where the server has it, else by LIST. What a server needs is kept in its profile:
 * TYPE A for listings, whether {@code LIST -a} works, whether a folder with a blank in its name must be entered to be listed.
 */
final class Listings {
  private static final Logger LOG = LoggerFactory.getLogger(Listings.class);

  /** Bytes of a listing that are searched for the line of the folder itself, which is among the first of LIST -a. */
  private static final int PROBE = 64 << 10;

  private final SessionCore session;
  private final FileQueries queries;
  private final SharedProfile profile;

  Listings(SessionCore session, FileQueries queries) {
    this.session = session;
    this.queries = queries;
    this.profile = session.profile();
  }

  SessionCore session() {
    return session;
  }

  /** The entries of a folder; names that begin with a dot as configured. */
  Listing list(String path) throws FtpException {
    return list(path, session.config().listHidden());
  }

  /** The entries of a folder, with the names that begin with a dot as far as the server lists them. */
  Listing list(String path, boolean hidden) throws FtpException {
    FtpReplyException refused = null;
    if (session.features().has("MLST") && !profile.fails(Fact.MLSD)) {
      try {
        return new Listing(open("MLSD", "", path), session.config(), true, true);
      } catch (FtpReplyException e) {
        refused = e;
        if (!isWorthList(e)) {
          throw e;
        }
      }
    }
    try {
      FtpConfig config = ZoneFinder.configFor(session.config(), profile, path, this::plain, this::modified);
      if (refused != null && refused.kind() != ErrorKind.UNSUPPORTED) {
        return notEmpty(config, path, refused);
      }
      return hidden ? withHidden(config, path) : plain(config, path);
    } catch (FtpReplyException e) {
      if (refused != null && refused != e) {
        e.addSuppressed(refused);
      }
      throw e;
    }
  }

  /**
   * All entries of a folder, in memory. Servers answer LIST of a file with its line, and some LIST of a folder that this user may
   * not read with the line of the folder itself: an only entry of the folder's own name is proven to be in it before it is
   * believed.
   */
  List<FtpEntry> whole(String path, boolean hidden) throws FtpException {
    List<FtpEntry> all;
    boolean doubtful;
    try (Listing rows = list(path, hidden)) {
      all = rows.toList();
      if (rows.diagnosticCount() > 0) {
        LOG.warn("{} lines of the listing of '{}' are not understood, the first is {}", rows.diagnosticCount(),
            Command.printable(path), Command.printable(rows.diagnostics().getFirst().toString()));
      }
      doubtful = !rows.isMachine() && all.size() == 1;
    } catch (FtpException e) {
      throw e;
    } catch (IOException e) {
      throw queries.local("LIST " + path, e);
    }
    if (doubtful && isOwnName(path, all.getFirst().name())) {
      boolean folder = all.getFirst().isDirectory();
      String inside = path + "/" + path.substring(path.lastIndexOf('/') + 1);
      if (!new FolderCommands(session).canEnter(folder ? inside : path)) {
        throw new FtpTransferException(
            "LIST " + Command.printable(path)
                + (folder ? " lists nothing but the folder itself: it cannot be read" : " lists a file: it is not a folder"),
            null, 0, folder ? ErrorKind.DENIED : ErrorKind.OTHER, false, session.transcript().lines(), null);
      }
    }
    return all;
  }

  /** Checks that a path made of names in listings can be sent. */
  void checkBelow(String path) throws FtpException {
    try {
      session.check(path);
    } catch (IllegalArgumentException e) {
      throw new FtpTransferException(
          "a path below cannot be sent: " + e.getMessage(), null, 0, ErrorKind.LIMIT, true, session.transcript().lines(), e);
    }
  }

  private static boolean isOwnName(String path, String name) {
    return !path.isEmpty() && (name.equals(path) || name.equals(path.substring(path.lastIndexOf('/') + 1)));
  }

  private Instant modified(String path) throws FtpException {
    return session.runVerb(control -> queries.modified(path), path);
  }

  /** 500 and 502 are about the command, 501 and 504 about its argument, and a server may allow LIST where it forbids MLSD. */
  private boolean isWorthList(FtpReplyException e) {
    int code = e.reply().code();
    if (code == 500 || code == 502) {
      profile.learn(Fact.MLSD, false);
    }
    return switch (e.kind()) {
      case UNSUPPORTED, DENIED, OTHER -> true;
      default -> false;
    };
  }

  /**
   * Lists by LIST where MLSD was denied. Some servers answer LIST of a folder that may not be read with an empty listing, so
   * an empty listing is not trusted.
   */
  private Listing notEmpty(FtpConfig config, String path, FtpReplyException refused) throws FtpException {
    var data = new BufferedInputStream(open("LIST", "", path), PROBE);
    try {
      data.mark(PROBE);
      String start = new String(data.readNBytes(PROBE - 1), StandardCharsets.ISO_8859_1);
      if (start.lines().allMatch(line -> line.isBlank() || line.startsWith("total "))) {
        data.close();
        throw refused;
      }
      data.reset();
    } catch (FtpException e) {
      throw e;
    } catch (IOException e) {
      throw queries.local("LIST " + path, e);
    }
    return new Listing(data, config, false, false);
  }

  private Listing plain(FtpConfig config, String path) throws FtpException {
    return new Listing(open("LIST", "", path), config, false, false);
  }

  /** Lists by {@code LIST -a} where that is honoured, which the line of the folder itself shows. */
  private Listing withHidden(FtpConfig config, String path) throws FtpException {
    if (profile.fails(Fact.LIST_ALL)) {
      return plain(config, path);
    }
    boolean known = profile.holds(Fact.LIST_ALL);
    try {
      InputStream data = open("LIST", "-a", path);
      if (known) {
        return new Listing(data, config, false, true);
      }
      var buffered = new BufferedInputStream(data, PROBE);
      if (beginsWithItself(buffered)) {
        profile.learn(Fact.LIST_ALL, true);
        return new Listing(buffered, config, false, true);
      }
      buffered.close();
    } catch (FtpReplyException e) {
      if (known) {
        throw e; // else it may be the option, taken for a part of the path, that does not exist
      }
    } catch (FtpException e) {
      throw e;
    } catch (IOException e) {
      throw queries.local("LIST -a " + path, e);
    }
    Listing rows = plain(config, path);
    profile.learn(Fact.LIST_ALL, false);
    return rows;
  }

  /** Whether the first lines have one of the folder itself; what was read can be read again. */
  private static boolean beginsWithItself(BufferedInputStream data) throws IOException {
    data.mark(PROBE);
    boolean found = false;
    int before = '\n';
    int last = '\n';
    for (int n = 1; n < PROBE && !found; n++) {
      int b = data.read();
      if (b < 0) {
        break;
      }
      found = last == '.' && before == ' ' && (b == '\r' || b == '\n');
      before = last;
      last = b;
    }
    data.reset();
    return found;
  }

  /** The names that NLST lists. */
  List<String> names(String path) throws FtpException {
    try (InputStream in = open("NLST", "", path)) {
      return queries.names(in);
    } catch (FtpException e) {
      throw e;
    } catch (IOException e) {
      throw queries.local("NLST " + path, e);
    }
  }

  /** The data of a listing command, in the first way in which the server gives it. */
  private InputStream open(String verb, String option, String path) throws FtpException {
    boolean blank = path.indexOf(' ') >= 0;
    if (blank && profile.fails(Fact.LIST_TAKES_BLANKS)) {
      Optional<InputStream> data = fromWithin(verb, option, path);
      if (data.isPresent()) {
        return data.get();
      }
    }
    try {
      return fetch(verb, join(option, path.startsWith("-") ? "./" + path : path));
    } catch (FtpReplyException e) {
      if (ReplyClassifier.isEmptyListing(e.reply())) {
        return InputStream.nullInputStream();
      }
      if (!blank || profile.fails(Fact.LIST_TAKES_BLANKS) || !mayBeTheBlank(e)) {
        throw e;
      }
      Optional<InputStream> data = fromWithin(verb, option, path, e);
      if (data.isEmpty()) {
        throw e;
      }
      profile.learn(Fact.LIST_TAKES_BLANKS, false);
      return data.get();
    }
  }

  private static String join(String option, String path) {
    return option.isEmpty() || path.isEmpty() ? option + path : option + " " + path;
  }

  private static boolean mayBeTheBlank(FtpReplyException e) {
    int code = e.reply().code();
    return code != 500 && code != 502 && e.kind() != ErrorKind.BUSY;
  }

  private Optional<InputStream> fromWithin(String verb, String option, String path, FtpReplyException refused)
      throws FtpException {
    try {
      return fromWithin(verb, option, path);
    } catch (FtpReplyException e) {
      refused.addSuppressed(e);
      throw refused;
    }
  }

  /**
   * Enters the folder, lists it without its path, and goes back at the end of the data; empty where PWD gives no path to
   * return to.
   */
  private Optional<InputStream> fromWithin(String verb, String option, String path) throws FtpException {
    Optional<FolderVisit> visit = FolderVisit.enter(session, path);
    if (visit.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Visiting(fetch(verb, option), visit.get()));
    } catch (FtpException e) {
      visit.get().end();
      if (e instanceof FtpReplyException refused && ReplyClassifier.isEmptyListing(refused.reply())) {
        return Optional.of(InputStream.nullInputStream());
      }
      throw e;
    }
  }

  /** Ends a visit with the data. */
  private static final class Visiting extends FilterInputStream {
    private final FolderVisit visit;

    Visiting(InputStream data, FolderVisit visit) {
      super(data);
      this.visit = visit;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n;
      try {
        n = super.read(buffer, offset, length);
      } catch (FtpException e) {
        endAfter(e);
        throw e;
      }
      if (n < 0) {
        visit.end();
      }
      return n;
    }

    private void endAfter(FtpException failure) {
      try {
        visit.end();
      } catch (FtpException e) {
        failure.addSuppressed(e);
      }
    }

    @Override
    public void close() throws IOException {
      super.close();
      visit.end();
    }
  }

  /** Sends a listing command; in TYPE A where the server lists in no other (RFC 959 section 4.1.3). */
  private InputStream fetch(String verb, String argument) throws FtpException {
    boolean ascii = profile.holds(Fact.LIST_IN_ASCII) && session.config().transferType() != TransferType.MANUAL;
    try {
      return fetch(verb, argument, ascii ? TransferType.ASCII : TransferType.MANUAL);
    } catch (FtpReplyException e) {
      if (ascii || !mayBeTheType(e)) {
        throw e;
      }
      InputStream data = inAscii(verb, argument, e);
      profile.learn(Fact.LIST_IN_ASCII, true);
      return data;
    }
  }

  private InputStream inAscii(String verb, String argument, FtpReplyException refused) throws FtpException {
    try {
      return fetch(verb, argument, TransferType.ASCII);
    } catch (FtpReplyException e) {
      refused.addSuppressed(e);
      throw refused;
    }
  }

  private boolean mayBeTheType(FtpReplyException e) {
    int code = e.reply().code();
    boolean set =
        session.config().transferType() != TransferType.MANUAL
            && session.state().type().filter(TransferType.BINARY::equals).isPresent();
    return set
        && code != 500
        && code != 502
        && !ReplyClassifier.isEmptyListing(e.reply())
        && !ReplyClassifier.saysMissing(e.reply())
        && e.kind() != ErrorKind.BUSY
        && e.kind() != ErrorKind.DENIED;
  }

  private InputStream fetch(String verb, String argument, TransferType type) throws FtpException {
    Command command = argument.isEmpty() ? Command.of(verb) : Command.of(verb, argument);
    Transfer transfer = session.runVerb(control -> session.transfer(command, false, 0, type), argument);
    return new FtpInputStream(transfer, false);
  }

  /** Unwraps the failure of a stream or an iterator of a listing. */
  FtpException unwrapped(String what, UncheckedIOException e) {
    @Nullable IOException cause = e.getCause();
    return cause instanceof FtpException ftp ? ftp : queries.local(what, new IOException(e));
  }
}
