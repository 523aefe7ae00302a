package io.tallystick.rater.stream;

import io.tallystick.rater.pricing.PeriodRating;
import io.tallystick.rater.pricing.RatedPeriod;
import io.tallystick.rater.pricing.ShadowRating;
import io.tallystick.rater.pricing.UsageSource;
import io.tallystick.rater.pricing.VersionsInForce;
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
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** One period of one subscription, rated under one revision, as it stands on {@code billing.charges}. */
record TenantRating(RatedPeriod rated, SortedMap<String, byte[]> records, List<LineItem> payments) {

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
        return new TenantRating(rated, records, List.of());
    }

    /** A period that costs nothing itself. */
    static TenantRating nothing(CatalogRevision revision, Subscription subscription, Period period) {
        String currency =
                new VersionsInForce(revision.catalog(), subscription).currency().orElse("");
        return new TenantRating(
                new RatedPeriod(period, currency, List.of(), BigDecimal.ZERO), new TreeMap<>(), List.of());
    }

    /** With the corrections of earlier periods, which are lines of this one. */
    TenantRating with(CatalogRevision revision, Subscription subscription, List<LineItem> corrections) {
        return new TenantRating(rated, plus(revision, subscription, corrections), payments);
    }

    /** With what prepaid credit pays, which comes last. */
    TenantRating paid(CatalogRevision revision, Subscription subscription, List<LineItem> lines) {
        return new TenantRating(rated, plus(revision, subscription, lines), lines);
    }

    /** The period's own lines and these. */
    List<LineItem> linesWith(List<LineItem> corrections) {
        List<LineItem> lines = new ArrayList<>(rated.lines());
        lines.addAll(corrections);
        return lines;
    }

    private SortedMap<String, byte[]> plus(CatalogRevision revision, Subscription subscription, List<LineItem> lines) {
        SortedMap<String, byte[]> all = new TreeMap<>(records);
        for (LineItem line : lines) {
            add(all, line(revision, subscription, rated, line));
        }
        return all;
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
