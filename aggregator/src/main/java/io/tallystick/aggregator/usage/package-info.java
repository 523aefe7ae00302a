/** Usage queries: what is asked, and how windows answer it. Pure. */
@NullMarked
package io.tallystick.aggregator.usage;

import org.jspecify.annotations.NullMarked;
