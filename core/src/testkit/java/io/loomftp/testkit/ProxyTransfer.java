package io.loomftp.testkit;

/**
 * A file transfer through a {@link CuttingProxy}.
 *
 * @param verb RETR, STOR, APPE or STOU
 * @param path as sent by the client
 * @param offset the offset of a REST before; 0 without one
 * @param bytes relayed over the data connection
 * @param code of the final reply; 0 when none was relayed
 */
public record ProxyTransfer(String verb, String path, long offset, long bytes, int code) {
  /** Whether the server confirmed the transfer. */
  public boolean isConfirmed() {
    return code / 100 == 2;
  }
}
