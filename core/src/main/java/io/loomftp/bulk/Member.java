package io.loomftp.bulk;

import io.loomftp.FtpSession;

/** One session of a pool, in use or not, with the permit that it needs. */
final class Member {
  private final FtpSession session;
  private final Governor.Permit permit;

  /** Since when nobody uses it; guarded by the roster's lock. */
  long idleSince;
  /** When it was last seen alive; guarded by the roster's lock. */
  long seen;

  Member(FtpSession session, Governor.Permit permit, long now) {
    this.session = session;
    this.permit = permit;
    this.idleSince = now;
    this.seen = now;
  }

  FtpSession session() {
    return session;
  }

  /** Closes the session, with a farewell where it can be, and gives the permit back. */
  void close() {
    try {
      session.close();
    } finally {
      permit.released();
    }
  }
}
