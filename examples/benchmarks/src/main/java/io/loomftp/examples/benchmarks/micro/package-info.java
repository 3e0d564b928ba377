/**
 * JMH benchmarks of the small things that are done for every command, reply and line. {@link
 * io.loomftp.examples.benchmarks.micro.MicroBenchmarks} runs them.
 */
@NullMarked
package io.loomftp.examples.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
