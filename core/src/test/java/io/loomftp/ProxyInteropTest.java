package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.pool.FtpPool;
import io.loomftp.testkit.FreshProfiles;
import io.loomftp.testkit.RealProxies;
import io.loomftp.testkit.RealProxies.Kind;
import io.loomftp.testkit.RealProxy;
import io.loomftp.testkit.RealServer;
import io.loomftp.testkit.RealServers;
import io.loomftp.testkit.RealServers.Variant;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Sessions with vsftpd and ProFTPD through microsocks, Dante, tinyproxy, Squid and ftp-proxy. */
@Timeout(120)
@ExtendWith(FreshProfiles.class)
class ProxyInteropTest {
  @TempDir Path local;

  static ProxyPolicy policy(Kind kind, int port) {
    return switch (kind) {
      case MICROSOCKS -> ProxyPolicy.socks5("127.0.0.1", port).withCredentials(RealProxies.USER, RealProxies.PASSWORD);
      case DANTE -> ProxyPolicy.socks5("127.0.0.1", port);
      case TINYPROXY -> ProxyPolicy.httpConnect("127.0.0.1", port).withCredentials(RealProxies.USER, RealProxies.PASSWORD);
      case SQUID -> ProxyPolicy.httpConnect("127.0.0.1", port);
      case SQUID_FTP, FTP_PROXY -> ProxyPolicy.ftp("127.0.0.1", port);
    };
  }

  static FtpConfig config(RealServer server, Kind kind, RealProxy proxy) {
    return SessionInteropTest.config(server).toBuilder().proxy(policy(kind, proxy.port())).build();
  }

  static Stream<Arguments> tunnels() {
    return Stream.of(Kind.MICROSOCKS, Kind.DANTE, Kind.TINYPROXY, Kind.SQUID).flatMap(kind -> Stream.of(
        Arguments.of(kind, RealServers.Kind.VSFTPD, Variant.PLAIN),
        Arguments.of(kind, RealServers.Kind.VSFTPD, Variant.TLS_1_3_REUSE),
        Arguments.of(kind, RealServers.Kind.PROFTPD, Variant.TLS_1_2_REUSE),
        Arguments.of(kind, RealServers.Kind.PROFTPD, Variant.IMPLICIT)));
  }

  @ParameterizedTest
  @MethodSource("tunnels")
  void everydayWorkThroughATunnel(Kind kind, RealServers.Kind serverKind, Variant variant) throws Exception {
    RealServers.require(serverKind);
    try (RealProxy proxy = RealProxies.start(kind);
        RealServer server = RealServers.start(serverKind, variant)) {
      everydayWork(config(server, kind, proxy), server);
    }
  }

  static Stream<Arguments> relays() {
    return Stream.of(Kind.SQUID_FTP, Kind.FTP_PROXY).flatMap(
        kind -> Stream.of(RealServers.Kind.values()).map(server -> Arguments.of(kind, server)));
  }

  @ParameterizedTest
  @MethodSource("relays")
  void everydayWorkThroughAnFtpProxy(Kind kind, RealServers.Kind serverKind) throws Exception {
    RealServers.require(serverKind);
    try (RealProxy proxy = RealProxies.start(kind);
        RealServer server = RealServers.start(serverKind, Variant.PLAIN)) {
      everydayWork(config(server, kind, proxy), server);
    }
  }

  private void everydayWork(FtpConfig config, RealServer server) throws Exception {
    byte[] content = ProxyTest.random(300_000);
    Path source = local.resolve("source");
    Files.write(source, content);
    try (FtpSession ftp = Ftp.open(config)) {
      for (int i = 0; i < 3; i++) { // the later ones with a port requested ahead
        ftp.put(source, "file" + i);
      }
      assertArrayEquals(content, Files.readAllBytes(server.home().resolve("file2")));
      for (int i = 0; i < 3; i++) {
        ftp.get("file" + i, local.resolve("back" + i));
        assertArrayEquals(content, Files.readAllBytes(local.resolve("back" + i)));
      }
      assertEquals(
          List.of("file0", "file1", "file2"), ftp.list().toList().stream().map(FtpEntry::name).sorted().toList());
      ftp.delete("file0");
      ftp.mkdir("folder");
      ftp.cd("folder");
      assertEquals(0, ftp.list().toList().size());
      ftp.put("small", out -> out.write('x'));
      assertEquals("x", Files.readString(server.home().resolve("folder/small")));
    }
  }

