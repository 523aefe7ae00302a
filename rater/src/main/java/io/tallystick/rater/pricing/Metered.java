package io.tallystick.rater.pricing;

import io.tallystick.schemas.value.Fraction;
import java.math.BigDecimal;
import java.util.List;

/**
 * What a meter says about a stretch of time: all that a price can ask for.
 *
 * @param eventCount how many events made it up
 * @param events the value of each, in order of event time, then place in the log; empty unless the meter keeps them
 * @param growth how many times as much usage all this stands for: 1, unless it is a forecast
 */
record Metered(Fraction quantity, long eventCount, List<BigDecimal> events, Fraction growth) {

    static final Metered NOTHING = new Metered(Fraction.ZERO, 0, List.of(), Fraction.ONE);

    Metered {
        events = List.copyOf(events);
    }

    /** The quantity that all of it comes to. */
    Fraction expected() {
        return quantity.times(growth);
    }

    /** Of a sum meter with these events. */
    static Metered ofEvents(List<BigDecimal> events) {
        BigDecimal sum = events.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        return new Metered(Fraction.of(sum), events.size(), events, Fraction.ONE);
    }
}
