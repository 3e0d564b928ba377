/**
 * A pool of sessions to one server, and work done over several of them at a time.
 *
 * <p>{@link io.loomftp.pool.FtpPool} leases sessions; {@link io.loomftp.pool.Lease} is a session on loan. The connection limiter
 * keeps every pool of this JVM within what the server accepts. Segmented downloads fetch one file over several sessions.
 *
 * <p><b>Threads.</b> Everything here is safe for use by any number of threads; a leased session belongs to one thread at a
 * time. Every wait is bounded, and ends at once when the thread is interrupted or the pool is closed.
 *
 * @since 0.1.0
 */
@NullMarked
package io.loomftp.pool;

import org.jspecify.annotations.NullMarked;
