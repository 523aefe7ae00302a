package io.tallystick.deploy.bench.micro;

import io.tallystick.rater.pricing.PeriodRating;
import io.tallystick.rater.pricing.RatedPeriod;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.CatalogChange;
import io.tallystick.schemas.catalog.CatalogParser;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.catalog.RangeUsage;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.codec.CatalogDocuments;
import io.tallystick.schemas.value.CountSum;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Period;
import io.tallystick.schemas.value.WindowState;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A month of a tenant with 200 matrix rows, each with usage in every hour: 144,000 windows. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RatingBenchmark {

    private static final int ROWS = 200;
    private static final Period APRIL =
            new Period(Instant.parse("2026-04-01T00:00:00Z"), Instant.parse("2026-05-01T00:00:00Z"));

    private final Catalog catalog = catalog();
    private final Meter meter = Objects.requireNonNull(catalog.meters().get("tokens"));
    private final Subscription subscription =
            Objects.requireNonNull(catalog.subscriptions().get("acme"));
    private final List<Dimensions> combinations = new ArrayList<>();
    private final List<List<WindowState>> windows = new ArrayList<>();
    private final TreeMap<Dimensions, RangeUsage> folded = new TreeMap<>();

    /** Usage of every hour, folded once. */
    public RatingBenchmark() {
        for (int row = 0; row < ROWS; row++) {
            combinations.add(Dimensions.of(Map.of("model", "m" + row)));
            List<WindowState> hours = new ArrayList<>();
            for (long hour = 0; hour < APRIL.length().toHours(); hour++) {
                hours.add(new CountSum(3, new BigDecimal(hour * 1000 + row).movePointLeft(3)));
            }
            windows.add(hours);
            fold(row);
        }
    }

    /** What the rater does at a commit: the combination with a new window is folded again, and the whole period rated. */
    @Benchmark
    public RatedPeriod oneWindowChanged() {
        fold(7);
        return rate();
    }

    /** Nothing is remembered: every combination is folded again. */
    @Benchmark
    public RatedPeriod everythingAnew() {
        for (int row = 0; row < ROWS; row++) {
            fold(row);
        }
        return rate();
    }

    private void fold(int row) {
        RangeUsage.Folding folding = RangeUsage.of(meter, APRIL);
        windows.get(row).forEach(folding::inside);
        folded.put(combinations.get(row), folding.usage());
    }

    private RatedPeriod rate() {
        return PeriodRating.rate(catalog, subscription, APRIL, (name, range) -> copy());
    }

    private SortedMap<Dimensions, RangeUsage> copy() {
        return new TreeMap<>(folded);
    }

    private static Catalog catalog() {
        StringBuilder yaml = new StringBuilder("""
                meters:
                  - {meter: tokens, eventType: chat, aggregation: sum, value: $.n, dimensions: {model: $.model}}
                subscriptions:
                  - {tenant: acme, plan: growth, start: "2026-04-01T00:00:00Z"}
                pricing:
                  - version: v1
                    effectiveFrom: "2026-01-01T00:00:00Z"
                    currency: USD
                    plans:
                      - plan: growth
                        charges:
                          - charge: tokens
                            model: graduated
                            meter: tokens
                            divideBy: "1000000"
                            matrix:
                """);
        for (int row = 0; row < ROWS; row++) {
            yaml.append("              - {where: {model: [m").append(row).append("]}, tiers: [{upTo: 1, unitPrice: ");
            yaml.append(row + 1).append("}, {upTo: null, unitPrice: \"0.5\"}]}\n");
        }
        CatalogChange change = CatalogChange.apply(
                Catalog.empty(new Catalog.Settings(Duration.ofDays(35), Duration.ofHours(1))),
                CatalogParser.parse(CatalogDocuments.read(yaml.toString().getBytes(StandardCharsets.UTF_8))),
                Instant.parse("2026-04-01T00:00:00Z"),
                counted -> false);
        if (!change.isAccepted()) {
            throw new IllegalStateException(change.errors().toString());
        }
        return change.catalog();
    }
}
