package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.Certificates;
import io.loomftp.testkit.ScriptedServer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that demand a client certificate. */
@Timeout(60)
class ClientCertificateTest {
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void theCertificateOfTheContextIsShownOnControlAndData(String version) throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start().tlsVersions(version).demandClientCertificate().file("/a", "hello")) {
      TlsPolicy.Secured known = TlsPolicy.explicit().withContext(Certificates.trustingWithClientCertificate());
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).tls(known).build());
          FtpInputStream in = ftp.get("a")) {
        assertEquals("hello", new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        assertEquals(version, in.protection().orElseThrow().protocol());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void loginFailsWithoutOneAndNoPasswordIsSent(String version) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().tlsVersions(version).demandClientCertificate()) {
      TlsPolicy.Secured unknown = TlsPolicy.explicit().withContext(Certificates.trusting());
      FtpException refused =
          assertThrows(FtpException.class, () -> Ftp.open(SessionFixture.plain(server).tls(unknown).build()));
      assertTrue(!refused.sessionUsable(), refused.toString());
      assertTrue(server.commands().stream().noneMatch(command -> command.startsWith("PASS")), server.commands()::toString);
    }
  }
}
