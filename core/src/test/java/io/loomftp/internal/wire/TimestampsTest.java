package io.loomftp.internal.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times as MDTM and MFMT write them. */
class TimestampsTest {
  @ParameterizedTest
  @CsvSource({
      "20260102030405, 2026-01-02T03:04:05Z",
      "' 20260102030405 ', 2026-01-02T03:04:05Z",
      "20260102030405.5, 2026-01-02T03:04:05.5Z",
      "20260102030405.123456789012, 2026-01-02T03:04:05.123456789Z",
      "19700101000000, 1970-01-01T00:00:00Z",
      "19691231235959, 1969-12-31T23:59:59Z",
      "20240229120000, 2024-02-29T12:00:00Z",
      "20161231235960, 2016-12-31T23:59:59Z",
      "191000102030405, 2000-01-02T03:04:05Z",
      "191260102030405, 2026-01-02T03:04:05Z",
      "19100102030405, 1910-01-02T03:04:05Z"
  })
  void aTimeIsReadAsUtc(String text, String expected) throws Exception {
    assertEquals(Instant.parse(expected), Timestamps.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
          "",
          "yesterday",
          "2026010203040",
          "202601020304050",
          "20260102030405.",
          "20260102030405.x",
          "20260102030405Z",
          "-20260102030405",
          "20261302030405",
          "20260230030405",
          "20260102240405",
          "20260102036005",
          "2026-01-02 03:04:05",
          "\u0662\u0660\u0662\u0666\u0660\u0661\u0660\u0662\u0660\u0663\u0660\u0664\u0660\u0665"
      })
  void whatIsNoTimeIsRefused(String text) {
    assertThrows(BadReplyException.class, () -> Timestamps.parse(text));
  }

  @Test
  void aTimeIsWrittenToTheSecondInUtc() {
    assertEquals("20260102030405", Timestamps.format(Instant.parse("2026-01-02T03:04:05.999Z")));
  }
}
