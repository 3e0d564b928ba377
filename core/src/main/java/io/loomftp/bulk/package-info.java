/**
 * Many files over many sessions, built from the public sessions of {@link io.loomftp}: a pool of sessions
 * ({@link io.loomftp.bulk.FtpPool}), what a server can bear of them ({@link io.loomftp.bulk.Governor}), and what is done
 * with more than one session at a time.
 *
 * <p>{@link io.loomftp.bulk.Mirror} compares two trees and makes a {@link io.loomftp.bulk.MirrorPlan} of what is to be done:
 * data, to be read, saved and then carried out.
 *
 * <p><b>Threads.</b> Everything here may be used by any number of threads; a leased session belongs to one at a time, as
 * every session does. Waiting is bounded, and ends at once when the thread is interrupted or the pool closed.
 */
@NullMarked
package io.loomftp.bulk;

import org.jspecify.annotations.NullMarked;
