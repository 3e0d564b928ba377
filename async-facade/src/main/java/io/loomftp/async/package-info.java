/**
 * FTP sessions whose verbs return at once: chained futures, subscribed events and reactive streams over the sessions of
 * {@link io.loomftp}.
 *
 * <p>{@link io.loomftp.async.AsyncFtp} holds {@linkplain io.loomftp.async.AsyncFtpSession sessions} by alias. Every command
 * can be posted by name ({@link io.loomftp.async.AsyncFtpSession#post(String, Object...)}), as a value
 * ({@link io.loomftp.async.FtpCommand}) or by its own method; each returns a {@link java.util.concurrent.CompletableFuture} and
 * is reported by {@linkplain io.loomftp.async.FtpEvent events}. Names of commands and events are those of
 * POE::Component::Client::FTP, and unknown ones are rejected at once.
 *
 * <h2>Threads</h2>
 *
 * <p>A session has two virtual threads, from its first command to its last event: {@code ftp-session-N (alias)} talks to the
 * server and runs no code of the user (but the {@link io.loomftp.SessionListener} and the {@link io.loomftp.EntryParser} of
 * its configuration, which belong to the core); {@code ftp-events-N (alias)} runs listeners, filters, progress, the streams,
 * publishers and subscribers that were given to it, and completes futures. Everything there runs one at a time and in order:
 * an event is first delivered to the listeners of the session, in the order in which they subscribed, then to those of the
 * {@link io.loomftp.async.AsyncFtp}, then the command's future completes.
 *
 * <ul>
 *   <li>A listener may block. That delays later events of its session, but not the transfer: data is read until one mebibyte of
 *       it is undelivered. Other sessions are not affected.
 *   <li>A listener may {@code join()} futures of its own session, and post more data than the send window holds. While it
 *       waits, later events are delivered inside its call, after all other listeners have received the present one.
 *   <li>An exception of a listener is logged; the other listeners are called.
 *   <li>A command posted while another one runs waits its turn. Only {@code put_data} may make the poster wait.
 *   <li>Cancelling a future, or {@code orTimeout}, aborts its command: one that has not begun is not sent; a transfer or
 *       listing is aborted, ends in {@code *_error}, and the session stays usable; connecting is aborted; a simple command or
 *       a login that is running completes. Cancelling a dependent future does not affect the command.
 *   <li>{@link io.loomftp.async.AsyncFtpSession#close} fails all outstanding commands with the reason.
 * </ul>
 *
 * <h2>Events</h2>
 *
 * <table>
 *   <caption>All events; {@code all} stands for every one of them</caption>
 *   <tr><th>names</th><th>type</th><th>when</th></tr>
 *   <tr><td>{@code connected}</td><td>{@link io.loomftp.async.FtpEvent.Connected}</td>
 *     <td>the greeting was read, TLS is established where it is configured</td></tr>
 *   <tr><td>{@code authenticated}</td><td>{@link io.loomftp.async.FtpEvent.Authenticated}</td><td>logged in: ready</td></tr>
 *   <tr><td>{@code cd cdup pwd mkdir rmdir delete rename size mdtm stat syst noop site quot type quit}</td>
 *     <td>{@link io.loomftp.async.FtpEvent.Completed}</td><td>the command succeeded</td></tr>
 *   <tr><td>{@code connect_error login_error}, each of the commands above, {@code get ls dir put} with {@code _error}</td>
 *     <td>{@link io.loomftp.async.FtpEvent.Failed}</td><td>refused or failed</td></tr>
 *   <tr><td>{@code rename_partial}</td><td>{@link io.loomftp.async.FtpEvent.Partial}</td><td>the reply to RNFR was 350</td></tr>
 *   <tr><td>{@code get_connected ls_connected dir_connected put_connected}</td>
 *     <td>{@link io.loomftp.async.FtpEvent.DataConnected}</td><td>the data connection is established</td></tr>
 *   <tr><td>{@code get_server ls_server dir_server put_server}</td>
 *     <td>{@link io.loomftp.async.FtpEvent.Started}</td><td>the 1yz reply arrived</td></tr>
 *   <tr><td>{@code get_data ls_data dir_data}</td><td>{@link io.loomftp.async.FtpEvent.Data}</td>
 *     <td>a block, a line, or an item of the {@link io.loomftp.async.DataFilter}</td></tr>
 *   <tr><td>{@code get_done ls_done dir_done put_closed}</td><td>{@link io.loomftp.async.FtpEvent.Done}</td>
 *     <td>all data was moved and the server's final reply is 2yz</td></tr>
 *   <tr><td>{@code put_flushed}</td><td>{@link io.loomftp.async.FtpEvent.Flushed}</td>
 *     <td>once for each {@code put_data}, in order</td></tr>
 *   <tr><td>{@code closed}</td><td>{@link io.loomftp.async.FtpEvent.Closed}</td>
 *     <td>a connected session ended other than by {@code quit}</td></tr>
 * </table>
 *
 * <p>{@code connected} comes before {@code authenticated}. Every {@code *_connected} is followed by exactly one {@code
 * *_done}, {@code put_closed} or {@code *_error}; {@code *_server} comes once before that end, in active mode possibly before
 * {@code *_connected}. A transfer that is refused before its data connection is established has {@code *_error} alone, one
 * that was skipped ({@link io.loomftp.TransferOptions}) has {@code get_done} or {@code put_closed} alone. Nothing follows
 * {@code quit} or {@code closed}.
 *
 * <h2>Commands</h2>
 *
 * <p>{@code connect}; {@code login [user password]}; {@code cd path}; {@code cdup}; {@code pwd}; {@code mkdir path};
 * {@code rmdir path}; {@code delete path}; {@code rename from to}; {@code size path}; {@code mdtm path}; {@code stat [path]};
 * {@code syst}; {@code noop}; {@code site command}; {@code quot command}; {@code type A|I}; {@code quit};
 * {@code ls [path]} (LIST); {@code dir [path]} (NLST); {@code get path} or {@code get path Path|OutputStream [Progress]};
 * {@code put path} or {@code put path Path|InputStream [Progress]}; {@code put_data bytes} (an array, a buffer, or text in
 * UTF-8); {@code put_close}; {@code trans_mode ascii|binary|manual}; {@code conn_mode active|passive}, {@code mode} for short,
 * or a {@link io.loomftp.DataMode}; {@code blocksize bytes}; {@code timeout seconds}, or a {@link java.time.Duration} or
 * {@link io.loomftp.Timeouts}. Where a Path is given, {@link io.loomftp.TransferOptions} may stand in place of the
 * Progress. The last four change the settings from the next command on and have no event.
 *
 * @since 0.1.0
 */
@NullMarked
package io.loomftp.async;

import org.jspecify.annotations.NullMarked;
