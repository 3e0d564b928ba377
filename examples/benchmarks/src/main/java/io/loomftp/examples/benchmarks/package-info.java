/**
 * Measurements of LoomFTP beside other clients.
 *
 * <p>{@link io.loomftp.examples.benchmarks.SideBySide} runs all. A {@code Row} is work that several {@code Rival}s do; {@code
 * RowRun} lets them take turns, {@code Meter} measures one of them, {@code Report} and {@code Charts} show the results. The
 * rows are in the classes with names such as {@code BulkRows}. {@code Fixture} has what they share: {@code Data}, servers,
 * {@code LatencyLink}s. The peers are {@code CommonsClient}, {@code SocketLoop}, {@code Curl} and {@code Lftp}.
 *
 * <p>{@link io.loomftp.examples.benchmarks.SmallFiles} measures against a server of the reader's choice. The small things,
 * such as one reply or one line of a listing, are measured in {@link io.loomftp.examples.benchmarks.micro}.
 */
@NullMarked
package io.loomftp.examples.benchmarks;

import org.jspecify.annotations.NullMarked;
