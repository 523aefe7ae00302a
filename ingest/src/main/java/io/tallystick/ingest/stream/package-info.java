/** The ingest stage as a Kafka Streams application. */
@NullMarked
package io.tallystick.ingest.stream;

import org.jspecify.annotations.NullMarked;
