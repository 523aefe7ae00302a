/** The one list of topics, their keys and the tenant partitioner. */
@NullMarked
package io.tallystick.schemas.topic;

import org.jspecify.annotations.NullMarked;
