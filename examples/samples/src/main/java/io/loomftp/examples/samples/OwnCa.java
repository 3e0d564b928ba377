package io.loomftp.examples.samples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.commons.io.FileUtils;
import org.jspecify.annotations.Nullable;

/**
 * A private certificate authority and a server certificate that it signed, created on first use by the keytool of the running
 * JDK. For this program only: the keys are in a temporary folder that is deleted with the JVM, and the password is no
 * secret.
 *
 * @param keyStore the server's key and certificate, PKCS #12
 * @param pem the authority's certificate, as administrators distribute it
 */
record OwnCa(Path keyStore, Path pem) {
  static final String PASSWORD = "samples";
  static final String SERVER = "server";

  private static final String AUTHORITY = "authority";
  private static final ReentrantLock MAKING = new ReentrantLock();
  private static @Nullable OwnCa made;

  /** The authority of this JVM. */
  static OwnCa get() throws IOException, InterruptedException {
    MAKING.lockInterruptibly();
    try {
      if (made == null) {
        Path folder = Files.createTempDirectory("loomftp-keys");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> FileUtils.deleteQuietly(folder.toFile())));
        made = make(folder);
      }
      return made;
    } finally {
      MAKING.unlock();
    }
  }

  private static OwnCa make(Path folder) throws IOException, InterruptedException {
    Path keyStore = folder.resolve("keys.p12");
    keytool(keyStore, AUTHORITY, "-dname", "CN=LoomFTP samples", "-ext", "bc:c", "-ext", "ku:c=keyCertSign");
    keytool(
        keyStore, SERVER, "-dname", "CN=localhost", "-signer", AUTHORITY, "-ext", "san=dns:localhost,ip:127.0.0.1");
    Path pem = folder.resolve("ca.pem");
    Files.writeString(pem, pem(keyStore));
    return new OwnCa(keyStore, pem);
  }

  private static void keytool(Path keyStore, String alias, String... more) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-keystore", keyStore.toString(), "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass", PASSWORD, "-alias", alias));
    command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2"));
    command.addAll(List.of(more));
    Path log = Files.createTempFile(keyStore.toAbsolutePath().getParent(), "keytool", ".log");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("keytool failed: " + Files.readString(log));
      }
    } finally {
      process.destroy();
    }
  }

  private static String pem(Path keyStore) throws IOException {
    try (InputStream in = Files.newInputStream(keyStore)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD.toCharArray());
      byte[] der = keys.getCertificate(AUTHORITY).getEncoded();
      String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
      return "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
    } catch (GeneralSecurityException e) {
      throw new IOException("the key store that keytool made cannot be read", e);
    }
  }
}
