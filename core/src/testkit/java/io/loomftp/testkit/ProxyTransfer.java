package io.loomftp.testkit;

/**
 * A file transfer that a {@link CuttingProxy} saw.
 *
 * @param verb RETR, STOR, APPE or STOU
 * @param path as the client wrote it
 * @param offset what REST said before; 0 without one
 * @param bytes passed on over the data connection
 * @param code of the final reply; 0 when none came through
 */
public record ProxyTransfer(String verb, String path, long offset, long bytes, int code) {
  /** Whether the server said that it has or gave everything. */
  public boolean isConfirmed() {
    return code / 100 == 2;
  }
}
