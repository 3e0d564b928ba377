/** Retry policy, backoff and cancellation; knows nothing of FTP. */
@NullMarked
package io.loomftp.internal.retry;

import org.jspecify.annotations.NullMarked;
