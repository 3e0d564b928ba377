package io.loomftp.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Faults at one step, injected by {@link ScriptedServer#faultAtReply} and {@link ScriptedServer#faultOnData}. */
public enum Fault {
  /** The connection ends (FIN) in place of the step. */
  FIN,
  /** The connection is reset in place of the step. */
  RST,
  /** Half of the step, then FIN. */
  HALF_THEN_FIN,
  /** Half of the step, then RST. */
  HALF_THEN_RST,
  /** Nothing more is sent. */
  STALL,
  /** Bytes that are not FTP; on data: bytes that are not of the file. */
  GARBAGE,
  /** All bytes one at a time without a pause, which is correct. */
  BYTEWISE,
  /** One byte a second: too slow to wait for the end. */
  DRIP,
  /** 421 in place of the reply, then FIN; on data: data are cut and 421 is the final reply. */
  SAY_421;

  private static final byte[] NOISE = "\u0000\u0001HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

  void onReply(Conversation c, byte[] reply) throws IOException {
    switch (this) {
      case FIN -> c.close();
      case RST -> c.reset();
      case HALF_THEN_FIN -> {
        c.raw(java.util.Arrays.copyOf(reply, reply.length / 2));
        c.close();
      }
      case HALF_THEN_RST -> {
        c.raw(java.util.Arrays.copyOf(reply, reply.length / 2));
        c.reset();
      }
      case STALL -> c.stall();
      case GARBAGE -> c.raw(NOISE);
      case BYTEWISE -> dripOn(c, reply, Duration.ZERO);
      case DRIP -> dripOn(c, reply, Duration.ofSeconds(1));
      case SAY_421 -> {
        c.raw("421 Service not available, closing control connection.\r\n");
        c.close();
      }
    }
  }

  private static void dripOn(Conversation c, byte[] bytes, Duration pause) throws IOException {
    try {
      c.drip(bytes, pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the server is being closed", e);
    }
  }

  /** Sends the data of a download with the fault; true when the ordinary end and final reply follow. */
  boolean onData(Conversation c, DataPipe data, byte[] content) throws IOException, InterruptedException {
    byte[] half = java.util.Arrays.copyOf(content, content.length / 2);
    switch (this) {
      case FIN -> data.truncate();
      case RST -> data.reset();
      case HALF_THEN_FIN -> data.send(half).truncate();
      case HALF_THEN_RST -> data.send(half).reset();
      case STALL -> data.send(half).stall();
      case GARBAGE -> data.sendInTheClear(NOISE);
      case BYTEWISE -> data.drip(content, Duration.ZERO);
      case DRIP -> data.drip(content, Duration.ofSeconds(1));
      case SAY_421 -> {
        data.send(half).finish();
        c.raw("421 Service not available, closing control connection.\r\n");
        c.close();
        return false;
      }
    }
    return true;
  }
}
