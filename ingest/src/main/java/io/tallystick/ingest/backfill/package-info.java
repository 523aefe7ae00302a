/** Filling a meter that was added later from events that were accepted before. */
@NullMarked
package io.tallystick.ingest.backfill;

import org.jspecify.annotations.NullMarked;
