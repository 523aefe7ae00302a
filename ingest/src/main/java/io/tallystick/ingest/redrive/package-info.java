/** Dead letters after the fact: listing them and sending them again. */
@NullMarked
package io.tallystick.ingest.redrive;

import org.jspecify.annotations.NullMarked;
