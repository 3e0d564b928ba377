/**
 * Polls a remote folder and reports files that were added, changed or removed, once they have stopped growing.
 *
 * @since 0.1.0
 */
@NullMarked
package io.loomftp.watch;

import org.jspecify.annotations.NullMarked;
