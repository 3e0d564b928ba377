/**
 * Small programs, each of which answers one question, and the demo. Without an argument they work on a server inside
 * their own JVM; an address such as {@code ftpes://user@ftp.example.org/pub} sends them elsewhere.
 *
 * <table>
 *   <caption>Which program answers which question</caption>
 *   <tr><th>Program</th><th>Question</th></tr>
 *   <tr><td>{@link io.loomftp.examples.samples.Demo}</td><td>What can it do, and what goes over the wire?</td></tr>
 *   <tr><td>{@link io.loomftp.examples.samples.Download}</td>
 *       <td>How do I download a file and show its progress?</td></tr>
 *   <tr><td>{@link io.loomftp.examples.samples.Upload}</td>
 *       <td>How do I upload a file, generated content, or a line appended to a file?</td></tr>
 *   <tr><td>{@link io.loomftp.examples.samples.ListFolder}</td>
 *       <td>How do I list a folder, and which facts does each entry have?</td></tr>
 *   <tr><td>{@link io.loomftp.examples.samples.Resume}</td>
 *       <td>How do I continue an interrupted download?</td></tr>
 *   <tr><td>{@link io.loomftp.examples.samples.CarefulTransfer}</td>
 *       <td>How do I transfer a file completely, verified, and only when it changed?</td></tr>
 *   <tr><td>{@link io.loomftp.examples.samples.ExplicitTls}</td>
 *       <td>How do I use TLS, and how do I check that the data was protected too?</td></tr>
 *   <tr><td>{@link io.loomftp.examples.samples.TrustOwnCa}</td>
 *       <td>How do I trust a server whose certificate was signed by our own authority?</td></tr>
 *   <tr><td>{@link io.loomftp.examples.samples.ManySessions}</td>
 *       <td>How do I run many sessions at the same time?</td></tr>
 *   <tr><td>{@link io.loomftp.examples.samples.SharedSessions}</td>
 *       <td>How do many threads share few sessions?</td></tr>
 *   <tr><td>{@link io.loomftp.examples.samples.MirrorTree}</td>
 *       <td>How do I mirror a remote folder?</td></tr>
 *   <tr><td>{@link io.loomftp.examples.samples.MicrometerMeters}</td>
 *       <td>How do I publish metrics through Micrometer?</td></tr>
 *   <tr><td>{@link io.loomftp.examples.samples.TraceSpans}</td>
 *       <td>How do I trace what a session does, as OpenTelemetry does?</td></tr>
 *   <tr><td>{@link io.loomftp.examples.samples.FuturesChain}</td>
 *       <td>How do I chain steps without a waiting thread?</td></tr>
 *   <tr><td>{@link io.loomftp.examples.samples.EventPrinter}</td>
 *       <td>Which events are there, and in which order?</td></tr>
 *   <tr><td>{@link io.loomftp.examples.samples.EventList}</td>
 *       <td>How do I log in again after a refusal, and get the entries of a listing as objects?</td></tr>
 *   <tr><td>{@link io.loomftp.examples.samples.Synopsis}</td>
 *       <td>How does a program for POE::Component::Client::FTP read here?</td></tr>
 *   <tr><td>{@link io.loomftp.examples.samples.EventUpload}</td>
 *       <td>May I post a whole file in one loop?</td></tr>
 *   <tr><td>{@link io.loomftp.examples.samples.EventSync}</td>
 *       <td>How do I upload in step with the network?</td></tr>
 *   <tr><td>{@link io.loomftp.examples.samples.ManySessionsBus}</td>
 *       <td>How do I receive the events of many sessions in one place?</td></tr>
 * </table>
 *
 * <p>{@code Target} and {@code Address} find the server, {@code EmbeddedServer} and {@code OwnCa} are one.
 *
 * <p>To run one of them: {@code mvn -q -pl examples/samples -am compile exec:exec -Dsample=ListFolder}, with
 * {@code -Ddemo.args=ftp://user@ftp.example.org/pub} for another server. The password comes from the environment variable
 * {@code LOOMFTP_PASSWORD}, else it is asked for.
 */
@NullMarked
package io.loomftp.examples.samples;

import org.jspecify.annotations.NullMarked;
