/** Sockets and TLS, with a bound on every wait; knows nothing of FTP. */
@NullMarked
package io.loomftp.internal.net;

import org.jspecify.annotations.NullMarked;
