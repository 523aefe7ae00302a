package io.tallystick.rater.pricing;

import io.tallystick.schemas.value.Fraction;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.util.List;

/** The usage of one meter and one dimension combination over a range of hours, mergeable with that of other combinations. */
public interface MeterAggregate {

    /** Both together, over the same range. */
    MeterAggregate merge(MeterAggregate other);

    /**
     * The meter's quantity.
     *
     * @param range the hours that were asked for
     * @param whole the billing period: what the integral of a {@code time_weighted} meter is divided by, also where {@code range} is a part of it
     */
    Fraction quantity(Period range, Period whole);

    /** How many events made it up. */
    long eventCount();

    /** The value of each event, in order of event time, then place in the log; empty unless the meter keeps them. */
    List<BigDecimal> events();
}
