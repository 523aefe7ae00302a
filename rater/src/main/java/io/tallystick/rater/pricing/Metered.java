package io.tallystick.rater.pricing;

import io.tallystick.schemas.value.Fraction;
import java.math.BigDecimal;
import java.util.List;

/**
 * What a meter says about a stretch of time: all that a price can ask for.
 *
 * @param eventCount how many events made it up
 * @param events the value of each, in order of event time, then place in the log; empty unless the meter keeps them
 */
record Metered(Fraction quantity, long eventCount, List<BigDecimal> events) {

    static final Metered NOTHING = new Metered(Fraction.ZERO, 0, List.of());

    Metered {
        events = List.copyOf(events);
    }

    /** Of a sum meter with these events. */
    static Metered ofEvents(List<BigDecimal> events) {
        BigDecimal sum = events.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        return new Metered(Fraction.of(sum), events.size(), events);
    }
}
