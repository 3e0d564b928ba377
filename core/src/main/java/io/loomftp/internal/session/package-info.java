/** The session that a verb runs in: exclusive use, reconnecting, and the state of the session. */
@NullMarked
package io.loomftp.internal.session;

import org.jspecify.annotations.NullMarked;
