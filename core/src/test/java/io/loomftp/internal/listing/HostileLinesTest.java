package io.loomftp.internal.listing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** Hostile lines of 8 KiB take less than 10 ms in each parser and in all of them together. */
@Timeout(300)
class HostileLinesTest {
  private static final int LENGTH = 8 << 10;
  private static final long AT_MOST = 10_000_000; // ns

  private static final String[] PATTERNS = {
      " ", "\t", "0", "9", "1 ", "a", "a ", "-", "drwx", "drwxrwxrwx", "drwxrwxrwx ",
      "-rw-r--r-- 1 a b 1 Nov 22 12:00 ", " -> ", "-> ", ";", "a=b;", "a=b; ", "=", "type=OS.unix=slink:;",
      "type=OS.unix=slink: ", "OS.unix=slink:/a ", "+", "+r,", ",", ",,", "Nov 22 ", "Nov ", "22 ", "22 Nov ",
      "2025 ", "11月", "11月 ", "2025年 ", "12:", "12:00 ", "1-", "1/1/1 ", "01-01-25 ", "<DIR>", "<DIR> ", "[",
      "]", " [", "[]", "(", ")", "*DIR ", "*", ";1", ";1 ", "1/1 ", "'", "%", "\u0000", "\r", "\u00e4",
      "\uFFFD", "😀", "JOB00001 ", "Volume Unit ", "Total of ", "A.B", "A.B ", "folder ", "total ", "M",
      "MEMBER ", "01.01 ", "Migrated ", "? ", "."
  };

  private static final String[] STARTS = {
      "", "-rw-r--r-- 1 a b 1 Nov 22 12:00 ", "lrwxrwxrwx 1 a b 1 Nov 22 12:00 ",
      "lrwxrwxrwx 1 a b 99999 Nov 22 12:00 x", "drwxrwxrwx ", "drwxrwxrwx 1", "01-01-25  12:00PM ",
      "01-01-25  12:00PM  <JUNCTION>  x [", "type=", "type=OS.unix=slink:", "type=file;", "+", "+r,",
      "A.TXT;1 ", "ALICE 1 04/03/24 14:06:34 *STMF ", "B10142 3390 2006/03/20 ", "MEMBER 01.01 ",
      "UTCAPPE JOB00046 ", "d [R----F--] ", "d [", "ENDTRACE TCPIP F 80 1 1 1999-07-28 12:24:01 ", " 1 A 01-01-25 ",
      "drwxrwxrwx folder "
  };

  @TestFactory
  Stream<DynamicTest> noLineTakesLong() {
    return Arrays.stream(STARTS).map(start -> DynamicTest.dynamicTest("'" + start + "'", () -> {
      for (String pattern : PATTERNS) {
        byte[] line = fill(start, pattern);
        for (boolean mlsd : new boolean[] {false, true}) {
          long best = Long.MAX_VALUE;
          for (int run = 0; run < 5 && best > AT_MOST; run++) {
            best = Math.min(best, time(line, mlsd));
          }
          assertTrue(best < AT_MOST, start + pattern + "... took " + best / 1000 + " us");
        }
      }
    }));
  }

  private static byte[] fill(String start, String pattern) {
    StringBuilder line = new StringBuilder(start);
    while (line.length() < LENGTH) {
      line.append(pattern);
    }
    return Arrays.copyOf(line.toString().getBytes(StandardCharsets.UTF_8), LENGTH);
  }

  private static long time(byte[] line, boolean mlsd) throws Exception {
    long start = CpuTime.now();
    List<String> diagnostics = new ArrayList<>();
    for (FtpEntry entry : ListingTable.entries(line, mlsd, ListingTable.FORMAT, d -> diagnostics.add(d.line()))) {
      assertEquals(entry, entry.toBuilder().build()); // looks at everything
      assertFalse(entry.rawLine().isEmpty());
    }
    return CpuTime.now() - start;
  }
}
