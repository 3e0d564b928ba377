/** Conversion between names and bytes, and glob patterns. */
@NullMarked
package io.loomftp.internal.text;

import org.jspecify.annotations.NullMarked;
