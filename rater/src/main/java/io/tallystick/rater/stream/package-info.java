/** The rater on Kafka Streams: from window totals to the charges of the open periods. */
@NullMarked
package io.tallystick.rater.stream;

import org.jspecify.annotations.NullMarked;
