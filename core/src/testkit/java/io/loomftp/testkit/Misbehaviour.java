package io.loomftp.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * Faulty servers by name; everything else about them is correct. Downloads and listings of {@code *_DATA} kinds send half of a
 * thousand bytes, unless described otherwise.
 */
public enum Misbehaviour {
  // --- before and around the login ---
  /** Closes as soon as it has accepted. */
  CLOSE_BEFORE_GREETING(s -> s.onConnect(Conversation::close)),
  /** Resets as soon as it has accepted. */
  RESET_BEFORE_GREETING(s -> s.onConnect(Conversation::reset)),
  /** Accepts and sends nothing. */
  STALL_GREETING(s -> s.onConnect(Conversation::stall)),
  /** Greets with one byte every 200 ms, for minutes. */
  DRIP_GREETING(s -> s.onConnect(c -> c.drip(("220 " + "z".repeat(2_000)).getBytes(StandardCharsets.US_ASCII), Pace.TICK))),
  /** Greets with lines that never end. */
  ENDLESS_BANNER(s -> s.onConnect(c -> repeat(c, "220-and another thing\r\n"))),
  /** Greets with one line that never ends. */
  ENDLESS_LINE(s -> s.onConnect(c -> repeat(c, "220 and another thing "))),
  /** Greets as a web server. */
  HTTP_BANNER(s -> s.onConnect(c -> c.raw("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"))),
  /** Greets with bytes that are no text. */
  GARBAGE_GREETING(s -> s.onConnect(c -> c.raw("\u0000\u00FF\u0007zzz\r\n"))),
  /** Greets with 120, then with 220. */
  GREETING_120(s -> s.greeting("120 Ready in a minute.", "220 Ready.")),
  /** Refuses with 421 and closes. */
  GREETING_421(s -> s.onConnect(c -> sayAndClose(c, "421 Too many users."))),
  /** Accepts the login at USER. */
  LOGIN_AT_USER(s -> s.on("USER", c -> loggedIn(c, "230 Come in."))),
  /** Asks for the password repeatedly. */
  ENDLESS_331(s -> s.on("PASS", "331 Once more, please.")),
  /** Sends a second reply after the welcome. */
  EXTRA_REPLY_AFTER_LOGIN(s -> s.on("PASS", c -> loggedIn(c, "230 Welcome.", "200 And one more."))),
  /** Repeats the password in its refusal. */
  ECHO_PASSWORD(s -> s.on("PASS", c -> c.reply("530 Wrong password: " + c.argument()))),

  // --- at any command ---
  /** Resets when the first command after the login comes. */
  RST_AFTER_COMMAND(s -> afterLogin(s, Conversation::reset)),
  /** Closes when the first command after the login comes. */
  CLOSE_AFTER_COMMAND(s -> afterLogin(s, Conversation::close)),
  /** Never answers a command after the login. */
  STALL_AFTER_COMMAND(s -> afterLogin(s, Conversation::stall)),
  /** Answers with 421 and closes at the first command after the login. */
  REPLY_421_ANYWHERE(s -> afterLogin(s, c -> sayAndClose(c, "421 Timeout."))),
  /** Sends an unsolicited 421 right after the login, and closes. */
  UNSOLICITED_421(s -> s.on("PASS", c -> {
    loggedIn(c, "230 Welcome.", "421 Going down.");
    c.end();
  })),
  /** Answers every command after the login with something that is not FTP. */
  GARBAGE_REPLY(s -> afterLogin(s, c -> c.raw("\u0001\u0002 what?\r\n"))),
  /** Answers every command after the login with a code that does not exist. */
  CODE_633(s -> afterLogin(s, c -> c.reply("633 Nobody knows this."))),
  /** Answers every command after the login with a reply that never ends. */
  ENDLESS_REPLY(s -> afterLogin(s, c -> repeat(c, "250-and another thing\r\n"))),
  /** Ends its reply of many lines with another code, then waits. */
  WRONG_LAST_CODE(s -> afterLogin(s, c -> c.reply("553-No", "150 way."))),
  /** Answers commands after the login with nothing but preliminary replies. */
  ENDLESS_PRELIMINARY(s -> afterLogin(s, c -> repeat(c, "150 soon\r\n"))),
  /** Answers NOOP twice. */
  DOUBLE_REPLY_TO_NOOP(s -> s.on("NOOP", "200 Yes.", "200 Yes, yes.")),
  /** Never answers QUIT. */
  NO_REPLY_TO_QUIT(s -> s.on("QUIT", Conversation::stall)),
  /** Does not support FEAT. */
  FEAT_REFUSED(s -> s.on("FEAT", "500 What?")),
  /** Never ends its reply to FEAT. */
  ENDLESS_FEAT(s -> s.on("FEAT", c -> repeat(c, " XFEATURE\r\n", "211-Features:\r\n"))),
  /** Names a directory without the closing quote. */
  PWD_UNTERMINATED(s -> s.on("PWD", "257 \"/home is where you are")),

