/** Bytes to replies and commands to bytes: what RFC 959 and its successors say of single lines. No socket in here. */
@NullMarked
package io.loomftp.internal.wire;

import org.jspecify.annotations.NullMarked;
