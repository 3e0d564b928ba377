package io.loomftp.testkit;

import io.loomftp.internal.control.PermitRegistry;
import io.loomftp.internal.control.ServerProfiles;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Forgets before each test what was learnt of servers: the next one may get the port of another. */
public final class FreshProfiles implements BeforeEachCallback {
  @Override
  public void beforeEach(ExtensionContext context) {
    ServerProfiles.JVM.clear();
    PermitRegistry.forgetAll();
  }
}
