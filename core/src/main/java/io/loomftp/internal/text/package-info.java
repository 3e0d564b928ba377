/** Names and bytes: the one place where they turn into each other. */
@NullMarked
package io.loomftp.internal.text;

import org.jspecify.annotations.NullMarked;
