/** The aggregator as a Kafka Streams application: its topology, its stores and its processor. */
@NullMarked
package io.tallystick.aggregator.stream;

import org.jspecify.annotations.NullMarked;
