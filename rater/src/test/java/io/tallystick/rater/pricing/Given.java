package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Charge;
import io.tallystick.schemas.catalog.Charge.MatrixRow;
import io.tallystick.schemas.catalog.Charge.Timing;
import io.tallystick.schemas.catalog.DataPath;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.catalog.Plan;
import io.tallystick.schemas.catalog.Price;
import io.tallystick.schemas.catalog.PriceModel;
import io.tallystick.schemas.catalog.PricingVersion;
import io.tallystick.schemas.catalog.RoundingDirection;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Short words for the catalogues and subscriptions that rating tests begin with. */
final class Given {

    static final Period APRIL = period("2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z");
    static final Period MAY = period("2026-05-01T00:00:00Z", "2026-06-01T00:00:00Z");

    private Given() {}

    static Period period(String start, String end) {
        return new Period(Instant.parse(start), Instant.parse(end));
    }

    static BigDecimal number(String text) {
        return new BigDecimal(text);
    }

    static Dimensions dimensions(String... namesAndValues) {
        Map<String, String> values = new TreeMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return Dimensions.of(values);
    }

    static Catalog catalog(List<Meter> meters, PricingVersion... versions) {
        SortedMap<String, Meter> metersByName = new TreeMap<>();
        meters.forEach(meter -> metersByName.put(meter.meter(), meter));
        SortedMap<String, PricingVersion> versionsByName = new TreeMap<>();
        for (PricingVersion version : versions) {
            versionsByName.put(version.version(), version);
        }
        return new Catalog(Catalog.Settings.DEFAULT, metersByName, versionsByName, Collections.emptySortedMap());
    }

    static Meter meter(String name, Aggregation aggregation, String... dimensions) {
        SortedMap<String, DataPath> paths = new TreeMap<>();
        for (String dimension : dimensions) {
            paths.put(dimension, DataPath.ofMember(dimension));
        }
        return new Meter(
                name,
                "",
                "used",
                aggregation,
                DataPath.ofMember("value"),
                paths,
                Collections.emptySortedMap(),
                "",
                null,
                true,
                Meter.ValueKind.LEVEL,
                null);
    }

    static PricingVersion version(String name, String effectiveFrom, Charge... charges) {
        return version(name, effectiveFrom, null, charges);
    }

    static PricingVersion version(String name, String effectiveFrom, String commitment, Charge... charges) {
        Plan plan = new Plan("growth", "", commitment == null ? null : number(commitment), List.of(charges));
        return new PricingVersion(name, "", Instant.parse(effectiveFrom), "USD", List.of(plan));
    }

    static Charge fee(String name, String amount, Timing timing, boolean prorate) {
        return new Charge(
                name,
                "",
                null,
                Price.of(new PriceModel.Flat(number(amount))),
                Collections.emptySortedMap(),
                List.of(),
                List.of(),
                timing,
                prorate);
    }

    static Charge usage(String name, String meter, Price price) {
        return matrix(name, meter, price, List.of());
    }

    static Charge usage(String name, String meter, PriceModel model) {
        return usage(name, meter, Price.of(model));
    }

    static Charge matrix(String name, String meter, Price price, List<String> groupBy, MatrixRow... rows) {
        return new Charge(
                name, "", meter, price, Collections.emptySortedMap(), groupBy, List.of(rows), Timing.IN_ARREARS, false);
    }

    static MatrixRow row(String unitPrice, String... namesAndValues) {
        SortedMap<String, List<String>> where = new TreeMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            where.put(namesAndValues[i], Arrays.asList(namesAndValues[i + 1].split("\\|")));
        }
        return new MatrixRow(where, Price.of(unit(unitPrice)));
    }

    static PriceModel unit(String unitPrice) {
        return new PriceModel.PerUnit(number(unitPrice), BigDecimal.ONE);
    }

    /** Tiers as {@code upTo, unitPrice, flat}, the last bound being "". */
    static List<PriceModel.Tier> tiers(String... boundsPricesAndFlats) {
        List<PriceModel.Tier> tiers = new ArrayList<>();
        for (int i = 0; i < boundsPricesAndFlats.length; i += 3) {
            String bound = boundsPricesAndFlats[i];
            tiers.add(new PriceModel.Tier(
                    bound.isEmpty() ? null : number(bound),
                    number(boundsPricesAndFlats[i + 1]),
                    number(boundsPricesAndFlats[i + 2])));
        }
        return tiers;
    }

    static Price included(PriceModel model, String included) {
        return new PriceBuilder(model).included(included).build();
    }

    static PriceBuilder price(PriceModel model) {
        return new PriceBuilder(model);
    }

    static Subscription subscription(String start, String end) {
        return new Subscription(
                "acme",
                "acme-main",
                "growth",
                Instant.parse(start),
                end == null ? null : Instant.parse(end),
                new Subscription.BillingCycle(
                        Subscription.Every.P1M, Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC),
                null,
                List.of(),
                Subscription.LateUsage.NEXT_INVOICE,
                null,
                null);
    }

    /** Everything around a model, one at a time. */
    static final class PriceBuilder {
        private Price price;

        private PriceBuilder(PriceModel model) {
            price = Price.of(model);
        }

        PriceBuilder converted(String multiplyBy, String divideBy) {
            return set(number(multiplyBy), number(divideBy), price.rounding(), price.included());
        }

        PriceBuilder rounded(RoundingDirection mode, int scale) {
            Price.QuantityRounding rounding = new Price.QuantityRounding(mode, scale);
            return set(price.multiplyBy(), price.divideBy(), rounding, price.included());
        }

        PriceBuilder included(String included) {
            return set(price.multiplyBy(), price.divideBy(), price.rounding(), number(included));
        }

        PriceBuilder discount(String percent) {
            return bounds(number(percent), price.maximum(), price.minimum());
        }

        PriceBuilder maximum(String maximum) {
            return bounds(price.discountPercent(), number(maximum), price.minimum());
        }

        PriceBuilder minimum(String minimum) {
            return bounds(price.discountPercent(), price.maximum(), number(minimum));
        }

        Price build() {
            return price;
        }

        private PriceBuilder set(
                BigDecimal multiplyBy, BigDecimal divideBy, Price.QuantityRounding rounding, BigDecimal included) {
            price = new Price(
                    price.model(),
                    multiplyBy,
                    divideBy,
                    rounding,
                    included,
                    price.discountPercent(),
                    price.maximum(),
                    price.minimum());
            return this;
        }

        private PriceBuilder bounds(BigDecimal discount, BigDecimal maximum, BigDecimal minimum) {
            price = new Price(
                    price.model(),
                    price.multiplyBy(),
                    price.divideBy(),
                    price.rounding(),
                    price.included(),
                    discount,
                    maximum,
                    minimum);
            return this;
        }
    }
}
