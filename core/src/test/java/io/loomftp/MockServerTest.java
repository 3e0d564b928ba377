package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mockftpserver.fake.FakeFtpServer;
import org.mockftpserver.fake.UserAccount;
import org.mockftpserver.fake.filesystem.DirectoryEntry;
import org.mockftpserver.fake.filesystem.FileEntry;
import org.mockftpserver.fake.filesystem.UnixFakeFileSystem;

/** Sessions with MockFtpServer: no FEAT, no MLSD, no MDTM. */
@Timeout(60)
class MockServerTest {
  private final FakeFtpServer server = new FakeFtpServer();

  @BeforeEach
  void start() {
    var files = new UnixFakeFileSystem();
    files.add(new DirectoryEntry("/home"));
    files.add(new FileEntry("/home/a.txt", "hello"));
    server.setFileSystem(files);
    server.addUserAccount(new UserAccount("alice", "secret", "/home"));
    server.setServerControlPort(0);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private FtpConfig config(String password) {
    return FtpConfig.builder("localhost")
        .port(server.getServerControlPort())
        .credentials("alice", password)
        .timeouts(Timeouts.of(Duration.ofSeconds(10)))
        .build();
  }

  @Test
  void whatItCanIsDoneAndWhatItCannotIsSaid() throws Exception {
    try (FtpSession ftp = Ftp.open(config("secret"))) {
      assertEquals(Features.NONE.names(), ftp.features().names());
      assertEquals("/home", ftp.pwd());
      assertEquals("hello", SessionFixture.text(ftp.get("a.txt")));
      ftp.put("b.txt", out -> out.write("more".getBytes(StandardCharsets.US_ASCII)));
      assertEquals(4, ftp.size("b.txt"));
      try (Listing rows = ftp.list()) {
        assertEquals(List.of("a.txt", "b.txt"), rows.stream().map(FtpEntry::name).sorted().toList());
      }
      assertTrue(ftp.exists("b.txt"));
      assertFalse(ftp.exists("c.txt"));
      assertEquals(ErrorKind.UNSUPPORTED, assertThrows(FtpReplyException.class, () -> ftp.mdtm("a.txt")).kind());
      ftp.rename("b.txt", "c.txt");
      ftp.delete("c.txt");
    }
  }

  @Test
  void aWrongPasswordIsRefusedAndTheRightOneTakenOnTheSameConnection() throws Exception {
    try (FtpSession ftp = Ftp.connect(config("unused"))) {
      FtpLoginException refused =
          assertThrows(FtpLoginException.class, () -> ftp.login(Credentials.of("alice", "wrong")));
      assertEquals(ErrorKind.LOGIN, refused.kind());
      ftp.login(Credentials.of("alice", "secret"));
      assertEquals("/home", ftp.pwd());
    }
  }
}
