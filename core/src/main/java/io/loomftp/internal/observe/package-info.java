/**
 * Events of JDK Flight Recorder and measurements for the user's metrics, both made here alone; the other packages say when
 * something begins and how it ended.
 */
@NullMarked
package io.loomftp.internal.observe;

import org.jspecify.annotations.NullMarked;
