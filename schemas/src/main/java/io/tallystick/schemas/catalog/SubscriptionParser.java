package io.tallystick.schemas.catalog;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a subscription. */
final class SubscriptionParser {

    static final int TENANT_LENGTH_MAX = 256;

    /** A subscription that starts inside a period still has that period's bounds. */
    private static final Duration LONGEST_PERIOD = Duration.ofDays(366);

    private static final ZoneId UTC = ZoneId.of("UTC");

    /** Where alerts are raised when nothing else is said: near the limit, and at it. */
    private static final List<BigDecimal> ALERTS = List.of(new BigDecimal("0.8"), BigDecimal.ONE);

    private static final List<String> EVERY =
            Arrays.stream(Subscription.Every.values()).map(Enum::name).toList();
    private static final List<String> LATE_USAGE = Arrays.stream(Subscription.LateUsage.values())
            .map(Subscription.LateUsage::text)
            .toList();

    private SubscriptionParser() {}

    static Subscription parse(FieldReader fields) {
        String tenant = tenant(fields);
        String name = name(fields, tenant);
        String plan = fields.name("plan", Names.ID);
        Instant start = fields.instant("start");
        Optional<Instant> end = fields.optionalInstant("end");
        if (end.isPresent()
                && !fields.isBroken("start")
                && fields.has("start")
                && !end.get().isAfter(start)) {
            fields.error("end", "must be after start");
        }
        Subscription.BillingCycle period = fields.optionalObject("period", "period")
                .map(cycle -> cycle(cycle, start, !fields.isBroken("start")))
                .orElse(new Subscription.BillingCycle(Subscription.Every.P1M, start, UTC));
        Optional<String> pin = fields.optionalName("pricingVersion", Names.ID);
        List<String> shadow = shadow(fields);
        Subscription.LateUsage lateUsage = fields.optionalWord("lateUsage", LATE_USAGE)
                .map(word -> Subscription.LateUsage.valueOf(word.toUpperCase(Locale.ROOT)))
                .orElse(Subscription.LateUsage.NEXT_INVOICE);
        Subscription.Limits limits = fields.optionalObject("limits", "limits")
                .map(SubscriptionParser::limits)
                .orElse(null);
        Subscription.Provider provider = fields.optionalObject("provider", "provider")
                .map(SubscriptionParser::provider)
                .orElse(null);
        fields.close();
        return new Subscription(
                tenant,
                name,
                plan,
                start,
                end.orElse(null),
                period,
                pin.orElse(null),
                shadow,
                lateUsage,
                limits,
                provider);
    }

    static String tenant(FieldReader fields) {
        String tenant = fields.text("tenant");
        if (fields.has("tenant") && !fields.isBroken("tenant")) {
            if (tenant.isEmpty()) {
                fields.error("tenant", "is empty");
            } else if (tenant.length() > TENANT_LENGTH_MAX) {
                fields.error("tenant", "a tenant's name is at most " + TENANT_LENGTH_MAX + " characters");
            }
        }
        return tenant;
    }

    /** The tenant's name unless it is given; a tenant may be called anything, a subscription may not. */
    private static String name(FieldReader fields, String tenant) {
        if (fields.has("subscription")) {
            return fields.name("subscription", Names.ID);
        }
        fields.value("subscription");
        if (!fields.isBroken("tenant") && !tenant.isEmpty() && !Names.ID.allow(tenant)) {
            fields.error(
                    "subscription",
                    "is missing, and the tenant's name " + FieldReader.describe(tenant) + " cannot stand in for it: "
                            + Names.ID.rule());
        }
        return tenant;
    }

