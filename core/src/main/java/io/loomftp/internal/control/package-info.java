/** The control connection: commands and replies in step, login, pipelining, and what was learnt of the server. */
@NullMarked
package io.loomftp.internal.control;

import org.jspecify.annotations.NullMarked;
