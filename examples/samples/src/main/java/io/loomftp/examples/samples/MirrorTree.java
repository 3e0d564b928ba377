package io.loomftp.examples.samples;

import io.loomftp.mirror.Mirror;
import io.loomftp.mirror.MirrorPlan;
import io.loomftp.pool.FtpPool;
import java.io.IOException;

/** How do I mirror a remote folder? With a plan that can be examined before it is applied. */
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
      System.out.println(plan.apply(pool).orThrow()); // throws if any action failed

      // Unchanged files are not transferred again, and nothing is deleted unless delete() is set.
      System.out.println("again: " + mirror.delete().plan(pool));
    }
  }
}
