/** The records that travel on Tallystick's topics: plain values, no Kafka. */
@NullMarked
package io.tallystick.schemas.event;

import org.jspecify.annotations.NullMarked;
