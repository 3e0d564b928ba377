package io.loomftp.examples.samples;

import io.loomftp.Ftp;
import io.loomftp.FtpConfig;
import io.loomftp.TlsPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** How do I trust a server whose certificate was signed by our own authority? */
public final class TrustOwnCa {
  private TrustOwnCa() {}

  /** Logs in over TLS, trusting the PEM file of the environment variable {@code LOOMFTP_CA} or the embedded server's. */
  public static void main(String... arguments) throws IOException, InterruptedException {
    try (Target target = Target.of(arguments, "")) {
      SSLContext context = contextTrusting(target.authority());
      FtpConfig config = target.config().toBuilder().tls(TlsPolicy.explicit().withContext(context)).build();
      System.out.println("logged in, the folder is " + Ftp.run(config, ftp -> ftp.pwd()));
    }
  }

  /** A context that trusts only the authorities of a PEM file. The host name is still checked. */
  static SSLContext contextTrusting(Path pem) throws IOException {
    try (InputStream in = Files.newInputStream(pem)) {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        trusted.setCertificateEntry("authority-" + trusted.size(), certificate);
      }
      TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("no trust in " + pem, e);
    }
  }
}
