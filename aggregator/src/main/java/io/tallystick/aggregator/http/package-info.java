/** What the aggregator answers over HTTP. */
@NullMarked
package io.tallystick.aggregator.http;

import org.jspecify.annotations.NullMarked;
