package io.loomftp;

/** What went wrong, in the words of somebody who must decide what to do next. */
public enum ErrorKind {
  /** There is no such file or folder. */
  NOT_FOUND,
  /** The user may not do that. */
  DENIED,
  /** Something of that name is already there. */
  EXISTS,
  /** No room, or over the quota. */
  QUOTA,
  /** Refused just now (4yz): the same call may succeed later. */
  BUSY,
  /** The server does not know the command or its argument (500, 501, 502, 504). */
  UNSUPPORTED,
  /** The user name, the password or the account was refused. */
  LOGIN,
  /** No connection could be made. */
  CONNECT,
  /** TLS was asked for and could not be had, or what came was not to be trusted. */
  TLS,
  /** A wait reached its bound. */
  TIMEOUT,
  /** The server said something that is not FTP. */
  PROTOCOL,
  /** The connection is gone. */
  CLOSED,
  /** The data ended before it was complete. */
  TRUNCATED,
  /** The data are all there and are not the same: the digests differ. */
  CORRUPT,
  /** The file was changed while it was transferred: what was moved is of no version, or not of the one that is there. */
  CHANGED,
  /** All data was sent or received, but the server's final word was lost. */
  IN_DOUBT,
  /** The caller called it off. */
  ABORTED,
  /** A bound of {@link Limits} was reached. */
  LIMIT,
  /** Anything that fits none of the others. */
  OTHER
}
