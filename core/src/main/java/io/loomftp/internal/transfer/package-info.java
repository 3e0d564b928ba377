/** One data transfer: setting up its data connection, moving its data, aborting it, and its final reply. */
@NullMarked
package io.loomftp.internal.transfer;

import org.jspecify.annotations.NullMarked;
