/** How bytes become a CloudEvent: envelope attributes, and of the data only what meters read. Pure: no Kafka, no clock. */
@NullMarked
package io.tallystick.ingest.decode;

import org.jspecify.annotations.NullMarked;
