package io.loomftp.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Creates test certificates, each on first use and once for the JVM, with the {@code keytool} of the JDK.
 *
 * <p>Every {@link SSLContext} returned is a new one, so that no two servers or clients share a session cache by accident.
 */
public final class Certificates {
  private static final String PASSWORD = "testkit";
  private static final ReentrantLock MAKING = new ReentrantLock();
  private static final Map<Identity, Path> MADE = new EnumMap<>(Identity.class);
  private static final Map<Identity, KeyStore> OPEN = new EnumMap<>(Identity.class);

  /** The certificates and their defects. */
  public enum Identity {
    /** Signs {@link #SERVER}, {@link #WRONG_NAME}, {@link #EXPIRED} and {@link #CLIENT}; what tests trust. */
    AUTHORITY,
    /** Signs {@link #OTHER_CA}; not trusted. */
    OTHER_AUTHORITY,
    /** Good for {@code localhost}, 127.0.0.1 and ::1. */
    SERVER,
    /** Another good certificate for the same names, with another key. */
    SECOND_SERVER,
    /** Good, but for {@code elsewhere.example}. */
    WRONG_NAME,
    /** Was good for {@code localhost} until a year ago. */
    EXPIRED,
    /** Right names, signed by itself. */
    SELF_SIGNED,
    /** Right names, signed by an authority that is not trusted. */
    OTHER_CA,
    /** A client certificate. */
    CLIENT
  }

  private Certificates() {}

  /** A server's context with the good certificate. */
  public static SSLContext server() {
    return server(Identity.SERVER);
  }

  /** A server's context with the certificate named; it knows the authority, so it may ask for a client certificate. */
  public static SSLContext server(Identity identity) {
    return context(keyManagers(identity), trustManagers());
  }

  /** A client's context that trusts the authority and nothing else. */
  public static SSLContext trusting() {
    return context(null, trustManagers());
  }

  /** A client's context that trusts the authority and presents {@link Identity#CLIENT} on request. */
  public static SSLContext trustingWithClientCertificate() {
    return context(keyManagers(Identity.CLIENT), trustManagers());
  }

  /** The certificate itself. */
  public static X509Certificate certificate(Identity identity) {
    try {
      return (X509Certificate) keyStore(identity).getCertificate(alias(identity));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** SHA-256 of the certificate's DER form, as 64 lower-case hex digits. */
  public static String fingerprint(Identity identity) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate(identity).getEncoded());
      return HexFormat.of().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The authority's certificate as a PEM file. */
  public static Path authorityPem() {
    return certificatePem(Identity.AUTHORITY);
  }

  /** The certificate as a PEM file. */
  public static Path certificatePem(Identity identity) {
    try {
      return pem(identity, ".crt", "CERTIFICATE", certificate(identity).getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The private key as a PKCS #8 PEM file. */
  public static Path keyPem(Identity identity) {
    try {
      byte[] key = keyStore(identity).getKey(alias(identity), PASSWORD.toCharArray()).getEncoded();
      return pem(identity, ".key", "PRIVATE KEY", key);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The key store, PKCS #12, whose password is {@link #password()}. */
  public static Path keyStoreFile(Identity identity) {
    MAKING.lock();
    try {
      Path made = MADE.get(identity);
      if (made == null) {
        made = make(identity);
        MADE.put(identity, made);
      }
      return made;
    } finally {
      MAKING.unlock();
    }
  }

  /** The password of all key stores. */
  public static String password() {
    return PASSWORD;
  }

  private static Path make(Identity identity) {
    Path store = Folder.PATH.resolve(alias(identity) + ".p12");
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
        "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC",
        "-genkeypair", "-alias", alias(identity), "-keyalg", "EC", "-groupname", "secp256r1",
        "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD));
    switch (identity) {
      case AUTHORITY, OTHER_AUTHORITY ->
          command.addAll(List.of("-dname", "CN=LoomFTP tests " + alias(identity), "-validity", "3650", "-ext", "bc:c"));
      case SERVER, SECOND_SERVER -> {
        signedBy(Identity.AUTHORITY, store, command);
        loopbackNames(command, "3650");
      }
      case WRONG_NAME -> {
        signedBy(Identity.AUTHORITY, store, command);
        command.addAll(List.of("-dname", "CN=elsewhere.example", "-validity", "3650", "-ext", "san=dns:elsewhere.example"));
      }
      case EXPIRED -> {
        signedBy(Identity.AUTHORITY, store, command);
        command.addAll(List.of("-startdate", "-2y"));
        loopbackNames(command, "365");
      }
      case SELF_SIGNED -> loopbackNames(command, "3650");
      case OTHER_CA -> {
        signedBy(Identity.OTHER_AUTHORITY, store, command);
        loopbackNames(command, "3650");
      }
      case CLIENT -> {
        signedBy(Identity.AUTHORITY, store, command);
        command.addAll(List.of("-dname", "CN=client", "-validity", "3650", "-ext", "eku=clientAuth"));
      }
    }
    run(command);
    return store;
  }

  /** keytool signs with a key of the same store, so each store begins as a copy of its authority's. */
  private static void signedBy(Identity authority, Path store, List<String> command) {
    try {
      Files.copy(keyStoreFile(authority), store, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    command.addAll(List.of("-signer", alias(authority)));
  }

  private static void loopbackNames(List<String> command, String days) {
    command.addAll(List.of(
        "-dname", "CN=localhost", "-validity", days, "-ext", "san=dns:localhost,ip:127.0.0.1,ip:::1"));
  }

  private static void run(List<String> command) {
    try {
      Path log = Files.createTempFile(Folder.PATH, "keytool", ".log");
      Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
      process.getOutputStream().close();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("keytool did not end within 30 s: " + command);
      }
      if (process.exitValue() != 0) {
        throw new IllegalStateException("keytool failed: " + Files.readString(log));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while keytool ran", e);
    }
  }

  /** Opened once, since opening a key store derives a key, which is slow. */
  private static KeyStore keyStore(Identity identity) {
    Path file = keyStoreFile(identity);
    MAKING.lock();
    try {
      KeyStore open = OPEN.get(identity);
      if (open == null) {
        open = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
          open.load(in, PASSWORD.toCharArray());
        }
        OPEN.put(identity, open);
      }
      return open;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } finally {
      MAKING.unlock();
    }
  }

  private static KeyManager[] keyManagers(Identity identity) {
    try {
      KeyStore all = keyStore(identity);
      KeyStore own = KeyStore.getInstance("PKCS12");
      own.load(null, null);
      char[] password = PASSWORD.toCharArray();
      // The authority's key lies in the same store; a server must not choose it.
      own.setKeyEntry(alias(identity), all.getKey(alias(identity), password), password,
          all.getCertificateChain(alias(identity)));
      KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(own, password);
      return factory.getKeyManagers();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TrustManager[] trustManagers() {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("authority", certificate(Identity.AUTHORITY));
      TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      return factory.getTrustManagers();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SSLContext context(KeyManager @Nullable [] keys, TrustManager[] trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trust, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path pem(Identity identity, String suffix, String label, byte[] der) {
    Path file = Folder.PATH.resolve(alias(identity) + suffix);
    MAKING.lock();
    try {
      if (!Files.exists(file)) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(file, "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      MAKING.unlock();
    }
  }

  private static String alias(Identity identity) {
    return identity.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The folder of these files, deleted when the JVM ends. */
  private static final class Folder {
    static final Path PATH = create();

    private static Path create() {
      try {
        Path folder = Files.createTempDirectory("loomftp-certificates");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> TempFolders.delete(folder), "testkit-certificates-cleanup"));
        return folder;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
