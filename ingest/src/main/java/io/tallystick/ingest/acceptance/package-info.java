/** How an event is decided: its readings, its identity and content, or the reason it is refused. Pure: no Kafka, no clock. */
@NullMarked
package io.tallystick.ingest.acceptance;

import org.jspecify.annotations.NullMarked;
