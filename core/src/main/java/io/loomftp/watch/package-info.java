/** Polls a remote folder and reports files that were added, changed or removed, once they have stopped growing. */
@NullMarked
package io.loomftp.watch;

import org.jspecify.annotations.NullMarked;
