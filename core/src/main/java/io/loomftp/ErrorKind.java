package io.loomftp;

/** Classifies a failure by what the caller can do about it. */
public enum ErrorKind {
  /** There is no such file or folder. */
  NOT_FOUND,
  /** The user has no permission. */
  DENIED,
  /** The target exists already. */
  EXISTS,
  /** The disk is full or the quota is used up. */
  QUOTA,
  /** Refused at the moment (4yz): the same call may succeed later. */
  BUSY,
  /** The server does not know the command or its argument (500, 501, 502, 504). */
  UNSUPPORTED,
  /** The user name, the password or the account was refused. */
  LOGIN,
  /** No connection could be established. */
  CONNECT,
  /** TLS was demanded and could not be established, or the certificate is not trusted. */
  TLS,
  /** A timeout expired. */
  TIMEOUT,
  /** The server sent something that is not FTP. */
  PROTOCOL,
  /** The connection is closed or was lost. */
  CLOSED,
  /** The data ended before it was complete. */
  TRUNCATED,
  /** All data arrived, but the digests differ. */
  CORRUPT,
  /** The file changed during the transfer: the data is a mixture of versions, or not of the version that is there now. */
  CHANGED,
  /** All data was sent or received, but the server's final reply was lost. */
  IN_DOUBT,
  /** The caller aborted the operation. */
  ABORTED,
  /** A bound of {@link Limits} was reached. */
  LIMIT,
  /** None of the others. */
  OTHER
}
