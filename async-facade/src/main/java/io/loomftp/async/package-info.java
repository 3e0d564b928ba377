/** Futures and events. */
@NullMarked
package io.loomftp.async;

import org.jspecify.annotations.NullMarked;