  @Test
  void theServerConnectsToDante() throws Exception {
    RealServers.require(RealServers.Kind.PROFTPD);
    byte[] content = ProxyTest.random(300_000);
    for (Variant variant : List.of(Variant.PLAIN, Variant.TLS_1_3_REUSE)) {
      try (RealProxy proxy = RealProxies.start(Kind.DANTE);
          RealServer server = RealServers.start(RealServers.Kind.PROFTPD, variant)) {
        FtpConfig config = config(server, Kind.DANTE, proxy).toBuilder().dataMode(DataMode.active()).build();
        Path source = local.resolve("source");
        Files.write(source, content);
        Path back = local.resolve("back-" + variant);
        try (FtpSession ftp = Ftp.open(config)) {
          ftp.put(source, "file");
          assertArrayEquals(content, Files.readAllBytes(server.home().resolve("file")));
          ftp.get("file", back);
          assertArrayEquals(content, Files.readAllBytes(back));
          assertEquals(List.of("file"), ftp.list().toList().stream().map(FtpEntry::name).toList());
        }
      }
    }
  }

  @Test
  void socks4ByAddressWorksWithDante() throws Exception {
    RealServers.require(RealServers.Kind.PROFTPD);
    try (RealProxy proxy = RealProxies.start(Kind.DANTE);
        RealServer server = RealServers.start(RealServers.Kind.PROFTPD, Variant.PLAIN)) {
      FtpConfig config =
          FtpConfig.builder("127.0.0.1")
              .port(server.port())
              .credentials(server.user(), server.password())
              .proxy(ProxyPolicy.socks4a("127.0.0.1", proxy.port()))
              .build();
      everydayWork(config, server);
    }
  }

  @Test
  void microsocksHasNoBind() throws Exception {
    RealServers.require(RealServers.Kind.PROFTPD);
    try (RealProxy proxy = RealProxies.start(Kind.MICROSOCKS);
        RealServer server = RealServers.start(RealServers.Kind.PROFTPD, Variant.PLAIN);
        FtpSession ftp =
            Ftp.open(config(server, Kind.MICROSOCKS, proxy).toBuilder().dataMode(DataMode.active()).build())) {
      FtpTransferException e = assertThrows(FtpTransferException.class, () -> ftp.list().toList());
      assertTrue(e.getMessage().contains("(BIND): 7 command not supported"), e.getMessage());
      ftp.noop();
    }
  }

  @ParameterizedTest
  @EnumSource(value = Kind.class, names = {"MICROSOCKS", "TINYPROXY"})
  void aWrongPasswordIsRefused(Kind kind) throws Exception {
    try (RealProxy proxy = RealProxies.start(kind)) {
      ProxyPolicy wrong = switch (policy(kind, proxy.port())) {
        case ProxyPolicy.Socks5 p -> p.withCredentials(RealProxies.USER, "wrong-one");
        case ProxyPolicy.HttpConnect p -> p.withCredentials(RealProxies.USER, "wrong-one");
        case ProxyPolicy other -> other;
      };
      FtpConfig config = FtpConfig.builder("localhost").anonymous().proxy(wrong).build();
      FtpProxyException e = assertThrows(FtpProxyException.class, () -> Ftp.open(config).close());
      assertEquals(ErrorKind.LOGIN, e.kind(), e.toString());
      assertFalse((e + e.transcript().toString()).contains("wrong-one"), e.toString());
    }
  }

  @ParameterizedTest
  @EnumSource(value = Kind.class, names = "FTP_PROXY", mode = EnumSource.Mode.EXCLUDE)
  void aServerThatIsNotThereIsARefusal(Kind kind) throws Exception {
    int port;
    try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      port = gone.getLocalPort();
    }
    try (RealProxy proxy = RealProxies.start(kind)) {
      FtpConfig config =
          FtpConfig.builder("localhost").port(port).anonymous().proxy(policy(kind, proxy.port())).build();
      FtpException e = assertThrows(FtpException.class, () -> Ftp.open(config).close());
      assertTrue(kind == Kind.SQUID_FTP || e instanceof FtpProxyException proxied && proxied.reply().isPresent(), e.toString());
    }
  }

  @ParameterizedTest
  @EnumSource(value = Kind.class, names = {"MICROSOCKS", "SQUID"})
  void aSegmentedDownloadTakesSeveralTunnels(Kind kind) throws Exception {
    RealServers.require(RealServers.Kind.PROFTPD);
    byte[] content = ProxyTest.random(6 << 20);
    try (RealProxy proxy = RealProxies.start(kind);
        RealServer server = RealServers.start(RealServers.Kind.PROFTPD, Variant.TLS_1_3_REUSE);
        FtpPool pool = FtpPool.of(config(server, kind, proxy), 3)) {
      Files.write(server.home().resolve("big"), content);
      pool.get("big", local.resolve("big"), TransferOptions.defaults().segments(3));
      assertArrayEquals(content, Files.readAllBytes(local.resolve("big")));
    }
  }
}
