package io.loomftp.examples.samples;

import io.loomftp.DataConnection.Protection;
import io.loomftp.Ftp;
import io.loomftp.FtpConfig;
import io.loomftp.FtpTlsException;
import io.loomftp.TlsPolicy;
import io.loomftp.TransferResult;
import java.io.IOException;

/** How do I use TLS, and how do I check that the data was protected too? */
public final class ExplicitTls {
  private ExplicitTls() {}

  /** Downloads the file of the address, or {@code /pub/notes.txt} of the embedded server, over TLS. */
  public static void main(String... arguments) throws IOException, InterruptedException {
    try (Target target = Target.of(arguments, "/pub/notes.txt")) {
      // A server whose certificate is signed by a public authority needs just TlsPolicy.explicit().
      TlsPolicy tls = target.trusting(TlsPolicy.explicit());
      FtpConfig config = target.config().toBuilder().tls(tls).build();

      TransferResult result = Ftp.run(config, ftp -> ftp.get(target.path(), target.local("copy")));
      Protection protection = result.protection().orElseThrow();
      System.out.printf("%d bytes over %s with %s, session resumed: %b%n",
          result.bytes(), protection.protocol(), protection.cipherSuite(), protection.resumed());

      showRefusal(config, target.path());
    }
  }

  /** TLS that cannot be established is an error before the password is sent; there is no fallback to clear text. */
  private static void showRefusal(FtpConfig config, String path) throws IOException, InterruptedException {
    TlsPolicy pinned = TlsPolicy.explicit().withPin("00".repeat(32)); // no certificate has this fingerprint
    try {
      long size = Ftp.run(config.toBuilder().tls(pinned).build(), ftp -> ftp.size(path));
      throw new IllegalStateException("a certificate with a fingerprint of zeros: " + size);
    } catch (FtpTlsException e) {
      System.out.println("refused: " + e.getMessage());
    }
  }
}
