package io.loomftp;

import java.util.Locale;
import java.util.Set;

/** Rejects raw commands that would put the session out of step with its connection. */
final class RawCommands {
  /** They need a data connection, or change what the session relies on: login, protection, transfer parameters. */
  private static final Set<String> OF_THE_SESSION =
      Set.of("RETR", "STOR", "STOU", "APPE", "LIST", "NLST", "MLSD", "AUTH", "PBSZ", "PROT", "CCC", "USER", "PASS", "QUIT",
          "ABOR", "REIN", "REST", "PASV", "EPSV", "PORT", "EPRT", "SPSV", "LPSV", "LPRT", "CPSV", "SSCN", "ADAT", "MIC",
          "CONF", "ENC", "MODE", "STRU", "PRET");

  private static final Set<String> SENDING_DATA = Set.of("RETR", "LIST", "NLST", "MLSD");

  private RawCommands() {}

  /** Rejects commands that cannot be sent by themselves. */
  static void checkQuotable(String verb) {
    if (OF_THE_SESSION.contains(verb.toUpperCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          verb.toUpperCase(Locale.ROOT) + " cannot be quoted: it would change the connection without the session's knowledge;"
              + " use the verb or the setting for it");
    }
  }

  /** Rejects commands that send no data to the client. */
  static void checkSendsData(String verb) {
    String upper = verb.toUpperCase(Locale.ROOT);
    if (OF_THE_SESSION.contains(upper) && !SENDING_DATA.contains(upper)) {
      throw new IllegalArgumentException(upper + " does not fetch data");
    }
  }
}
