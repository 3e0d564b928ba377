package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.ScriptedServer;
import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stream that is copied moves as many bytes at a time as a transfer to a path. */
@Timeout(60)
class TransferToTest {
  /** Notes the longest block that is written to it. */
  private static final class Blocks extends ByteArrayOutputStream {
    private int longest;

    @Override
    public synchronized void write(byte[] block, int offset, int length) {
      longest = Math.max(longest, length);
      super.write(block, offset, length);
    }
  }

  @Test
  void blocksAreLongerThanThoseOfTheJdk() throws Exception {
    byte[] content = new byte[4 << 20];
    new Random(5).nextBytes(content);
    try (ScriptedServer server = ScriptedServer.start().file("/a", content);
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build());
        FtpInputStream in = ftp.get("a")) {
      Blocks blocks = new Blocks();
      assertEquals(content.length, in.transferTo(blocks));
      assertArrayEquals(content, blocks.toByteArray());
      assertTrue(blocks.longest > 16 << 10, blocks.longest + " bytes at most");
    }
  }
}
