package io.loomftp.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.stream.Stream;

/**
 * The temporary folder of one real server: its configuration, its log and the home of its user.
 *
 * <p>As root both servers accept the virtual user {@code loom} from a password file and run as a system user in a chroot.
 * Without root ProFTPD runs as the user who started it; vsftpd cannot use PAM then and accepts an anonymous user with all
 * permissions but SITE CHMOD. Without a chroot a session begins in the home, which is not {@code /}.
 */
final class ServerFolder {
  /** "weave", by crypt(3) with SHA-512. */
  private static final String HASH =
      "$6$loomftp$Q/CeQPnW7O2I5Wk3hXF55sHyKOnnYAUU5ccTy.tkNJT2RF7b9QzvkGV8LYVhZfxfqexG9vPbW42Lq5G3ICKl5.";

  private final Path servers;
  private final Path path;
  private final int port;
  private final Account account;
  private final Path pamService;

  private ServerFolder(Path servers, Path path, int port, Account account) {
    this.servers = servers.toAbsolutePath();
    this.path = path;
    this.port = port;
    this.account = account;
    // PAM looks nowhere else.
    this.pamService = Path.of("/etc/pam.d", "loomftp-test-" + ProcessHandle.current().pid() + "-" + port);
  }

  /** The relevant fields of a line of /etc/passwd. */
  private record Account(String name, String uid, String gid, boolean root) {
    /** vsftpd enters this home even if it leaves it for another at once. */
    static Account choose() throws IOException {
      String me = System.getProperty("user.name");
      try (Stream<String> lines = Files.lines(Path.of("/etc/passwd"))) {
        List<String[]> all = lines.map(line -> line.split(":", -1)).filter(parts -> parts.length >= 6).toList();
        boolean root = me.equals("root");
        List<String> wanted = root ? List.of("daemon", "bin", "games", "sys") : List.of(me);
        return all.stream()
            .filter(parts -> wanted.contains(parts[0]) && (!root || Files.isDirectory(Path.of(parts[5]))))
            .findFirst()
            .map(parts -> new Account(parts[0], parts[2], parts[3], root))
            .orElseThrow(() -> new IOException("/etc/passwd has none of " + wanted));
      }
    }
  }

  static ServerFolder create(Path servers, int port) throws IOException {
    Account account = Account.choose();
    Path path = Files.createTempDirectory("loomftp-server");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    ServerFolder folder = new ServerFolder(servers, path, port, account);
    Files.createDirectory(folder.path("home"));
    Files.createDirectory(folder.path("empty"));
    RealServers.write(folder.path("users"),
        "loom:" + HASH + ":" + account.uid() + ":" + account.gid() + "::" + folder.path("home") + ":/bin/sh\n");
    Files.setPosixFilePermissions(folder.path("users"), PosixFilePermissions.fromString("rw-------"));
    if (account.root()) {
      UserPrincipal owner = path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(account.name());
      Files.setOwner(folder.path("home"), owner);
    }
    return folder;
  }

  Path path() {
    return path;
  }

  Path log() {
    return path("output");
  }

  Path home() {
    return path("home");
  }

  /** Whether vsftpd accepts only anonymous logins. */
  boolean isAnonymousOnly(RealServers.Kind kind) {
    return kind == RealServers.Kind.VSFTPD && !account.root();
  }

  private Path path(String name) {
    return path.resolve(name);
  }

  /** vsftpd 3.0.3 has no option for TLS 1.2 and 1.3, so OpenSSL itself is told. */
  Path writeOpenssl(RealServers.Variant variant) throws IOException {
    String limits = variant.protocol().isEmpty()
        ? "MinProtocol = TLSv1.2\n"
        : "MinProtocol = " + variant.protocol() + "\nMaxProtocol = " + variant.protocol() + "\n";
    RealServers.write(path("openssl.cnf"), """
        openssl_conf = all
        [all]
        ssl_conf = ssl
        [ssl]
        system_default = limits
        [limits]
        %s""".formatted(limits));
    return path("openssl.cnf");
  }

