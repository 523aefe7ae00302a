/** The invoicer on Kafka Streams, and the read model of what it has committed. */
@NullMarked
package io.tallystick.invoicer.stream;

import org.jspecify.annotations.NullMarked;