  // --- the data connection: where ---
  /** PASV names 127.0.0.2, where each connection is recorded as a mistake; the right address has the same port. */
  PASV_FOREIGN_HOST(s -> s.on("EPSV", "500 No.").on("PASV", Misbehaviour::foreignHost)),
  /** PASV names 0.0.0.0. */
  PASV_ZERO_HOST(s -> s.on("EPSV", "500 No.").on("PASV",
      c -> c.reply("227 Passive (" + DataCommands.hostPort(new byte[4], c.listen()) + ")"))),
  /** PASV names numbers above 255. */
  PASV_BAD_NUMBERS(s -> s.on("EPSV", "500 No.").on("PASV", "227 Passive (127,0,0,1,300,300)")),
  /** PASV names port 0. */
  PASV_PORT_ZERO(s -> s.on("EPSV", "500 No.").on("PASV", "227 Passive (127,0,0,1,0,0)")),
  /** PASV and EPSV name the port of SSH. */
  PASV_PRIVILEGED_PORT(s -> s.on("EPSV", "229 Passive (|||22|)").on("PASV", "227 Passive (127,0,0,1,0,22)")),
  /** EPSV names a port without a listener; PASV works. */
  EPSV_DEAD_PORT(s -> s.on("EPSV", c -> c.reply("229 Passive (|||" + deadPort(c) + "|)"))),
  /** EPSV is not supported; PASV works. */
  EPSV_REFUSED(s -> s.on("EPSV", "500 EPSV not understood.")),
  /** EPSV is never answered. */
  EPSV_STALL(s -> s.on("EPSV", Conversation::stall)),
  /** EPSV is answered with 229 and nonsense; PASV works. */
  EPSV_MALFORMED(s -> s.on("EPSV", "229 Passive (|||1000000|)")),
  /** Neither EPSV nor PASV is supported. */
  NO_PASSIVE(s -> s.on("EPSV", "500 No.").on("PASV", "502 No.")),
  /** Neither EPRT nor PORT is supported. */
  NO_ACTIVE(s -> s.on("EPRT", "500 No.").on("PORT", "502 No.")),
  /** Never connects to the client in active mode, and sends nothing. */
  ACTIVE_NEVER_CONNECTS(s -> data(s, c -> {
    c.reply("150 On my way.");
    c.stall();
  })),
  /** In active mode refuses with 425 instead of connecting. */
  ACTIVE_425(s -> data(s, c -> {
    c.forgetData();
    c.reply("425 Cannot reach you.");
  })),
  /** In active mode a stranger at 127.0.0.2 connects to the client's port first and sends other data. */
  STRANGER_ON_ACTIVE_DATA(s -> data(s, c -> {
    stranger(c);
    c.ordinary();
  })),
  /** In active mode only the stranger connects. */
  ONLY_STRANGER_ON_ACTIVE_DATA(s -> data(s, c -> {
    c.reply("150 On my way.");
    stranger(c);
    c.stall();
  })),

