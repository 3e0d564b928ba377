package io.loomftp.async;

import org.jspecify.annotations.Nullable;

/**
 * How a command ended well.
 *
 * @param value for its future
 * @param event for the listeners; null for a command that has none
 */
record Outcome<T>(@Nullable T value, @Nullable FtpEvent event) {}