  Path writeVsftpd(RealServers.Variant variant, int mostSessions) throws IOException {
    StringBuilder text = new StringBuilder("""
        listen=YES
        listen_address=127.0.0.1
        listen_port=%d
        background=NO
        write_enable=YES
        file_open_mode=0666
        secure_chroot_dir=%s
        allow_writeable_chroot=YES
        seccomp_sandbox=NO
        isolate=NO
        isolate_network=NO
        session_support=NO
        delay_failed_login=0
        delay_successful_login=0
        max_login_fails=10
        max_clients=%d
        max_per_ip=0
        connect_from_port_20=NO
        utf8_filesystem=YES
        mdtm_write=YES
        force_dot_files=YES
        use_localtime=NO
        xferlog_enable=NO
        """.formatted(port, path("empty"), mostSessions));
    text.append(account.root() ? virtualUser() : anonymousUser());
    if (variant.isTls()) {
      text.append("""
          ssl_enable=YES
          allow_anon_ssl=YES
          force_anon_logins_ssl=YES
          force_anon_data_ssl=YES
          rsa_cert_file=%s
          rsa_private_key_file=%s
          ssl_ciphers=HIGH
          require_ssl_reuse=%s
          implicit_ssl=%s
          """.formatted(
          Certificates.certificatePem(Certificates.Identity.SERVER), Certificates.keyPem(Certificates.Identity.SERVER),
          variant.demandsReuse() ? "YES" : "NO", variant == RealServers.Variant.IMPLICIT ? "YES" : "NO"));
    }
    RealServers.write(path("vsftpd.conf"), text.toString());
    return path("vsftpd.conf");
  }

  private String virtualUser() throws IOException {
    Path module;
    try (Stream<Path> files = Files.walk(servers.resolve("root"))) {
      module = files.filter(file -> file.endsWith("pam_pwdfile.so")).findFirst()
          .orElseThrow(() -> new IOException("pam_pwdfile.so is not below " + servers));
    }
    RealServers.write(pamService, """
        auth required %s pwdfile %s nodelay
        account required pam_permit.so
        """.formatted(module, path("users")));
    return """
        anonymous_enable=NO
        local_enable=YES
        local_umask=022
        guest_enable=YES
        guest_username=%s
        virtual_use_local_privs=YES
        local_root=%s
        chroot_local_user=YES
        pam_service_name=%s
        """.formatted(account.name(), home(), pamService.getFileName());
  }

  private String anonymousUser() {
    return """
        run_as_launching_user=YES
        ftp_username=%s
        anonymous_enable=YES
        anon_root=%s
        anon_umask=022
        anon_upload_enable=YES
        anon_mkdir_write_enable=YES
        anon_other_write_enable=YES
        anon_world_readable_only=NO
        """.formatted(account.name(), home());
  }

  Path writeProftpd(RealServers.Variant variant, int mostSessions) throws IOException {
    StringBuilder text = new StringBuilder("""
        ServerName "LoomFTP tests"
        ServerType standalone
        DefaultAddress 127.0.0.1
        SocketBindTight on
        UseIPv6 off
        Port %d
        User %s
        Group %s
        Umask 022
        PidFile %s
        ScoreboardFile %s
        SystemLog %s
        TransferLog none
        WtmpLog off
        ModulePath %s
        AuthPAM off
        AuthOrder mod_auth_file.c
        AuthUserFile %s
        RequireValidShell off
        MaxInstances none
        MaxLoginAttempts 10
        UseReverseDNS off
        UseEncoding UTF-8 UTF-8
        AllowOverwrite on
        AllowStoreRestart on
        AllowRetrieveRestart on
        <IfModule mod_delay.c>
        DelayEngine off
        </IfModule>
        """.formatted(port, account.name(), groupName(), path("pid"), path("scoreboard"), path("log"),
        servers.resolve("root/usr/lib/proftpd"), path("users")));
    if (account.root()) {
      text.append("DefaultRoot ~\n");
    }
    if (mostSessions > 0) {
      text.append("MaxClients ").append(mostSessions).append('\n');
    }
    if (variant.isTls()) {
      text.append("""
          LoadModule mod_tls.c
          TLSEngine on
          TLSRequired on
          TLSProtocol %s
          TLSECCertificateFile %s
          TLSECCertificateKeyFile %s
          TLSLog %s
          """.formatted(
          variant.protocol().isEmpty() ? "TLSv1.2 TLSv1.3" : variant.protocol(),
          Certificates.certificatePem(Certificates.Identity.SERVER), Certificates.keyPem(Certificates.Identity.SERVER),
          path("tls.log")));
      if (!variant.demandsReuse()) {
        text.append("TLSOptions NoSessionReuseRequired");
        text.append(variant == RealServers.Variant.IMPLICIT ? " UseImplicitSSL\n" : "\n");
      }
    }
    RealServers.write(path("proftpd.conf"), text.toString());
    return path("proftpd.conf");
  }

  private String groupName() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/etc/group"))) {
      return lines.map(line -> line.split(":", -1)).filter(parts -> parts.length > 2 && parts[2].equals(account.gid()))
          .findFirst().map(parts -> parts[0]).orElseThrow(() -> new IOException("no group has the number " + account.gid()));
    }
  }

  /** The log of the server. */
  String messages() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String name : List.of("output", "log", "tls.log")) {
      if (Files.exists(path(name), LinkOption.NOFOLLOW_LINKS)) {
        all.append(Files.readString(path(name)));
      }
    }
    return all.toString().strip();
  }

  void delete() throws IOException {
    Files.deleteIfExists(pamService);
    TempFolders.delete(path);
  }
}
