package io.tallystick.rater.stream;

import io.tallystick.rater.pricing.PeriodRating;
import io.tallystick.rater.pricing.RatedPeriod;
import io.tallystick.rater.pricing.ShadowRating;
import io.tallystick.rater.pricing.UsageSource;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.ChargeLine;
import io.tallystick.schemas.event.ChargeRecord;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.Shadow;
import io.tallystick.schemas.event.ShadowCharge;
import io.tallystick.schemas.topic.RecordKeys;
import io.tallystick.schemas.value.Period;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** One period of one subscription, rated under one revision, as it stands on {@code billing.charges}. */
record TenantRating(RatedPeriod rated, SortedMap<String, byte[]> records) {

    private static final int SHARD = 0;

    static TenantRating of(CatalogRevision revision, Subscription subscription, Period period, TenantUsage usage) {
        UsageSource source = usage.source(revision.catalog());
        RatedPeriod rated = PeriodRating.rate(revision.catalog(), subscription, period, source);
        SortedMap<String, byte[]> records = new TreeMap<>();
        for (LineItem line : rated.lines()) {
            add(records, line(revision, subscription, rated, line));
        }
        for (Shadow shadow : ShadowRating.rate(revision.catalog(), subscription, period, source, rated)) {
            add(
                    records,
                    new ShadowCharge(
                            subscription.tenant(),
                            SHARD,
                            subscription.subscription(),
                            period,
                            revision.number(),
                            rated.currency(),
                            shadow));
        }
        return new TenantRating(rated, records);
    }

    /** With the corrections of earlier periods, which are lines of this one. */
    TenantRating withCorrections(CatalogRevision revision, Subscription subscription, List<LineItem> corrections) {
        SortedMap<String, byte[]> all = new TreeMap<>(records);
        for (LineItem line : corrections) {
            add(all, line(revision, subscription, rated, line));
        }
        return new TenantRating(rated, all);
    }

    private static ChargeLine line(
            CatalogRevision revision, Subscription subscription, RatedPeriod rated, LineItem line) {
        return new ChargeLine(
                subscription.tenant(),
                SHARD,
                subscription.subscription(),
                rated.period(),
                revision.number(),
                rated.currency(),
                line);
    }

    private static void add(SortedMap<String, byte[]> records, ChargeRecord record) {
        records.put(RecordKeys.of(record), TopicCodecs.CHARGES.encode(record));
    }
}
