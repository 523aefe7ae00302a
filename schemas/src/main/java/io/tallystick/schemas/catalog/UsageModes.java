package io.tallystick.schemas.catalog;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The provider modes that send usage, hour by hour, for the provider to rate it; and what they can carry. */
public final class UsageModes {

    public static final String METER_EVENTS = "meter_events";
    public static final String USAGE_RECORDS = "usage_records";

    private UsageModes() {}

    public static boolean isUsage(Subscription.Provider provider) {
        return provider.mode().equals(METER_EVENTS) || provider.mode().equals(USAGE_RECORDS);
    }

    /** Whether a meter's hours may be sent one by one: what they add up to is the period's usage. */
    public static boolean takes(Meter meter) {
        return meter.aggregation().isAdditive() && !meter.perEvent();
    }

    /** Why the plan's usage cannot be sent so; empty when it can. */
    static Optional<String> problem(Subscription.Provider provider, Plan plan, Lookup meters) {
        List<String> names = plan.charges().stream()
                .flatMap(charge -> Stream.ofNullable(charge.meter()))
                .distinct()
                .toList();
        for (String name : names) {
            Meter meter = meters.find(name);
            if (meter != null && !takes(meter)) {
                return Optional.of(
                        "meter " + name + " of plan " + plan.plan() + " cannot be sent hour by hour: only count and sum"
                                + " without perEvent add up; use mode invoice");
            }
        }
        return provider.mode().equals(USAGE_RECORDS) && names.size() > 1
                ? Optional.of(
                        "a usage record counts one meter, and plan " + plan.plan() + " has " + String.join(", ", names))
                : Optional.empty();
    }

    /** Finds a meter by name; null for none. */
    interface Lookup {
        @Nullable
        Meter find(String name);
    }
}
