package io.tallystick.rater.stream;

import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.catalog.RangeUsage;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.catalog.UsageModes;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.MeteredHour;
import io.tallystick.schemas.event.WindowTotal;
import io.tallystick.schemas.topic.RecordKeys;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import java.time.Instant;
import java.util.Collection;
import java.util.function.Supplier;

/** Passes hours on, unrated, for subscriptions whose payment provider does the rating itself. */
final class OutsideRating {

    private final Supplier<CatalogRevision> inForce;

    OutsideRating(Supplier<CatalogRevision> inForce) {
        this.inForce = inForce;
    }

    /** Whether the subscription's provider is sent usage and not invoices. */
    static boolean isFor(BilledSubscription billed) {
        Subscription.Provider provider = billed.subscription().provider();
        return provider != null && UsageModes.isUsage(provider);
    }

    /** Passes a total on for those of the tenant's subscriptions that run in its hour, and are rated outside. */
    void pass(WindowTotal total, Collection<BilledSubscription> subscriptions, ChargeBook.Emitter emitter) {
        for (BilledSubscription billed : subscriptions) {
            if (!isFor(billed)) {
                continue;
            }
            Catalog catalog = inForce.get().catalog();
            Meter meter = catalog.meters().get(total.meter());
            if (meter != null
                    && UsageModes.takes(meter)
                    && runsIn(billed.subscription(), total.hour())
                    && billed.bills(total.meter(), catalog)) {
                MeteredHour metered = metered(billed.subscription(), meter, total);
                emitter.emit(RecordKeys.of(metered), TopicCodecs.CHARGES.encode(metered));
            }
        }
    }

    private static boolean runsIn(Subscription subscription, long hour) {
        Instant start = HourWindow.startOf(hour);
        Instant end = subscription.end();
        return !start.isBefore(subscription.start()) && (end == null || start.isBefore(end));
    }

    private static MeteredHour metered(Subscription subscription, Meter meter, WindowTotal total) {
        Period hour = new Period(HourWindow.startOf(total.hour()), HourWindow.startOf(total.hour() + 1));
        return new MeteredHour(
                total.tenant(),
                total.shard(),
                subscription.subscription(),
                total.meter(),
                total.dimensions(),
                total.hour(),
                RangeUsage.of(meter, hour)
                        .inside(total.state())
                        .usage()
                        .quantity()
                        .shownDecimal());
    }
}
