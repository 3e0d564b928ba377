/**
 * Many files over many sessions: built from public sessions alone.
 *
 * <p>{@link io.loomftp.bulk.Mirror} compares two trees and makes a {@link io.loomftp.bulk.MirrorPlan} of what is to be done:
 * data, to be read, saved and then carried out.
 */
@NullMarked
package io.loomftp.bulk;

import org.jspecify.annotations.NullMarked;
