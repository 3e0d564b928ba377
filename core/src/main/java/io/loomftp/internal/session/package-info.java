/** The session that a verb runs in: exclusive use, reconnecting, and what the session has set. */
@NullMarked
package io.loomftp.internal.session;

import org.jspecify.annotations.NullMarked;
