/** Exact quantities, dimensions, windows and the mergeable state of each aggregation. */
@NullMarked
package io.tallystick.schemas.value;

import org.jspecify.annotations.NullMarked;
