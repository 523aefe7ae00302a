/** How identities are remembered: entries, sealed blocks and filtered runs. Pure: no Kafka, no clock. */
@NullMarked
package io.tallystick.ingest.dedup;

import org.jspecify.annotations.NullMarked;
