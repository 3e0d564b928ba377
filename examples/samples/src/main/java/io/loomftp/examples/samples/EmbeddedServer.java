package io.loomftp.examples.samples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.file.PathUtils;
import org.apache.ftpserver.ConnectionConfigFactory;
import org.apache.ftpserver.DataConnectionConfigurationFactory;
import org.apache.ftpserver.FtpServer;
import org.apache.ftpserver.FtpServerFactory;
import org.apache.ftpserver.ftplet.FtpException;
import org.apache.ftpserver.ftplet.UserManager;
import org.apache.ftpserver.listener.Listener;
import org.apache.ftpserver.listener.ListenerFactory;
import org.apache.ftpserver.ssl.SslConfiguration;
import org.apache.ftpserver.ssl.SslConfigurationFactory;
import org.apache.ftpserver.usermanager.ClearTextPasswordEncryptor;
import org.apache.ftpserver.usermanager.PropertiesUserManagerFactory;
import org.apache.ftpserver.usermanager.impl.BaseUser;
import org.apache.ftpserver.usermanager.impl.ConcurrentLoginPermission;
import org.apache.ftpserver.usermanager.impl.WritePermission;

/**
 * A real FTP server (Apache FtpServer) inside this JVM: on the loopback interface, on a free port, over a temporary folder
 * that is deleted with it. It offers clear text, and TLS after AUTH TLS with a certificate that {@link OwnCa} signed.
 *
 * <p>Its folder {@code /pub} holds {@code notes.txt}, and {@code numbers.bin} with a megabyte to move.
 */
final class EmbeddedServer implements AutoCloseable {
  /** The host name in the certificate. */
  static final String HOST = "localhost";

  static final String USER = "demo";
  static final String PASSWORD = "demo";

  /** Sessions at a time: ManySessionsBus opens five hundred. */
  private static final int SESSIONS = 512;

  /** Platform threads that serve them; a session waits while none is free. */
  private static final int THREADS = 128;

  private final Path folder;
  private final OwnCa ca;
  private final FtpServer server;
  private final Listener listener;

  private EmbeddedServer(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    ca = OwnCa.get();
    Path root = Files.createDirectory(folder.resolve("root"));
    fill(Files.createDirectory(root.resolve("pub")));
    ListenerFactory port = listenerFactory();
    listener = port.createListener();
    server = serverFactory(root, listener).createServer();
    try {
      server.start();
    } catch (FtpException e) {
      throw new IOException("the embedded server does not start", e);
    }
  }

  /** Starts a server. */
  static EmbeddedServer start() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("loomftp-samples");
    try {
      return new EmbeddedServer(folder);
    } catch (IOException | InterruptedException | RuntimeException e) {
      PathUtils.deleteDirectory(folder);
      throw e;
    }
  }

  private static void fill(Path pub) throws IOException {
    Files.write(
        pub.resolve("notes.txt"),
        List.of("These notes live on the embedded server.", "Names may be anything: Grüße, 日本語."),
        StandardCharsets.UTF_8);
    byte[] numbers = new byte[1 << 20];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (byte) (i * 31 + (i >> 8) + (i >> 16)); // nowhere as at the beginning
    }
    Files.write(pub.resolve("numbers.bin"), numbers);
  }

  private ListenerFactory listenerFactory() {
    SslConfigurationFactory tls = new SslConfigurationFactory();
    tls.setKeystoreFile(ca.keyStore().toFile());
    tls.setKeystorePassword(OwnCa.PASSWORD);
    tls.setKeystoreType("PKCS12");
    tls.setKeyAlias(OwnCa.SERVER);
    tls.setSslProtocol("TLSv1.2", "TLSv1.3");
    SslConfiguration configuration = tls.createSslConfiguration();
    DataConnectionConfigurationFactory data = new DataConnectionConfigurationFactory();
    data.setSslConfiguration(configuration);
    data.setPassiveAddress("127.0.0.1");
    ListenerFactory factory = new ListenerFactory();
    factory.setServerAddress("127.0.0.1");
    factory.setPort(0);
    factory.setSslConfiguration(configuration);
    factory.setDataConnectionConfiguration(data.createDataConnectionConfiguration());
    return factory;
  }

  private static FtpServerFactory serverFactory(Path root, Listener listener) throws IOException {
    FtpServerFactory factory = new FtpServerFactory();
    factory.addListener("default", listener);
    factory.setUserManager(users(root));
    ConnectionConfigFactory connections = new ConnectionConfigFactory();
    connections.setMaxLogins(SESSIONS);
    connections.setMaxThreads(THREADS);
    connections.setLoginFailureDelay(0);
    factory.setConnectionConfig(connections.createConnectionConfig());
    return factory;
  }

  private static UserManager users(Path root) throws IOException {
    PropertiesUserManagerFactory factory = new PropertiesUserManagerFactory();
    factory.setPasswordEncryptor(new ClearTextPasswordEncryptor());
    UserManager users = factory.createUserManager();
    BaseUser user = new BaseUser();
    user.setName(USER);
    user.setPassword(PASSWORD);
    user.setHomeDirectory(root.toString());
    user.setAuthorities(List.of(new WritePermission(), new ConcurrentLoginPermission(SESSIONS, SESSIONS)));
    try {
      users.save(user);
    } catch (FtpException e) {
      throw new IOException("the embedded server does not take its user", e);
    }
    return users;
  }

  /** Its port. */
  int port() {
    return listener.getPort();
  }

  /** The authority that signed its certificate. */
  OwnCa ca() {
    return ca;
  }

  /** A folder for local files, which is deleted with the server. */
  Path local() throws IOException {
    return Files.createDirectories(folder.resolve("local"));
  }

  @Override
  public void close() throws IOException {
    server.stop();
    PathUtils.deleteDirectory(folder);
  }
}
