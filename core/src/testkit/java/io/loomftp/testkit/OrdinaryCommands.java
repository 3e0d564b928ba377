package io.loomftp.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Answers commands according to RFC 959, 2389, 2428, 3659 and 4217: login, TLS, directories and the rest. */
final class OrdinaryCommands {
  /** The commands that are answered during a transfer; all others wait for its end. */
  private static final Set<String> AT_ANY_TIME = Set.of("ABOR", "STAT", "NOOP");

  private static final Set<String> BEFORE_LOGIN = Set.of(
      "USER", "PASS", "ACCT", "AUTH", "PBSZ", "PROT", "FEAT", "OPTS", "QUIT", "NOOP", "HELP", "SYST", "REIN", "HOST", "CLNT");

  private static final Map<String, Behaviour> COMMANDS = Map.ofEntries(
      Map.entry("USER", OrdinaryCommands::user),
      Map.entry("PASS", OrdinaryCommands::pass),
      Map.entry("ACCT", OrdinaryCommands::acct),
      Map.entry("QUIT", OrdinaryCommands::quit),
      Map.entry("AUTH", OrdinaryCommands::auth),
      Map.entry("PBSZ", OrdinaryCommands::pbsz),
      Map.entry("PROT", OrdinaryCommands::prot),
      Map.entry("FEAT", OrdinaryCommands::feat),
      Map.entry("OPTS", c -> c.reply("200 Noted.")),
      Map.entry("SYST", c -> c.reply("215 UNIX Type: L8")),
      Map.entry("NOOP", c -> c.reply("200 Zzz.")),
      Map.entry("HELP", c -> c.reply("214-All that RFC 959 knows,", " and some more.", "214 That is all.")),
      Map.entry("SITE", OrdinaryCommands::site),
      Map.entry("STAT", OrdinaryCommands::stat),
      Map.entry("TYPE", OrdinaryCommands::type),
      Map.entry("MODE", c -> c.reply(c.argument().equalsIgnoreCase("S") ? "200 Stream." : "504 Only S.")),
      Map.entry("STRU", c -> c.reply(c.argument().equalsIgnoreCase("F") ? "200 File." : "504 Only F.")),
      Map.entry("ALLO", c -> c.reply("202 No need.")),
      Map.entry("ABOR", OrdinaryCommands::abor),
      Map.entry("PWD", c -> c.reply("257 " + quoted(c.state().directory) + " is where you are.")),
      Map.entry("CWD", c -> changeDirectory(c, c.argument())),
      Map.entry("CDUP", c -> changeDirectory(c, "..")),
      Map.entry("MKD", OrdinaryCommands::mkd),
      Map.entry("RMD", c -> done(c, c.server().files().deleteDirectory(path(c)))),
      Map.entry("DELE", c -> done(c, c.server().files().deleteFile(path(c)))),
      Map.entry("RNFR", OrdinaryCommands::rnfr),
      Map.entry("RNTO", OrdinaryCommands::rnto),
      Map.entry("SIZE", Facts::size),
      Map.entry("MDTM", Facts::mdtm),
      Map.entry("MFMT", Facts::mfmt),
      Map.entry("MLST", Facts::mlst),
      Map.entry("REST", OrdinaryCommands::rest),
      Map.entry("PASV", DataCommands::pasv),
      Map.entry("EPSV", DataCommands::epsv),
      Map.entry("PORT", DataCommands::port),
      Map.entry("EPRT", DataCommands::eprt),
      Map.entry("RETR", DataCommands::retr),
      Map.entry("STOR", DataCommands::stor),
      Map.entry("APPE", DataCommands::appe),
      Map.entry("STOU", DataCommands::stou),
      Map.entry("LIST", DataCommands::list),
      Map.entry("NLST", DataCommands::nlst),
      Map.entry("MLSD", DataCommands::mlsd));

  private static final Map<String, String> OLD_NAMES =
      Map.of("XPWD", "PWD", "XCWD", "CWD", "XCUP", "CDUP", "XMKD", "MKD", "XRMD", "RMD");

  private OrdinaryCommands() {}

