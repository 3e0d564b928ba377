/**
 * Mirrors of directory trees, built on {@link io.loomftp.pool.FtpPool}.
 *
 * <p>{@link io.loomftp.mirror.Mirror} compares a local tree with a remote one and makes a
 * {@link io.loomftp.mirror.MirrorPlan}: data that can be read, saved and then applied. A
 * {@link io.loomftp.mirror.MirrorReport} has the result of each action.
 *
 * @since 0.1.0
 */
@NullMarked
package io.loomftp.mirror;

import org.jspecify.annotations.NullMarked;
