package io.loomftp.async;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of a successful command.
 *
 * @param value the value of its future
 * @param event the event for the listeners; null for a command without events
 */
record Outcome<T>(@Nullable T value, @Nullable FtpEvent event) {}
