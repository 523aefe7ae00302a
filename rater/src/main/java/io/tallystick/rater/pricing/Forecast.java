package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.value.Fraction;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How usage is expected to go on: as it has on average so far.
 *
 * <p>What {@code count} and {@code sum} meters say of a run is scaled from the part of the run that is over to the whole of it; a run that has not begun
 * takes the average of the subscription's part of the period so far. Meters that do not add up over time keep what they say now. Allowance, tiers and
 * bounds are applied to the scaled quantity, not to the amount; only where a percentage depends on single events is its amount scaled.
 */
final class Forecast {

    /** Nothing is expected: what counts is what there is. */
    static final Forecast NONE = new Forecast(null);

    private final @Nullable Instant now;

    private Forecast(@Nullable Instant now) {
        this.now = now;
    }

    static Forecast at(Instant now) {
        return new Forecast(now);
    }

    /**
     * Where to look for the usage of a run, and how many times as much it stands for.
     *
     * @param range on whole hours
     */
    record Basis(Period range, Fraction growth) {}

    /** @param part the subscription's part of the billing period */
    Basis of(Period run, Period part, @Nullable Meter meter) {
        Basis asItIs = new Basis(run, Fraction.ONE);
        if (now == null || meter == null || !now.isBefore(run.end())) {
            return asItIs;
        }
        if (now.isAfter(run.start())) {
            Fraction growth = ratio(run.length(), Duration.between(run.start(), now));
            return meter.aggregation().isAdditive() ? new Basis(run, growth) : asItIs;
        }
        if (!now.isAfter(part.start()) || meter.aggregation() == Aggregation.TIME_WEIGHTED) {
            return asItIs; // nothing is over yet; a level holds on by itself
        }
        Instant hourEnd = HourWindow.startOf(HourWindow.hourOf(now) + 1);
        Period soFar = new Period(part.start(), hourEnd.isBefore(part.end()) ? hourEnd : part.end());
        Fraction growth = ratio(run.length(), Duration.between(part.start(), now));
        return new Basis(soFar, meter.aggregation().isAdditive() ? growth : Fraction.ONE);
    }

    private static Fraction ratio(Duration whole, Duration over) {
        return Fraction.of(whole.toMillis(), Math.max(1, over.toMillis()));
    }
}
