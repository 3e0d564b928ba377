package io.loomftp.mirror;

import io.loomftp.Retry;
import io.loomftp.TransferOptions;

/** How a mirror transfers files unless the caller sets {@link TransferOptions}. */
final class TransferDefaults {
  private static final TransferOptions SMALL_DOWNLOAD = TransferOptions.defaults().keepModified().retry(Retry.standard());
  private static final TransferOptions DOWNLOAD = SMALL_DOWNLOAD.resume();
  private static final TransferOptions SMALL_UPLOAD = SMALL_DOWNLOAD.atomic();
  private static final TransferOptions UPLOAD = SMALL_UPLOAD.resume();

  private TransferDefaults() {}

  static TransferOptions of(MirrorDirection direction) {
    return direction == MirrorDirection.UPLOAD ? UPLOAD : DOWNLOAD;
  }

  /** The options for a small file: with the defaults it is not resumed, since asking takes as long as sending it again. */
  static TransferOptions forSmall(TransferOptions options) {
    return options == UPLOAD ? SMALL_UPLOAD : options == DOWNLOAD ? SMALL_DOWNLOAD : options;
  }
}
