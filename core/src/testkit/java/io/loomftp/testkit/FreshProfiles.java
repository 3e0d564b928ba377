package io.loomftp.testkit;

import io.loomftp.internal.control.PermitRegistry;
import io.loomftp.internal.control.ServerProfiles;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Makes the JVM forget before each test what it learnt of servers, since a server may get the port of an earlier one. */
public final class FreshProfiles implements BeforeEachCallback {
  @Override
  public void beforeEach(ExtensionContext context) {
    ServerProfiles.JVM.clear();
    PermitRegistry.forgetAll();
  }
}
