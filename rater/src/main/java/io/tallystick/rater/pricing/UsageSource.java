package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.RangeUsage;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Period;
import java.util.SortedMap;

/** One tenant's usage, as far as it is known now. */
@FunctionalInterface
public interface UsageSource {

    /**
     * The usage of each dimension combination that has any in {@code range}. For a {@code time_weighted} meter that is every combination whose level is not
     * 0 throughout, with the level that it enters the range with.
     *
     * @param range on whole UTC hours
     */
    SortedMap<Dimensions, RangeUsage> usage(String meter, Period range);
}
