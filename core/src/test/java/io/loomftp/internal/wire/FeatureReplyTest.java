package io.loomftp.internal.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.Features;
import io.loomftp.Reply;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Replies to FEAT. */
class FeatureReplyTest {
  @Test
  void everyLineBetweenTheFirstAndTheLastIsAFeature() {
    Features features =
        FeatureReply.of(
            new Reply(211, List.of("Features:", " mlst type*;size*;", " REST STREAM", "UTF8", "   ", " AUTH TLS",
                " AUTH SSL", "End")));
    assertEquals(Set.of("AUTH", "MLST", "REST", "UTF8"), features.names());
    assertTrue(features.has("Rest", "stream"));
    assertTrue(features.has("AUTH", "TLS"));
    assertTrue(features.has("AUTH", "SSL"));
    assertFalse(features.has("REST", "STREA"));
    assertFalse(features.has("SIZE"));
    assertEquals(Optional.of("type*;size*;"), features.parameters("MLST"));
    assertEquals(Optional.of(""), features.parameters("utf8"));
    assertEquals(Optional.empty(), features.parameters("SIZE"));
  }

  @Test
  void oneLineOrAnErrorIsNoFeature() {
    assertEquals(Set.of(), FeatureReply.of(Reply.of(211, "no features")).names());
    assertEquals(Set.of(), FeatureReply.of(new Reply(211, List.of("Features:", "End"))).names());
    assertEquals(Set.of(), FeatureReply.of(new Reply(500, List.of("FEAT", " UTF8", "unknown"))).names());
  }
}
