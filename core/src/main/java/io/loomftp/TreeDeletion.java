package io.loomftp;

import java.util.List;

/**
 * What {@link FtpSession#deleteTree} deleted, or would delete, in the order in which that is done: a folder after its contents.
 *
 * @param dryRun whether nothing was deleted
 * @param files the paths of files and links
 * @param folders the paths of folders
 */
public record TreeDeletion(boolean dryRun, List<String> files, List<String> folders) {
  /** Copies the lists. */
  public TreeDeletion {
    files = List.copyOf(files);
    folders = List.copyOf(folders);
  }

  /** How many files, links and folders there are. */
  public long count() {
    return (long) files.size() + folders.size();
  }
}
