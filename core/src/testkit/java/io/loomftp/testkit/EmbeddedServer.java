package io.loomftp.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.ftpserver.ConnectionConfigFactory;
import org.apache.ftpserver.DataConnectionConfigurationFactory;
import org.apache.ftpserver.FtpServer;
import org.apache.ftpserver.FtpServerFactory;
import org.apache.ftpserver.ftplet.Authority;
import org.apache.ftpserver.ftplet.FtpException;
import org.apache.ftpserver.ftplet.UserManager;
import org.apache.ftpserver.listener.Listener;
import org.apache.ftpserver.listener.ListenerFactory;
import org.apache.ftpserver.ssl.SslConfigurationFactory;
import org.apache.ftpserver.usermanager.PropertiesUserManagerFactory;
import org.apache.ftpserver.usermanager.impl.BaseUser;
import org.apache.ftpserver.usermanager.impl.ConcurrentLoginPermission;
import org.apache.ftpserver.usermanager.impl.WritePermission;

/** Apache FtpServer in this JVM, on a free loopback port, with one user whose home is a temporary folder. */
public final class EmbeddedServer implements AutoCloseable {
  private static final int MOST_LOGINS = 4_000;

  private final FtpServer server;
  private final Listener listener;
  private final Path home;

  private final SessionCount sessions;

  private EmbeddedServer(FtpServer server, Listener listener, Path home, SessionCount sessions) {
    this.server = server;
    this.listener = listener;
    this.home = home;
    this.sessions = sessions;
  }

  /** Without TLS. */
  public static EmbeddedServer plain() {
    return start(false, false);
  }

  /** With AUTH TLS, which the client may leave out; TLS 1.3 and 1.2. */
  public static EmbeddedServer explicitTls(String... versions) {
    return start(true, false, versions);
  }

  /** With TLS from the first byte; TLS 1.3 and 1.2. */
  public static EmbeddedServer implicitTls(String... versions) {
    return start(true, true, versions);
  }

  private static EmbeddedServer start(boolean tls, boolean implicit, String... versions) {
    try {
      Path home = Files.createTempDirectory("loomftp-embedded");
      ListenerFactory listeners = new ListenerFactory();
      listeners.setPort(0);
      listeners.setServerAddress("127.0.0.1");
      DataConnectionConfigurationFactory data = new DataConnectionConfigurationFactory();
      data.setPassiveAddress("127.0.0.1");
      data.setPassiveExternalAddress("127.0.0.1");
      data.setActiveEnabled(true);
      data.setActiveLocalAddress("127.0.0.1");
      data.setImplicitSsl(implicit);
      listeners.setDataConnectionConfiguration(data.createDataConnectionConfiguration());
      if (tls) {
        SslConfigurationFactory ssl = new SslConfigurationFactory();
        ssl.setKeystoreFile(Certificates.keyStoreFile(Certificates.Identity.SERVER).toFile());
        ssl.setKeystorePassword(Certificates.password());
        ssl.setKeystoreType("PKCS12");
        ssl.setKeyAlias("server");
        ssl.setSslProtocol(versions.length == 0 ? new String[] {"TLSv1.3", "TLSv1.2"} : versions);
        listeners.setSslConfiguration(ssl.createSslConfiguration());
        listeners.setImplicitSsl(implicit);
        data.setSslConfiguration(ssl.createSslConfiguration());
      }
      Listener listener = listeners.createListener();
      FtpServerFactory servers = new FtpServerFactory();
      servers.addListener("default", listener);
      servers.setUserManager(users(home));
      servers.setConnectionConfig(connections());
      SessionCount sessions = new SessionCount();
      servers.setFtplets(new HashMap<>(Map.of("sessions", sessions)));
      FtpServer server = servers.createServer();
      server.start();
      return new EmbeddedServer(server, listener, home, sessions);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (FtpException e) {
      throw new IllegalStateException(e);
    }
  }

  private static UserManager users(Path home) throws FtpException {
    UserManager users = new PropertiesUserManagerFactory().createUserManager();
    BaseUser user = new BaseUser();
    user.setName("loom");
    user.setPassword("weave");
    user.setHomeDirectory(home.toString());
    List<Authority> rights = new ArrayList<>();
    rights.add(new WritePermission());
    rights.add(new ConcurrentLoginPermission(MOST_LOGINS, MOST_LOGINS));
    user.setAuthorities(rights);
    users.save(user);
    return users;
  }

  private static org.apache.ftpserver.ConnectionConfig connections() {
    ConnectionConfigFactory connections = new ConnectionConfigFactory();
    connections.setMaxLogins(MOST_LOGINS);
    connections.setMaxThreads(64);
    connections.setLoginFailureDelay(0);
    connections.setMaxLoginFailures(10);
    return connections.createConnectionConfig();
  }

  /** The port it listens on. */
  public int port() {
    return listener.getPort();
  }

  /** The name of the user. */
  public String user() {
    return "loom";
  }

  /** The password of the user. */
  public String password() {
    return "weave";
  }

  /** The folder that the user sees as {@code /}. */
  public Path home() {
    return home;
  }

  /**
   * Waits until the server has ended all sessions.
   *
   * @throws AssertionError when a session does not end
   */
  public void awaitIdle() throws InterruptedException {
    sessions.awaitNone(ScriptedServer.PATIENCE);
  }

  @Override
  public void close() {
    server.stop();
    TempFolders.delete(home);
  }
}
