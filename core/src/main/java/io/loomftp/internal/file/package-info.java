/** Transfers one whole file: partial files, resuming, verification, retries, and settling unknown outcomes. */
@NullMarked
package io.loomftp.internal.file;

import org.jspecify.annotations.NullMarked;
