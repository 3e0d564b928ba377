package io.loomftp;

/**
 * An entry that a walk delivers, see {@link FtpSession#walk}.
 *
 * @param path for the session's verbs: the start of the walk, a slash, and the names below it
 * @param depth 1 for the entries of the start itself
 * @param entry the entry in the listing of its folder
 */
public record WalkEntry(String path, int depth, FtpEntry entry) {}
