/** Encodes commands and decodes replies (RFC 959 and its successors), line by line; knows no socket. */
@NullMarked
package io.loomftp.internal.wire;

import org.jspecify.annotations.NullMarked;
