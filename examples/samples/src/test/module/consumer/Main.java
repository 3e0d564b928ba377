package consumer;

import io.loomftp.Ftp;
import io.loomftp.FtpConfig;
import io.loomftp.async.AsyncFtp;
import io.loomftp.mirror.Mirror;
import io.loomftp.pool.FtpPool;
import io.loomftp.watch.Watch;
import java.nio.file.Path;

/** Arguments: host, port, user, password, folder for a mirror of {@code /pub}. */
final class Main {
  private Main() {}

  public static void main(String[] args) throws Exception {
    FtpConfig config = FtpConfig.builder(args[0]).port(Integer.parseInt(args[1])).credentials(args[2], args[3]).build();
    System.out.println("session " + Ftp.run(config, ftp -> ftp.size("/pub/numbers.bin")));
    try (FtpPool pool = FtpPool.of(config, 2)) {
      System.out.println("pool " + pool.run(ftp -> ftp.exists("/pub/notes.txt")));
      System.out.println("mirror " + Mirror.download("/pub", Path.of(args[4])).plan(pool).apply(pool).orThrow().failures().size());
      try (Watch watch = Watch.on(pool, "/pub").existing().build()) {
        System.out.println("watch " + watch.poll().size());
      }
    }
    try (AsyncFtp async = AsyncFtp.create()) {
      System.out.println("future " + async.session("one", config).connect().join().code());
    }
    System.out.println(Ftp.class.getModule() + ", " + AsyncFtp.class.getModule() + ", " + Main.class.getModule());
  }
}
