package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.FreshProfiles;
import io.loomftp.testkit.ScriptedProxy;
import io.loomftp.testkit.ScriptedProxy.Protocol;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The values of {@link ProxyPolicy}, and proxies that a selector of the JDK chooses. */
@Timeout(60)
@ExtendWith(FreshProfiles.class)
class ProxyPolicyTest {
  /** Chooses these proxies for the host of the tests, none for others. */
  private static final class Chooser extends ProxySelector {
    final List<Proxy> proxies;
    final List<URI> asked = new ArrayList<>();
    final List<SocketAddress> failed = new ArrayList<>();

    Chooser(Proxy... proxies) {
      this.proxies = List.of(proxies);
    }

    @Override
    public List<Proxy> select(URI uri) {
      if (!ProxyTest.UNKNOWN.equals(uri.getHost()) && !"localhost".equals(uri.getHost())) {
        return List.of(Proxy.NO_PROXY);
      }
      asked.add(uri);
      return proxies;
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException e) {
      failed.add(address);
    }
  }

  private static Proxy proxy(Proxy.Type type, int port) {
    return new Proxy(type, InetSocketAddress.createUnresolved("127.0.0.1", port));
  }

  private static int closedPort() throws IOException {
    try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return gone.getLocalPort();
    }
  }

  @Test
  void theProxiesOfASelectorAreTriedInTheirOrder() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello");
        ScriptedProxy http = ScriptedProxy.http().login("bob", "hush-hush");
        ScriptedProxy socks = ScriptedProxy.socks5()) {
      Proxy gone = proxy(Proxy.Type.SOCKS, closedPort());
      Chooser chooser =
          new Chooser(gone, proxy(Proxy.Type.HTTP, http.port()), proxy(Proxy.Type.SOCKS, socks.port()));
      FtpConfig config = ProxyTest.config(server, http, Protocol.HTTP)
          .proxy(ProxyPolicy.selectedBy(chooser).withCredentials("bob", "hush-hush")).build();
      try (FtpSession ftp = Ftp.open(config)) {
        assertEquals("hello", SessionFixture.text(ftp.get("/a")));
      }
      assertEquals(List.of(URI.create("ftp://" + ProxyTest.UNKNOWN + ":" + server.port() + "/")), chooser.asked);
      assertEquals(List.of(gone.address()), chooser.failed);
      assertEquals(2, http.requests().size());
      assertEquals(List.of(), socks.requests());
    }
  }

  @Test
  void aProxyThatRefusesIsNotAvoided() throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        ScriptedProxy http = ScriptedProxy.http().refuse(403)) {
      Chooser chooser = new Chooser(proxy(Proxy.Type.HTTP, http.port()), Proxy.NO_PROXY);
      FtpConfig config = SessionFixture.plain(server).proxy(ProxyPolicy.selectedBy(chooser)).build();
      assertThrows(FtpProxyException.class, () -> Ftp.open(config).close());
      assertEquals(0, server.sessions());
      assertEquals(List.of(), chooser.failed);
    }
  }

  @Test
  void directIsAChoiceToo() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello")) {
      for (Chooser chooser : List.of(new Chooser(proxy(Proxy.Type.HTTP, closedPort()), Proxy.NO_PROXY), new Chooser())) {
        FtpConfig config = SessionFixture.plain(server).proxy(ProxyPolicy.selectedBy(chooser)).build();
        try (FtpSession ftp = Ftp.open(config)) {
          assertEquals("hello", SessionFixture.text(ftp.get("/a")));
        }
        assertEquals(1, chooser.asked.size());
      }
    }
  }

  @Test
  void allProxiesThatAreNotThereAreTold() throws Exception {
    Chooser chooser = new Chooser(proxy(Proxy.Type.HTTP, closedPort()), proxy(Proxy.Type.SOCKS, closedPort()));
    FtpConfig config = FtpConfig.builder(ProxyTest.UNKNOWN).anonymous().proxy(ProxyPolicy.selectedBy(chooser)).build();
    FtpProxyException e = assertThrows(FtpProxyException.class, () -> Ftp.open(config).close());
    assertTrue(e.proxy().startsWith("socks5://"), e.proxy());
    assertEquals(1, e.getCause().getSuppressed().length);
    assertEquals(2, chooser.failed.size());
  }

  @Test
  void theSystemsProxyIsThatOfTheDefaultSelector() throws Exception {
    ProxySelector before = ProxySelector.getDefault();
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello");
        ScriptedProxy socks = ScriptedProxy.socks5()) {
      ProxySelector.setDefault(new Chooser(proxy(Proxy.Type.SOCKS, socks.port())));
      FtpConfig config = ProxyTest.config(server, socks, Protocol.SOCKS5).proxy(ProxyPolicy.system()).build();
      try (FtpSession ftp = Ftp.open(config)) {
        assertEquals("hello", SessionFixture.text(ftp.get("/a")));
      }
      assertEquals(2, socks.requests().size());
      // No other session goes that way, and the connection to a proxy does not go through another one.
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
        assertEquals("hello", SessionFixture.text(ftp.get("/a")));
      }
      assertEquals(2, socks.requests().size());
    } finally {
      ProxySelector.setDefault(before);
    }
  }

  @Test
  void aProxyOfTheJdkIsTakenOver() {
    assertEquals(ProxyPolicy.direct(), ProxyPolicy.of(Proxy.NO_PROXY));
    assertEquals(ProxyPolicy.httpConnect("127.0.0.1", 8080), ProxyPolicy.of(proxy(Proxy.Type.HTTP, 8080)));
    assertEquals(ProxyPolicy.socks5("127.0.0.1", 1080), ProxyPolicy.of(proxy(Proxy.Type.SOCKS, 1080)));
  }

  @Test
  void whatAProxyCannotBeToldIsRefusedAtOnce() {
    assertThrows(IllegalArgumentException.class, () -> ProxyPolicy.socks5("", 1080));
    assertThrows(IllegalArgumentException.class, () -> ProxyPolicy.socks4a("a b", 1080));
    assertThrows(IllegalArgumentException.class, () -> ProxyPolicy.httpConnect("proxy\r\nX: y", 1080));
    assertThrows(IllegalArgumentException.class, () -> ProxyPolicy.ftp("proxy", 0));
    assertThrows(IllegalArgumentException.class, () -> ProxyPolicy.socks5("proxy", 65_536));
    ProxyPolicy.Socks5 socks = ProxyPolicy.socks5("proxy", 1080);
    assertThrows(IllegalArgumentException.class, () -> socks.withCredentials("", "password"));
    assertThrows(IllegalArgumentException.class, () -> socks.withCredentials("bob", ""));
    assertThrows(IllegalArgumentException.class, () -> socks.withCredentials("ü".repeat(128), "password"));
    assertEquals("ü".repeat(127), socks.withCredentials("ü".repeat(127), "p").credentials().orElseThrow().user());
    assertThrows(IllegalArgumentException.class, () -> ProxyPolicy.socks4a("proxy", 1080).withUser("a\0b"));
    assertThrows(
        IllegalArgumentException.class, () -> ProxyPolicy.httpConnect("proxy", 8080).withCredentials("a:b", "password"));
  }

  @Test
  void noPolicyShowsItsPassword() {
    List<ProxyPolicy> all = List.of(
        ProxyPolicy.socks5("proxy", 1).withCredentials("bob", "hush-hush"),
        ProxyPolicy.httpConnect("proxy", 1).withCredentials("bob", "hush-hush"),
        ProxyPolicy.ftp("proxy", 1).withCredentials("bob", "hush-hush"),
        ProxyPolicy.system().withCredentials("bob", "hush-hush"));
    for (ProxyPolicy policy : all) {
      assertFalse(policy.toString().contains("hush-hush"), policy.toString());
      assertTrue(policy.toString().contains("bob"), policy.toString());
    }
    assertNotEquals(all.get(0), ProxyPolicy.socks5("proxy", 1).withCredentials("bob", "other"));
  }
}
