/** The rating core: what usage costs, as pure functions of catalogue and usage. */
@NullMarked
package io.tallystick.rater.pricing;

import org.jspecify.annotations.NullMarked;
