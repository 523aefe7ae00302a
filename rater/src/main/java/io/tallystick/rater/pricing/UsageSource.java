package io.tallystick.rater.pricing;

import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Period;
import java.util.SortedMap;

/** One tenant's usage, as far as it is known now. */
@FunctionalInterface
public interface UsageSource {

    /**
     * One aggregate per dimension combination that has usage in {@code range}. For a {@code time_weighted} meter that is every combination whose
     * level is not 0 throughout; the level it enters the range with is part of the aggregate.
     *
     * @param range on whole UTC hours
     */
    SortedMap<Dimensions, MeterAggregate> usage(String meter, Period range);
}
