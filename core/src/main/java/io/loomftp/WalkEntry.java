package io.loomftp;

/**
 * An entry met on a walk, see {@link FtpSession#walk}.
 *
 * @param path to be given to the session's verbs: the start of the walk, a slash, and the names from there on
 * @param depth 1 for what lies in the start itself
 * @param entry what its folder's listing tells of it
 */
public record WalkEntry(String path, int depth, FtpEntry entry) {}
