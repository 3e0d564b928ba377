package io.loomftp;

import java.time.Duration;
import java.util.Optional;

/**
 * A transfer that succeeded: the data ended cleanly and the server's final reply was 2yz.
 *
 * @param path the remote path; for STOU the one the server chose
 * @param bytes moved by this transfer, as they were on the wire
 * @param duration from the first command to the final reply
 * @param reply the server's final reply
 * @param protection how TLS protected the data; empty when it did not
 */
public record TransferResult(
    String path, long bytes, Duration duration, Reply reply, Optional<DataConnection.Protection> protection) {}