  // --- the data connection: what, and the replies around it ---
  /** Half of the data, FIN, 226: a lie. Under TLS without close_notify. */
  CLOSE_DURING_DATA(s -> downloads(s, (c, data) -> data.truncate(), "226 Done.")),
  /** Half of the data, RST, 426. */
  RST_DURING_DATA(s -> downloads(s, (c, data) -> data.reset(), "426 Broken.")),
  /** Half of the data, then silence. */
  STALL_DURING_DATA(s -> downloads(s, (c, data) -> data.stall(), "")),
  /** A byte of data every 200 ms, for minutes. */
  DRIP_DATA(s -> downloads(s, (c, data) -> data.drip(new byte[2_000], Pace.TICK), "226 Done.")),
  /** Data without end. */
  ENDLESS_DATA(s -> downloads(s, (c, data) -> {
    while (true) {
      data.send("x".repeat(65_536));
    }
  }, "")),
  /** All data, but the final reply never comes. */
  NO_FINAL_REPLY(s -> data(s, c -> {
    all(c, "150 Here it comes.");
    c.stall();
  })),
  /** All data, then the control connection is closed in place of the final reply. */
  CLOSE_CONTROL_BEFORE_FINAL_REPLY(s -> data(s, c -> {
    all(c, "150 Here it comes.");
    c.close();
  })),
  /** All data, then the control connection is reset in place of the final reply. */
  RESET_CONTROL_BEFORE_FINAL_REPLY(s -> data(s, c -> {
    all(c, "150 Here it comes.");
    c.reset();
  })),
  /** 150 and 226 come before the data. */
  FINAL_REPLY_BEFORE_DATA(s -> data(s, c -> all(c, "150 Here it comes.", "226 Done."))),
  /** 226 without 150. */
  NO_PRELIMINARY_REPLY(s -> data(s, c -> {
    all(c);
    c.reply("226 Done.");
  })),
  /** 150 twice. */
  DOUBLE_PRELIMINARY_REPLY(s -> data(s, c -> {
    all(c, "150 Here it comes.", "150 Really.");
    c.reply("226 Done.");
  })),
  /** 226 twice. */
  DOUBLE_FINAL_REPLY(s -> data(s, c -> {
    all(c, "150 Here it comes.");
    c.reply("226 Done.", "226 Quite done.");
  })),
  /** All data, then 426. */
  REFUSE_AFTER_DATA_426(s -> refuseAfterData(s, "426 Broken.")),
  /** All data, then 451. */
  REFUSE_AFTER_DATA_451(s -> refuseAfterData(s, "451 Local error.")),
  /** All data, then 552. */
  REFUSE_AFTER_DATA_552(s -> refuseAfterData(s, "552 Disk full.")),
  /** 150, but the data port has no listener; then 425. */
  REPLY_425_AFTER_150(s -> data(s, c -> {
    c.reply("150 Here it comes.");
    c.forgetData();
    c.reply("425 No data connection.");
  })),
  /** Refuses every transfer with 550 although the data connection is established. */
  REFUSE_TRANSFER_550(s -> data(s, c -> {
    c.forgetData();
    c.reply("550 No.");
  })),
  /** Ends an upload after its first bytes with 552, its data connection closed. */
  REFUSE_DURING_UPLOAD_552(s -> uploads(s, (c, data) -> {
    data.receive(1);
    data.reset();
  }, "552 Disk full.")),
  /** Takes the first byte of an upload and reads no more. */
  STOP_READING_UPLOAD(s -> uploads(s, (c, data) -> {
    data.receive(1);
    data.stall();
  }, "")),
  /** Resets the data connection after the first byte of an upload. */
  RST_DURING_UPLOAD(s -> uploads(s, (c, data) -> {
    data.receive(1);
    data.reset();
  }, "426 Broken.")),
  /** Replies 350 to REST and sends the file from its beginning. */
  IGNORE_REST(s -> s.on("REST", "350 Of course.")),
  /** Refuses REST. */
  REST_REFUSED(s -> s.on("REST", "502 No.")),
  /** Reports a size that is larger than the file. */
  SIZE_TOO_LARGE(s -> s.on("SIZE", "213 1000000")),
  /** ABOR is never answered, nor is the transfer ended. */
  IGNORE_ABOR(s -> s.on("ABOR", Conversation::stall)),
  /** ABOR is not supported. */
  ABOR_REFUSED(s -> s.on("ABOR", "502 No.")),

