/**
 * The FTP and FTPS client: sessions ({@link io.loomftp.Ftp}, {@link io.loomftp.FtpSession}, the streams and the
 * {@link io.loomftp.Listing}) and the values they use (configuration, replies, entries, exceptions).
 *
 * <p><b>Start here.</b> {@link io.loomftp.FtpConfig} names the server and the settings; {@link io.loomftp.Ftp#run Ftp.run} runs a
 * script with a logged-in {@link io.loomftp.FtpSession} on a virtual thread of its own.
 *
 * <p><b>Threads.</b> A session is used by one thread at a time. A second thread that calls a verb while one is running
 * gets an {@link java.lang.IllegalStateException}; only {@link io.loomftp.FtpSession#abort abort} and
 * {@link io.loomftp.FtpSession#close close} may be called from anywhere. Interrupting a virtual thread that is blocked
 * in a session closes that session's connection: the call ends at once with an {@link io.loomftp.FtpClosedException}.
 * Everything else in this package is immutable and may be shared.
 *
 * <p><b>Failure.</b> Nothing returns {@code null}, {@code false} or an empty list to mean failure: a call returns its
 * result or throws an {@link io.loomftp.FtpException}. After an error reply
 * ({@link io.loomftp.FtpReplyException}, {@link io.loomftp.FtpLoginException}), a broken transfer whose final reply was
 * read ({@link io.loomftp.FtpTransferException}) and a local failure ({@link io.loomftp.FtpLocalException}) the
 * session goes on; after anything else it is closed, and the first reason is the cause of every later failure.
 * {@link io.loomftp.FtpException#sessionUsable()} distinguishes the two.
 *
 * <p><b>Time.</b> Every wait is bounded by {@link io.loomftp.Timeouts}. Durations are {@link java.time.Duration}, points
 * in time {@link java.time.Instant}.
 *
 * <p><b>Names.</b> Remote paths are strings in the form the server uses and are never rewritten. They travel in the
 * configured charset (UTF-8); bytes that are not valid in it are shown as lone low surrogates {@code U+DC80} to
 * {@code U+DCFF}, so that every listed name can be sent back byte for byte. CR, LF and NUL in any argument are refused
 * with an {@link java.lang.IllegalArgumentException} before a byte is sent.
 *
 * <p><b>Logging.</b> The library logs to SLF4J under the names of its classes: the whole control conversation at DEBUG, with
 * secrets masked, and a few warnings; nothing at INFO or ERROR. A backend without a configuration may print all of it (Logback
 * does, to the standard output): set the level of {@code io.loomftp} to WARN there. Without a backend nothing is logged. Paths
 * and user names are not secrets. {@link io.loomftp.FtpSession#transcript()} has the last lines in any case.
 *
 * <p><b>Measuring.</b> {@link io.loomftp.FtpMetrics} counts what sessions do and how long it takes; JDK Flight Recorder records
 * the events {@code loomftp.Connect}, {@code loomftp.TlsHandshake}, {@code loomftp.Command}, {@code loomftp.Transfer},
 * {@code loomftp.PoolWait} and {@code loomftp.Retry}. Nothing is measured unless one of them is asked for.
 *
 * <p>Arguments must not be {@code null}; a {@code null} is a {@link java.lang.NullPointerException}.
 *
 * @since 0.1.0
 */
@NullMarked
package io.loomftp;

import org.jspecify.annotations.NullMarked;
