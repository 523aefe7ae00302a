package io.tallystick.schemas.catalog;

import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that decides what is metered and what it costs. Objects are kept by name.
 *
 * @param settings what ingest decides ages by
 */
public record Catalog(
        Settings settings,
        SortedMap<String, Meter> meters,
        SortedMap<String, PricingVersion> pricing,
        SortedMap<String, Subscription> subscriptions,
        SortedMap<String, CreditGrant> credits) {

    /**
     * @param horizon how long an identity is remembered and how old an event may be
     * @param skew how far ahead of its record an event's time may be
     */
    public record Settings(Duration horizon, Duration skew) {
        public static final Settings DEFAULT = new Settings(Duration.ofDays(35), Duration.ofHours(1));
    }

    public Catalog {
        meters = Collections.unmodifiableSortedMap(new TreeMap<>(meters));
        pricing = Collections.unmodifiableSortedMap(new TreeMap<>(pricing));
        subscriptions = Collections.unmodifiableSortedMap(new TreeMap<>(subscriptions));
        credits = Collections.unmodifiableSortedMap(new TreeMap<>(credits));
    }

    /** A catalogue without prepaid credit. */
    public Catalog(
            Settings settings,
            SortedMap<String, Meter> meters,
            SortedMap<String, PricingVersion> pricing,
            SortedMap<String, Subscription> subscriptions) {
        this(settings, meters, pricing, subscriptions, Collections.emptySortedMap());
    }

    /** The same objects under other settings. */
    public Catalog with(Settings other) {
        return new Catalog(other, meters, pricing, subscriptions, credits);
    }

    public static Catalog empty(Settings settings) {
        return new Catalog(
                settings, Collections.emptySortedMap(), Collections.emptySortedMap(), Collections.emptySortedMap());
    }
}