  // --- TLS ---
  /** FIN without close_notify in the middle of data, then 226. */
  TRUNCATE_WITHOUT_CLOSE_NOTIFY(s -> downloads(s, (c, data) -> data.truncate(), "226 Done.")),
  /** All data is sent in clear text after PROT P. */
  PLAINTEXT_ON_PROTECTED_DATA(s -> data(s, c -> {
    c.reply("150 Here it comes.");
    c.openDataInTheClear().send(Pace.HALF).finish();
    c.reply("226 Done.");
  })),
  /** The data connection is established, but its handshake is never answered. */
  STALL_DATA_HANDSHAKE(s -> data(s, c -> {
    c.reply("150 Here it comes.");
    c.openDataInTheClear().stall();
  })),
  /** Replies 234 and never answers the handshake. */
  STALL_HANDSHAKE(s -> s.on("AUTH", c -> {
    c.reply("234 Begin.");
    c.stall();
  })),
  /** Replies 234 and closes. */
  CLOSE_AT_HANDSHAKE(s -> s.on("AUTH", c -> sayAndClose(c, "234 Begin."))),
  /** Sends clear-text replies together with 234, to inject them before TLS. */
  INJECT_BEFORE_TLS(s -> s.on("AUTH", c -> {
    c.raw("234 Begin.\r\n331 Password?\r\n230 Welcome.\r\n");
    c.startTls();
  })),
  /** Does not support AUTH. */
  AUTH_REFUSED(s -> s.on("AUTH", "502 No TLS here.")),
  /** Replies 200 to AUTH instead of 234. */
  AUTH_200(s -> s.on("AUTH", "200 Fine.")),
  /** Replies 230 to AUTH instead of starting TLS. */
  AUTH_230(s -> s.on("AUTH", c -> loggedIn(c, "230 Never mind, you are in."))),
  /** Never answers AUTH. */
  AUTH_STALL(s -> s.on("AUTH", Conversation::stall)),
  /** Closes at AUTH. */
  AUTH_CLOSE(s -> s.on("AUTH", Conversation::close)),
  /** Does not support PBSZ. */
  PBSZ_REFUSED(s -> s.on("PBSZ", "502 No.")),
  /** Refuses PROT P. */
  PROT_REFUSED(s -> s.on("PROT", "536 Only C.")),
  /** Shows a certificate for another name. */
  WRONG_CERTIFICATE(s -> s.tls(Certificates.server(Certificates.Identity.WRONG_NAME))),
  /** Shows a certificate that is no longer valid. */
  EXPIRED_CERTIFICATE(s -> s.tls(Certificates.server(Certificates.Identity.EXPIRED))),
  /** Shows a certificate that it signed itself. */
  SELF_SIGNED_CERTIFICATE(s -> s.tls(Certificates.server(Certificates.Identity.SELF_SIGNED))),
  /** Shows a certificate of an untrusted authority. */
  UNKNOWN_AUTHORITY(s -> s.tls(Certificates.server(Certificates.Identity.OTHER_CA))),
  /** Shows the right certificate on control and one for another name on data. */
  WRONG_CERTIFICATE_ON_DATA(s -> otherCertificateOnData(s, Certificates.Identity.WRONG_NAME)),
  /** Shows the right certificate on control and an untrusted one on data. */
  UNKNOWN_AUTHORITY_ON_DATA(s -> otherCertificateOnData(s, Certificates.Identity.OTHER_CA)),
  /** Demands that every data connection resumes the control connection's session. */
  DEMAND_SESSION_REUSE(ScriptedServer::demandSessionReuse);

  @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
  private final Installation installation;

  Misbehaviour(Installation installation) {
    this.installation = installation;
  }

  void install(ScriptedServer server) {
    installation.on(server);
  }

  /** Constants that the constants above may use. */
  private static final class Pace {
    static final Duration TICK = Duration.ofMillis(200);
    static final byte[] HALF = "x".repeat(500).getBytes(StandardCharsets.US_ASCII);
  }

