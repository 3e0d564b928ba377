package io.loomftp;

/** A conversation with one server. */
public final class FtpSession {}
