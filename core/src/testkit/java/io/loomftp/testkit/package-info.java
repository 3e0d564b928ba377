/**
 * The servers that the tests talk to. They use no class of LoomFTP, as independent
 * peers; only {@link io.loomftp.testkit.FreshProfiles}, which is no server, does.
 *
 * <p>{@link io.loomftp.testkit.ScriptedServer} is for everything odd or hostile, {@link io.loomftp.testkit.EmbeddedServer}
 * is Apache FtpServer in this JVM, {@link io.loomftp.testkit.RealServers} starts vsftpd and ProFTPD, and
 * {@link io.loomftp.testkit.Certificates} creates certificates. All of them listen on loopback only and leave no thread,
 * socket or process behind once closed.
 *
 * @since 0.1.0
 */
@NullMarked
package io.loomftp.testkit;

import org.jspecify.annotations.NullMarked;