  static void answer(Conversation c) throws IOException, InterruptedException {
    String verb = OLD_NAMES.getOrDefault(c.request().verb(), c.request().verb());
    Behaviour behaviour = COMMANDS.get(verb);
    if (behaviour == null) {
      c.reply("502 " + c.request().verb() + " is not known here.");
    } else if (!c.state().loggedIn && !BEFORE_LOGIN.contains(verb)) {
      c.reply("530 Log in first.");
    } else {
      behaviour.run(c);
    }
  }

  /** Waits for the transfer that is running unless the new command may overtake it. */
  static void settle(Conversation c) throws IOException {
    if (!AT_ANY_TIME.contains(c.request().verb())) {
      awaitTransfer(c);
    }
  }

  private static void awaitTransfer(Conversation c) throws IOException {
    Future<?> transfer = c.state().transfer;
    if (transfer == null) {
      return;
    }
    try {
      transfer.get(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the server is being closed", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the transfer did not end", e);
    }
  }

  // --- login and TLS ---

  private static void user(Conversation c) throws IOException {
    c.state().loggedIn = false;
    c.state().user = c.argument();
    c.reply("331 Password for " + c.argument() + "?");
  }

  private static void pass(Conversation c) throws IOException {
    SessionState state = c.state();
    if (state.user.isEmpty()) {
      c.reply("503 USER first.");
    } else if (!c.server().accepts(state.user, c.argument())) {
      c.reply("530 Login incorrect.");
    } else if (!c.server().neededAccount().isEmpty()) {
      c.reply("332 Which account?");
    } else {
      state.loggedIn = true;
      c.reply("230 Welcome.");
    }
  }

  private static void acct(Conversation c) throws IOException {
    String needed = c.server().neededAccount();
    if (needed.isEmpty()) {
      c.reply("202 Not needed.");
    } else if (needed.equals(c.argument())) {
      c.state().loggedIn = true;
      c.reply("230 Welcome.");
    } else {
      c.reply("530 No such account.");
    }
  }

  private static void quit(Conversation c) throws IOException {
    c.reply("221 Goodbye.");
    c.end();
  }

  private static void auth(Conversation c) throws IOException {
    String mechanism = c.argument().toUpperCase(Locale.ROOT);
    if (c.isSecured() || !Set.of("TLS", "TLS-C", "SSL").contains(mechanism)) {
      c.reply(c.isSecured() ? "503 Already protected." : "504 Only TLS.");
      return;
    }
    c.reply("234 Begin.");
    c.startTls();
  }

  private static void pbsz(Conversation c) throws IOException {
    if (c.isSecured()) {
      c.state().protectionSize = true;
      c.reply("200 PBSZ=0");
    } else {
      c.reply("503 AUTH first.");
    }
  }

  private static void prot(Conversation c) throws IOException {
    if (!c.state().protectionSize) {
      c.reply("503 PBSZ first.");
      return;
    }
    switch (c.argument().toUpperCase(Locale.ROOT)) {
      case "P" -> {
        c.state().protectData = true;
        c.reply("200 Private.");
      }
      case "C" -> {
        c.state().protectData = false;
        c.reply("200 Clear.");
      }
      default -> c.reply("536 Only P and C.");
    }
  }

  private static void feat(Conversation c) throws IOException {
    c.reply("211-Features:", " AUTH TLS", " EPRT", " EPSV", " MDTM", " MFMT", " MLST type*;size*;modify*;perm*;unique*;",
        " PBSZ", " PROT", " REST STREAM", " SIZE", " TVFS", " UTF8", "211 End");
  }

  // --- the session ---

  private static void site(Conversation c) throws IOException {
    String word = c.argument().toUpperCase(Locale.ROOT);
    if (word.startsWith("CHMOD ")) {
      String[] parts = c.argument().split(" ", 3);
      boolean there = parts.length == 3 && c.server().exists(MemoryTree.resolve(c.state().directory, parts[2]));
      c.reply(there ? "200 Changed." : "550 No such file.");
    } else if (word.equals("HELP")) {
      c.reply("214 CHMOD HELP");
    } else {
      c.reply("504 Only CHMOD and HELP.");
    }
  }

