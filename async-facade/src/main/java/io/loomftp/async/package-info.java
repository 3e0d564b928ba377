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
 * <p>A session has virtual threads of its own, from its first command to its last event:
 *
 * <ul>
 *   <li>{@code ftp-session-N (alias)} runs the commands and moves the data. Code of the user runs on it only where data passes
 *       through: filters, streams, publishers and subscribers, and the {@link io.loomftp.SessionListener} and
 *       {@link io.loomftp.EntryParser} of the configuration.
 *   <li>{@code ftp-events-N (alias)} runs listeners and progress, one at a time and in order: first the listeners of the session,
 *       in the order in which they subscribed, then those of the {@link io.loomftp.async.AsyncFtp}. On request they run on an
 *       executor instead ({@link io.loomftp.async.AsyncFtp#create(java.util.concurrent.Executor)}).
 *   <li>{@code ftp-futures-N (alias)} completes futures, in the order of their commands, and so runs their dependents. The event
 *       of a command is queued before its future completes, and usually delivered: the future waits for its listeners for a
 *       moment, but never for one that waits or takes long.
 * </ul>
 *
 * <p>Nothing that they do can hang a session:
 *
 * <ul>
 *   <li>A listener may block. That delays later events of its session, and no command, no future and no other session. While
 *       4 MiB of data are undelivered, a download by events waits, at most for {@code Timeouts.dataRead()}; then it fails.
 *   <li>A listener and a dependent may wait for futures of their own session, in any composition. A wait that could never end
 *       fails at once with an {@link java.lang.IllegalStateException} that says why: for a command behind 64 MiB of data that the
 *       listener has to take first, for the session's end, or inside a filter or stream.
 *   <li>An exception of a listener goes to {@link io.loomftp.async.AsyncFtpSession#onListenerError}, or is logged at ERROR. The
 *       other listeners are called. If it was the listener that had to feed an upload, the upload is aborted.
 *   <li>Commands are held until the user is logged in, also across {@code connect_error} and {@code login_error}, so that a
 *       listener of these may try again. They fail when nobody listens to these, and when nobody has tried again within
 *       {@code Timeouts.connect()}. {@code quit} ends the session then.
 *   <li>A command posted while another one runs waits its turn. Only {@code put_data} may make the poster wait.
 *   <li>Cancelling a future, or {@code orTimeout}, aborts its command: one that has not begun is not sent; a transfer or
 *       listing is aborted, ends in {@code *_error}, and the session stays usable; connecting is aborted; a simple command or
 *       a login that is running completes. Cancelling a dependent future does not affect the command, unless it depends on
 *       {@link io.loomftp.async.FtpFuture#whole()}.
 *   <li>{@link io.loomftp.async.AsyncFtpSession#close} fails all outstanding commands with the reason, at once.
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
 *   <tr><td>{@code pool_done}, {@code mirror_planned}, {@code mirror_progress}, {@code mirror_done}</td>
 *     <td>{@link io.loomftp.async.FtpEvent.PoolDone} and others</td>
 *     <td>work of an {@link io.loomftp.async.AsyncFtpPool}; with {@code pool_error} and {@code mirror_error}, not of the
 *     original</td></tr>
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
 * {@code syst}; {@code noop}; {@code site words}; {@code quot words}; {@code type A|I}; {@code quit};
 * {@code ls [words]} (LIST); {@code dir [words]} (NLST); {@code get path [offset]} or {@code get path Path|OutputStream
 * [Progress]}; {@code put path [offset]} or {@code put Path|InputStream path [Progress]}, also with the path first;
 * {@code append path}; {@code put_data bytes} (an array, a buffer, text in UTF-8, or what the
 * {@linkplain io.loomftp.async.AsyncFtpSession#putFilter filter} takes); {@code put_close}; {@code trans_mode ascii|binary|manual}; {@code conn_mode active|passive}, {@code mode} for short,
 * or a {@link io.loomftp.DataMode}; {@code blocksize bytes}; {@code timeout seconds}, or a {@link java.time.Duration} or
 * {@link io.loomftp.Timeouts}. {@link io.loomftp.TransferOptions} may stand in place of the Progress. A posted {@code type}
 * holds until the next one, or {@code trans_mode}. The last four change the settings from the next command on and have no event.
 *
 * @since 0.1.0
 */
@NullMarked
package io.loomftp.async;

import org.jspecify.annotations.NullMarked;
