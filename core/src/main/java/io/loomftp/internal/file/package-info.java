/** Moves one file as a whole: part files, resuming, comparing, trying again, and finding out what became of it. */
@NullMarked
package io.loomftp.internal.file;

import org.jspecify.annotations.NullMarked;
