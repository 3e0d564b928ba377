package io.loomftp.examples.samples;

import io.loomftp.mirror.Mirror;
import io.loomftp.mirror.MirrorPlan;
import io.loomftp.pool.FtpPool;
import java.io.IOException;

/** How do I make a local folder like one of the server? With a plan that says what is to be done before it is. */
public final class MirrorTree {
  private static final int SESSIONS = 4;

  private MirrorTree() {}

  /** Mirrors the folder of the address, or {@code /pub} of the embedded server, into a temporary folder, twice. */
  public static void main(String... arguments) throws IOException, InterruptedException {
    try (Target target = Target.of(arguments, "/pub");
        FtpPool pool = FtpPool.of(target.config(), SESSIONS)) {
      Mirror mirror = Mirror.download(target.path(), target.local("mirror"));

      MirrorPlan plan = mirror.plan(pool); // lists, compares, and changes nothing
      System.out.print(plan.describe());
      System.out.println(plan.apply(pool).orThrow()); // what is whole is whole, what failed is thrown

      // What did not change is not sent again, and what is not asked for is not deleted.
      System.out.println("again: " + mirror.delete().plan(pool));
    }
  }
}
