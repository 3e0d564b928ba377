package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.ScriptedServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passwords that SITE commands carry appear nowhere, also when the server echoes one of them. */
@Timeout(30)
class OtherSecretsTest {
  @ParameterizedTest
  @ValueSource(strings = {"PSWD", "pswd", "PASSWD", "PASS", "CHPASS", "CHPWD", "GPASS"})
  void aPasswordThatIsChangedBySiteIsMasked(String word) throws Exception {
    List<String> seen = new ArrayList<>();
    SessionListener listener =
        new SessionListener() {
          @Override
          public void commandSent(String command) {
            seen.add(command);
          }

          @Override
          public void replyReceived(String command, Reply reply) {
            seen.add(command + " " + reply + " " + reply.text());
          }
        };
    try (ScriptedServer server = ScriptedServer.start().on("SITE", "550 oldsecret is not valid, newsecret is not set");
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).listener(listener).build())) {
      FtpReplyException e = assertThrows(FtpReplyException.class, () -> ftp.site(word + " oldsecret newsecret"));
      seen.add(e.toString());
      seen.add(e.reply().text());
      seen.addAll(e.transcript());
      seen.addAll(ftp.transcript());
      assertTrue(server.commands().contains("SITE " + word + " oldsecret newsecret"));
    }
    for (String text : seen) {
      assertFalse(text.contains("oldsecret") || text.contains("newsecret"), text);
    }
  }
}
