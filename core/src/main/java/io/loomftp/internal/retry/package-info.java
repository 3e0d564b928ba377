/** When to try again, how long to wait before that, and how an operation is called off. Nothing here knows FTP. */
@NullMarked
package io.loomftp.internal.retry;

import org.jspecify.annotations.NullMarked;
