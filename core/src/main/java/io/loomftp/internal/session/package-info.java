/** The steps of the protocol: logging in, opening data connections, moving data, calling it off. */
@NullMarked
package io.loomftp.internal.session;

import org.jspecify.annotations.NullMarked;
