package io.loomftp.internal.control;

/** Opens a session. */
@FunctionalInterface
public interface Opening<T, E extends Exception> {
  T open() throws E;
}
