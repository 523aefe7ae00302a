package io.tallystick.rater.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.rater.stream.PreviewedCharges.Basis;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.PricingVersion;
import io.tallystick.schemas.catalog.Subscription;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChangePreviewTest {

    private static final Instant NOW = Instant.parse("2026-04-16T00:00:00Z");
    private static final String METER_AND_SUBSCRIPTION = """
            meters:
              - {meter: units, eventType: used, aggregation: sum, value: $.n, dimensions: {model: $.model}}
            subscriptions:
              - {tenant: acme, subscription: main, plan: growth, start: "2026-04-01T00:00:00Z",
                 period: {every: P1M, anchor: "2026-04-01T00:00:00Z", timezone: UTC}}
            """;
    private static final String V1 = version("v1", "2026-01-01", "0.5");

    private final TestingRater rater =
            TestingRater.with(METER_AND_SUBSCRIPTION, V1).at("2026-04-15T10:00:01Z");

    @AfterEach
    void close() {
        rater.close();
    }

    @Test
    void aVersionOfThePastIsRatedAsACloseNowWouldBillIt() {
        rater.use("acme", "units", "2026-04-02T10:00:00Z", "100", "model", "x");
        rater.use("acme", "units", "2026-04-12T10:00:00Z", "10", "model", "x");

        PreviewedCharges preview = only(preview(with(rater.catalog(), pricing("v2", "2026-04-11", "2")), "v2"));

        assertThat(preview.basis()).isEqualTo(Basis.AS_BILLED);
        assertThat(preview.totalNow()).isEqualTo("55.00");
        assertThat(preview.totalThen()).isEqualTo("70.00"); // 100 at 0.5, 10 at 2
    }

    @Test
    void aVersionOfTheFutureIsRatedForTheWholePeriodBesideWhatACloseWouldBill() {
        rater.use("acme", "units", "2026-04-02T10:00:00Z", "100", "model", "x");

        List<PreviewedCharges> previews = preview(with(rater.catalog(), pricing("v2", "2026-07-01", "2")), "v2");

        assertThat(previews)
                .extracting(
                        PreviewedCharges::basis,
                        PreviewedCharges::version,
                        one -> text(one.totalNow()),
                        one -> text(one.totalThen()))
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple(Basis.AS_BILLED, null, "50.00", "50.00"),
                        org.assertj.core.api.Assertions.tuple(Basis.WHOLE_PERIOD, "v2", "50.00", "200.00"));
    }

    @Test
    void aNewSubscriptionBillsTheUsageSoFar() {
        rater.use("acme", "units", "2026-04-02T10:00:00Z", "100", "model", "x");
        rater.use("acme", "units", "2026-04-12T10:00:00Z", "10", "model", "x");

        PreviewedCharges preview = only(preview(with(rater.catalog(), starting("2026-04-10T00:00:00Z"))));

        assertThat(preview.basis()).isEqualTo(Basis.NEW_SUBSCRIPTION);
        assertThat(preview.totalNow()).isNull();
        assertThat(preview.totalThen()).isEqualTo("5.00"); // what came before its start is not its
    }

    @Test
    void aNewSubscriptionOfTheFutureIsRatedAsIfItHadBegunWithThisPeriod() {
        rater.use("acme", "units", "2026-04-02T10:00:00Z", "100", "model", "x");

        PreviewedCharges preview = only(preview(with(rater.catalog(), starting("2026-05-10T00:00:00Z"))));

        assertThat(preview.basis()).isEqualTo(Basis.WHOLE_PERIOD);
        assertThat(preview.totalThen()).isEqualTo("50.00");
        assertThat(preview.subscription().start()).isEqualTo("2026-05-10T00:00:00Z");
    }

    @Test
    void aPinIsNotMovedByAVersionOfTheFuture() {
        Subscription main = rater.catalog().subscriptions().get("main");
        Catalog changed =
                with(with(rater.catalog(), pricing("v2", "2026-07-01", "2")), copy(main, "main", main.start(), "v1"));

        assertThat(preview(changed, "v2")).extracting(PreviewedCharges::basis).containsExactly(Basis.AS_BILLED);
    }

    @Test
    void anUnknownTenantHasNothing() {
        assertThat(rater.charges().preview("nobody", rater.catalog(), Set.of(), Set.of(), NOW))
                .isEmpty();
    }

    private List<PreviewedCharges> preview(Catalog changed, String... versions) {
        Set<String> names = changed.subscriptions().keySet().contains("side") ? Set.of("side") : Set.of("main");
        return rater.charges().preview("acme", changed, Set.of(versions), names, NOW);
    }

    private static PreviewedCharges only(List<PreviewedCharges> previews) {
        assertThat(previews).hasSize(1);
        return previews.get(0);
    }

    private static @Nullable String text(@Nullable BigDecimal amount) {
        return amount == null ? null : amount.toPlainString();
    }

    private Subscription starting(String start) {
        Subscription main = rater.catalog().subscriptions().get("main");
        return copy(main, "side", Instant.parse(start), null);
    }

    private static Subscription copy(Subscription one, String name, Instant start, @Nullable String pin) {
        return new Subscription(
                one.tenant(), name, one.plan(), start, null, one.period(), pin, List.of(), one.lateUsage(), null, null);
    }

    private static Catalog with(Catalog catalog, Subscription subscription) {
        SortedMap<String, Subscription> subscriptions = new TreeMap<>(catalog.subscriptions());
        subscriptions.put(subscription.subscription(), subscription);
        return new Catalog(catalog.settings(), catalog.meters(), catalog.pricing(), subscriptions, catalog.credits());
    }

    private static Catalog with(Catalog catalog, PricingVersion version) {
        SortedMap<String, PricingVersion> pricing = new TreeMap<>(catalog.pricing());
        pricing.put(version.version(), version);
        return new Catalog(catalog.settings(), catalog.meters(), pricing, catalog.subscriptions(), catalog.credits());
    }

    private static PricingVersion pricing(String name, String day, String price) {
        try (TestingRater other = TestingRater.with(METER_AND_SUBSCRIPTION, version(name, "2026-01-01", price))) {
            PricingVersion parsed =
                    Objects.requireNonNull(other.catalog().pricing().get(name));
            return new PricingVersion(name, "", Instant.parse(day + "T00:00:00Z"), parsed.currency(), parsed.plans());
        }
    }

    private static String version(String name, String day, String price) {
        return """
            pricing:
              - version: %s
                effectiveFrom: "%sT00:00:00Z"
                currency: USD
                plans: [{plan: growth, charges: [{charge: compute, model: unit, meter: units, unitPrice: "%s"}]}]
            """.formatted(name, day, price);
    }
}
