package io.tallystick.rater.pricing;

import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.value.Fraction;
import java.util.List;

/**
 * What became of one group.
 *
 * @param exact behind the maximum, before it is rounded and before the minimum; also of a line that is left out because it shows nothing
 * @param lines none, its line, its true-up, or both
 */
record RatedGroup(Fraction exact, List<LineItem> lines) {}