    private static Subscription.BillingCycle cycle(FieldReader fields, Instant start, boolean isStartKnown) {
        Subscription.Every every = Subscription.Every.valueOf(fields.word("every", EVERY));
        Instant anchor = fields.optionalInstant("anchor").orElse(start);
        ZoneId zone = fields.optionalText("timezone")
                .flatMap(text -> zone(fields, text))
                .orElse(UTC);
        if (isStartKnown && !fields.isBroken("anchor") && !fields.isBroken("timezone")) {
            Instant earliest = (anchor.isBefore(start) ? anchor : start).minus(LONGEST_PERIOD);
            Optional<ZoneOffset> off = BillingZone.offsetOffTheHour(zone, earliest);
            off.ifPresent(offset -> fields.error(
                    "timezone",
                    zone.getId() + " is not whole hours away from UTC (" + offset.getId()
                            + "), and totals are kept per UTC hour; take one that is"));
        }
        fields.close();
        return new Subscription.BillingCycle(every, anchor, zone);
    }

    private static Optional<ZoneId> zone(FieldReader fields, String text) {
        Optional<ZoneId> zone = BillingZone.parse(text);
        if (zone.isEmpty()) {
            fields.error(
                    "timezone",
                    FieldReader.describe(text) + " is not a time zone; write one as in Europe/Berlin or UTC");
        }
        return zone;
    }

    private static List<String> shadow(FieldReader fields) {
        Set<String> versions = new LinkedHashSet<>();
        for (FieldReader.Element element : fields.optionalList("shadow")) {
            CatalogErrors errors = fields.reading().errors();
            if (!(element.tree() instanceof String version)) {
                errors.add(
                        element.path(),
                        "expected a pricing version's name but found " + FieldReader.describe(element.tree()));
            } else if (!versions.add(version)) {
                errors.add(element.path(), FieldReader.describe(version) + " stands here twice");
            }
        }
        return List.copyOf(versions);
    }

    private static Subscription.Limits limits(FieldReader fields) {
        Optional<BigDecimal> period = fields.optionalDecimal("period", DecimalRange.NOT_NEGATIVE);
        Optional<BigDecimal> day = fields.optionalDecimal("day", DecimalRange.NOT_NEGATIVE);
        if (!fields.has("period") && !fields.has("day")) {
            fields.require("period");
        }
        boolean block = fields.optionalWord("onExceed", List.of("alert", "block"))
                .filter("block"::equals)
                .isPresent();
        Optional<String> fallback = fields.optionalWords("fallback");
        if (fallback.isPresent() && !block && !fields.isBroken("onExceed")) {
            fields.error("fallback", "is answered only where the limit blocks; add onExceed: block");
        }
        List<BigDecimal> alertAt = fields.has("alertAt") ? alerts(fields) : ALERTS;
        fields.value("alertAt");
        fields.close();
        return new Subscription.Limits(period.orElse(null), day.orElse(null), alertAt, block, fallback.orElse(null));
    }

    private static List<BigDecimal> alerts(FieldReader fields) {
        List<BigDecimal> shares = new ArrayList<>();
        for (FieldReader.Element element : fields.optionalList("alertAt")) {
            CatalogErrors errors = fields.reading().errors();
            Optional<BigDecimal> share = DecimalRange.read(errors, element.path(), element.tree(), DecimalRange.SHARE);
            if (share.isPresent() && shares.stream().anyMatch(other -> other.compareTo(share.get()) == 0)) {
                errors.add(element.path(), share.get().toPlainString() + " stands here twice");
            }
            share.ifPresent(shares::add);
        }
        shares.sort(null);
        return shares;
    }

    private static Subscription.@Nullable Provider provider(FieldReader fields) {
        String name = fields.word("name", List.of("stripe", "paystack"));
        boolean isNameKnown = fields.has("name") && !fields.isBroken("name");
        List<String> modes =
                name.equals("paystack") ? List.of("invoice") : List.of("invoice", "meter_events", "usage_records");
        String mode = isNameKnown
                ? fields.optionalWord("mode", modes).orElse("invoice")
                : fields.optionalText("mode").orElse("invoice");
        String customer = fields.words("customer");
        fields.close();
        return new Subscription.Provider(name, mode, customer);
    }
}