  private interface Installation {
    void on(ScriptedServer server);
  }

  private interface Exchange {
    void run(Conversation c, DataPipe data) throws IOException, InterruptedException;
  }

  private static void afterLogin(ScriptedServer s, Behaviour behaviour) {
    s.beforeEach(c -> {
      if (c.state().loggedIn) {
        behaviour.run(c);
        c.skip();
      }
    });
  }

  private static void loggedIn(Conversation c, String... lines) throws IOException {
    c.state().loggedIn = true;
    c.reply(lines);
  }

  private static void sayAndClose(Conversation c, String line) throws IOException {
    c.reply(line);
    c.end();
  }

  private static void repeat(Conversation c, String text) throws IOException {
    repeat(c, text, "");
  }

  private static void repeat(Conversation c, String text, String first) throws IOException {
    c.raw(first);
    String much = text.repeat(1 + 8_192 / text.length());
    while (!c.isOver()) {
      c.raw(much);
    }
  }

  /** Every command that opens a data connection. */
  private static void data(ScriptedServer s, Behaviour behaviour) {
    for (String verb : new String[] {"RETR", "LIST", "NLST", "MLSD", "STOR", "APPE", "STOU"}) {
      s.on(verb, behaviour);
    }
  }

  private static boolean isUpload(Conversation c) {
    return switch (c.request().verb()) {
      case "STOR", "APPE", "STOU" -> true;
      default -> false;
    };
  }

  private static void downloads(ScriptedServer s, Exchange afterHalf, String last) {
    for (String verb : new String[] {"RETR", "LIST", "NLST", "MLSD"}) {
      s.on(verb, c -> around(c, (same, data) -> {
        byte[] content = DataCommands.content(same);
        data.send(content.length == 0 ? Pace.HALF : Arrays.copyOf(content, content.length / 2));
        afterHalf.run(same, data);
      }, last));
    }
  }

  private static void uploads(ScriptedServer s, Exchange exchange, String last) {
    for (String verb : new String[] {"STOR", "APPE", "STOU"}) {
      s.on(verb, c -> around(c, exchange, last));
    }
  }

  private static void around(Conversation c, Exchange exchange, String last) throws IOException, InterruptedException {
    c.reply("150 Go.");
    try (DataPipe data = c.openData()) {
      exchange.run(c, data);
    }
    if (!last.isEmpty()) {
      c.reply(last);
    }
  }

  /** Transfers all data correctly, after these replies. */
  private static void all(Conversation c, String... before) throws IOException {
    if (before.length > 0) {
      c.reply(before);
    }
    try (DataPipe data = c.openData()) {
      if (isUpload(c)) {
        c.server().files().write(OrdinaryCommands.path(c), data.receiveAll());
      } else {
        data.send(DataCommands.content(c));
      }
    }
  }

  private static void refuseAfterData(ScriptedServer s, String last) {
    data(s, c -> {
      all(c, "150 Go.");
      c.reply(last);
    });
  }

  private static void otherCertificateOnData(ScriptedServer s, Certificates.Identity identity) {
    data(s, c -> {
      c.reply("150 Go.");
      try (DataPipe data = c.openData(Certificates.server(identity))) {
        data.send(Pace.HALF);
      }
      c.reply("226 Done.");
    });
  }

  private static void foreignHost(Conversation c) throws IOException {
    int port = c.listen();
    byte[] foreign = {127, 0, 0, 2};
    c.server().workers().trap(InetAddress.getByAddress(foreign), port);
    c.reply("227 Entering Passive Mode (" + DataCommands.hostPort(foreign, port) + ").");
  }

  private static int deadPort(Conversation c) throws IOException {
    int port = c.listen();
    c.forgetData();
    return port;
  }

  private static void stranger(Conversation c) throws IOException {
    WatchedSocket stranger = new WatchedSocket();
    c.server().ledger().opened(stranger);
    stranger.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 2}), 0));
    stranger.connect(c.activeAddress(), 5_000);
    try {
      stranger.getOutputStream().write("evil bytes".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      return; // rejected already, as it should be
    }
  }
}
