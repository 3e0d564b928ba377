package io.loomftp.mirror;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/**
 * What a plan says, as it is saved.
 *
 * @param id unique to this plan
 * @param made when it was made
 * @param direction which side is the source
 * @param remote the root on the server
 * @param local the root on this machine, absolute
 * @param names which names of the server may become local ones
 * @param followLinks links of the source are followed
 * @param deleteShare the share of the destination that may be deleted; 0 for nothing
 * @param unchanged files that are the same on both sides
 * @param destinationEntries entries that were found at the destination
 * @param complete everything could be listed and nothing was refused
 * @param actions in the order in which they are carried out
 */
record PlanData(
    UUID id,
    Instant made,
    MirrorDirection direction,
    String remote,
    String local,
    LocalNames names,
    boolean followLinks,
    double deleteShare,
    long unchanged,
    long destinationEntries,
    boolean complete,
    List<MirrorAction> actions) {

  PlanData {
    actions = Collections.unmodifiableList(actions);
  }

  boolean isDownload() {
    return direction == MirrorDirection.DOWNLOAD;
  }

  long count(MirrorAction.Kind kind) {
    return actions.stream().filter(action -> action.kind() == kind).count();
  }

  /** How many files, links and folders are to be deleted. */
  long deletes() {
    return actions.stream().filter(MirrorAction::isDelete).count();
  }

  /** The bytes of all transfers whose size is known. */
  long bytes() {
    return actions.stream()
        .filter(action -> action.kind() == MirrorAction.Kind.TRANSFER)
        .mapToLong(action -> action.size().orElse(0))
        .sum();
  }
}
