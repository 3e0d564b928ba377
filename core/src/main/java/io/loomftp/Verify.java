package io.loomftp;

/** How a transfer is verified after its data was moved. Text ({@link TransferType#ASCII}) is never compared. */
public enum Verify {
  /** Only by a clean end of the data and a final reply of 2yz. */
  NONE,
  /** By size where the server gives it (SIZE). The default. */
  SIZE,
  /** By size, and by a digest with the strongest hash command that the server offers; by size alone where it offers none. */
  HASH_IF_OFFERED,
  /** By size and digest; where the server offers no hash command the transfer fails before any data is moved. */
  HASH
}
