/** Measurements against other clients, each a program of its own that prints its figures. */
@NullMarked
package io.loomftp.examples.benchmarks;

import org.jspecify.annotations.NullMarked;
