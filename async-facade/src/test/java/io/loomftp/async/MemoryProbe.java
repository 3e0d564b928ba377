package io.loomftp.async;

import io.loomftp.FtpConfig;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A program of its own for {@link MemoryTest}: moves many bytes by events and says how much heap that took. */
final class MemoryProbe {
  private static final int CHUNK = 10_240;

  private MemoryProbe() {}

  /** Arguments: up or down, port, bytes. */
  public static void main(String[] args) throws Exception {
    long bytes = Long.parseLong(args[2]);
    FtpConfig config =
        FtpConfig.builder("localhost").port(Integer.parseInt(args[1])).credentials("alice", "secret").build();
    AtomicLong moved = new AtomicLong();
    AtomicLong events = new AtomicLong();
    long start = System.nanoTime();
    try (AsyncFtp ftp = AsyncFtp.create()) {
      AsyncFtpSession s = ftp.session("probe", config);
      if (args[0].equals("up")) {
        upload(s, bytes, moved, events);
      } else {
        download(s, moved, events);
      }
      s.on("all", FtpEvent.Failed.class, System.out::println);
      s.connect();
      s.ended().get(10, TimeUnit.MINUTES);
    }
    long peak = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      peak += pool.getType() == MemoryType.HEAP ? pool.getPeakUsage().getUsed() : 0;
    }
    System.out.printf(
        "%s: %d bytes, %d events, %.1f s, peak heap %.1f MB of %.0f%n",
        args[0], moved.get(), events.get(), (System.nanoTime() - start) / 1e9, peak / 1e6, Runtime.getRuntime().maxMemory()
            / 1e6);
  }

  /** Everything is posted in one go by the listener of put_connected, as in the original's sample. */
  private static void upload(AsyncFtpSession s, long bytes, AtomicLong moved, AtomicLong events) {
    s.on("authenticated", e -> s.post("put", "big"));
    s.on(
        "put_connected",
        e -> {
          byte[] chunk = new byte[CHUNK];
          for (long posted = 0; posted < bytes; posted += CHUNK) {
            s.post("put_data", chunk);
          }
          s.post("put_close");
        });
    s.on(
        "put_flushed",
        FtpEvent.Flushed.class,
        e -> {
          moved.addAndGet(e.bytes());
          events.incrementAndGet();
        });
    s.on("put_closed", e -> s.post("quit"));
  }

  /** The listener is slower than the server. */
  private static void download(AsyncFtpSession s, AtomicLong moved, AtomicLong events) {
    s.on("authenticated", e -> s.post("get", "big"));
    s.on(
        "get_data",
        FtpEvent.Data.class,
        e -> {
          moved.addAndGet(e.block().remaining());
          events.incrementAndGet();
          for (int i = 0; i < 4; i++) {
            digest(e.block());
          }
        });
    s.on("get_done", e -> s.post("quit"));
  }

  private static void digest(ByteBuffer block) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(block);
      if (digest.digest().length != 32) {
        throw new IllegalStateException("not a digest");
      }
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
