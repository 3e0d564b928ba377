/** The control connection: commands and replies, login, pipelining, connection limits, and the profile of the server. */
@NullMarked
package io.loomftp.internal.control;

import org.jspecify.annotations.NullMarked;
