/** Voiding an accepted event: finding it, and asking ingest to write that it counts no more. */
@NullMarked
package io.tallystick.ingest.voiding;

import org.jspecify.annotations.NullMarked;
