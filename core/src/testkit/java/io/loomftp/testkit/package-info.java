/**
 * The servers that the tests talk to. None of them knows a class of LoomFTP: they are its
 * independent peers. Only {@link io.loomftp.testkit.FreshProfiles} does, which is no server.
 *
 * <p>{@link io.loomftp.testkit.ScriptedServer} is for everything odd or hostile, {@link io.loomftp.testkit.EmbeddedServer}
 * is Apache FtpServer in this JVM, {@link io.loomftp.testkit.RealServers} starts vsftpd and ProFTPD, and
 * {@link io.loomftp.testkit.Certificates} makes what TLS needs. All of them listen on loopback only and leave no thread,
 * socket or process behind once closed.
 *
 * @since 0.1.0
 */
@NullMarked
package io.loomftp.testkit;

import org.jspecify.annotations.NullMarked;
