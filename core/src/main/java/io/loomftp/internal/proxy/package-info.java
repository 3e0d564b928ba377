/** Connections through SOCKS and HTTP proxies, and the choice of the way to a server; knows nothing of FTP's commands. */
@NullMarked
package io.loomftp.internal.proxy;

import org.jspecify.annotations.NullMarked;