  private static void stat(Conversation c) throws IOException {
    if (c.argument().isEmpty()) {
      c.reply("211-Status:", " Logged in as " + c.state().user,
          c.state().isTransferring() ? " Transfer in progress" : " No transfer", "211 End");
      return;
    }
    String listing = new String(Facts.list(c, path(c)), c.server().charset()).stripTrailing();
    c.reply("213-Status follows:", listing.isEmpty() ? " (empty)" : listing, "213 End");
  }

  private static void type(Conversation c) throws IOException {
    switch (c.argument().toUpperCase(Locale.ROOT)) {
      case "A", "A N" -> c.state().ascii = true;
      case "I", "L 8" -> c.state().ascii = false;
      default -> {
        c.reply("504 Only A and I.");
        return;
      }
    }
    c.reply("200 TYPE " + c.argument());
  }

  /** Resets the data connection, whose transfer then replies 426, and replies 226 itself. */
  private static void abor(Conversation c) throws IOException {
    boolean running = c.state().isTransferring();
    if (running) {
      c.state().aborted = true;
      DataPipe data = c.state().data.get();
      if (data != null) {
        data.reset();
      }
      c.forgetData();
      awaitTransfer(c);
    }
    c.reply(running ? "226 Aborted." : "225 Nothing to abort.");
  }

  private static void rest(Conversation c) throws IOException {
    try {
      c.state().restartAt = Long.parseLong(c.argument());
      c.reply("350 Restarting at " + c.argument() + ".");
    } catch (NumberFormatException e) {
      c.reply("501 That is no number.");
    }
  }

  // --- directories and names ---

  static String path(Conversation c) {
    return MemoryTree.resolve(c.state().directory, c.argument());
  }

  static String quoted(String path) {
    return '"' + path.replace("\"", "\"\"") + '"';
  }

  private static void done(Conversation c, boolean success) throws IOException {
    c.reply(success ? "250 Done." : "550 " + c.argument() + ": not possible.");
  }

  private static void changeDirectory(Conversation c, String argument) throws IOException {
    String target = MemoryTree.resolve(c.state().directory, argument);
    if (c.server().files().isDirectory(target)) {
      c.state().directory = target;
      c.reply("250 Now in " + quoted(target) + ".");
    } else {
      c.reply("550 " + argument + ": No such directory.");
    }
  }

  private static void mkd(Conversation c) throws IOException {
    String path = path(c);
    if (c.server().exists(path) || !c.server().files().isDirectory(MemoryTree.parentOf(path))) {
      c.reply("550 " + c.argument() + ": File exists or its parent does not.");
    } else {
      c.server().files().directory(path);
      c.reply("257 " + quoted(path) + " created.");
    }
  }

  private static void rnfr(Conversation c) throws IOException {
    boolean there = c.server().exists(path(c));
    c.state().renameFrom = there ? path(c) : null;
    c.reply(there ? "350 To what?" : "550 " + c.argument() + ": No such file.");
  }

  private static void rnto(Conversation c) throws IOException {
    @Nullable String from = c.state().renameFrom;
    c.state().renameFrom = null;
    if (from == null) {
      c.reply("503 RNFR first.");
    } else if (!c.server().files().isDirectory(MemoryTree.parentOf(path(c)))) {
      c.reply("553 " + c.argument() + ": No such directory.");
    } else if (!path(c).equals(from) && c.server().files().isDirectory(path(c))) {
      c.reply("553 " + c.argument() + ": Is a directory.");
    } else {
      c.server().files().rename(from, path(c));
      c.reply("250 Renamed.");
    }
  }

  static byte[] toNetwork(byte[] content, boolean ascii) {
    return ascii ? latin1(content).replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1) : content;
  }

  static byte[] fromNetwork(byte[] content, boolean ascii) {
    return ascii ? latin1(content).replace("\r\n", "\n").getBytes(StandardCharsets.ISO_8859_1) : content;
  }

  private static String latin1(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
