package io.loomftp;

/** How a transfer is checked when all its data was moved. Text ({@link TransferType#ASCII}) is never compared. */
public enum Verify {
  /** Not at all beyond what the server says: a clean end of the data and a final reply of 2yz. */
  NONE,
  /** The size is compared where the server tells it (SIZE). The default. */
  SIZE,
  /** The size, and a digest with the strongest hash command that the server offers; the size alone where it offers none. */
  HASH_IF_OFFERED,
  /** The size and a digest; where the server offers no hash command the transfer is refused before any data is moved. */
  HASH
}
