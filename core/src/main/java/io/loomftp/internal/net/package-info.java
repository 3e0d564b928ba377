/** Sockets and TLS, with a bound on every wait. Not a word of FTP. */
@NullMarked
package io.loomftp.internal.net;

import org.jspecify.annotations.NullMarked;
