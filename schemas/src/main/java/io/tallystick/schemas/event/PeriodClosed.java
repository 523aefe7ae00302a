package io.tallystick.schemas.event;

import io.tallystick.schemas.value.Period;
import org.jspecify.annotations.Nullable;

/**
 * The close marker of one billing period: usage in front of it is on the invoice, usage behind it is late.
 *
 * @param revision of the catalogue that the period is closed under
 * @param attempt 1, and one more for each reissue; {@link #ADJUSTMENTS} books what is late and closes nothing
 * @param cut where the marker stands in {@code usage.accepted}; null there, filled in by the aggregator
 * @param coverage of the hop it came by: on {@code usage.totals} the tenant's windows of the period, on
 *     {@code billing.charges} the lines of the subscription and period; null on {@code usage.accepted}
 */
public record PeriodClosed(
        String tenant,
        int shard,
        long sequence,
        int revision,
        String subscription,
        Period period,
        int attempt,
        @Nullable Cut cut,
        @Nullable Coverage coverage)
        implements Control {

    /**
     * The attempt of a marker that closes nothing: it books the late usage of a subscription that has no next invoice. Its period is the subscription's
     * last one.
     */
    public static final int ADJUSTMENTS = 0;

    public PeriodClosed withCut(Cut cut) {
        return new PeriodClosed(tenant, shard, sequence, revision, subscription, period, attempt, cut, coverage);
    }

    public PeriodClosed withCoverage(Coverage coverage) {
        return new PeriodClosed(tenant, shard, sequence, revision, subscription, period, attempt, cut, coverage);
    }
}
