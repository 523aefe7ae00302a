package io.tallystick.rater.stream;

import static io.tallystick.rater.stream.RaterTopologyTest.APRIL;
import static io.tallystick.rater.stream.RaterTopologyTest.METERS;
import static io.tallystick.rater.stream.RaterTopologyTest.more;
import static io.tallystick.rater.stream.RaterTopologyTest.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.rater.pricing.SpendingLimits.Access;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpendingBookTest {

    private static final String PRICES = """
            pricing:
              - version: v1
                effectiveFrom: "2026-01-01T00:00:00Z"
                currency: USD
                plans:
                  - plan: growth
                    charges:
                      - {charge: base, model: flat, amount: "500.00"}
                      - {charge: compute, model: unit, meter: units, unitPrice: "1", included: "10"}
            """;

    private TestingRater rater;

    @AfterEach
    void stop() {
        rater.close();
    }

    @Test
    void aLimitThatBlocksRefusesWithTheFallback() {
        rater = limited("{period: \"100.00\", onExceed: block, fallback: small-model}");
        use("2026-04-02T10:00:00Z", "90");

        Access more = access("20.00");
        assertThat(more.allowed()).isTrue();
        assertThat(more.spent()).isEqualTo("80.00");
        assertThat(more.remaining()).isEqualTo("20.00");
        assertThat(access("20.01"))
                .extracting(Access::allowed, Access::fallback)
                .containsExactly(false, "small-model");
    }

    @Test
    void whatIsVoidedMayBeSpentAgainInThePeriodAndOnItsDay() {
        rater = limited("{period: \"100.00\", day: \"60.00\", onExceed: block}");
        use("2026-04-03T09:00:00Z", "70");
        assertThat(access("0").allowed()).isFalse();

        use("2026-04-03T09:00:00Z", "-30");

        assertThat(access("0.00"))
                .extracting(Access::allowed, Access::spent)
                .containsExactly(true, new BigDecimal("30.00"));
    }

    @Test
    void theNextDayIsFreeAgainAlthoughNothingWasUsedSince() {
        rater = limited("{day: \"50.00\", onExceed: block}");
        rater.at("2026-04-02T10:00:01Z");
        use("2026-04-02T10:00:00Z", "100");

        assertThat(access("0", "2026-04-02T23:59:59Z").allowed()).isFalse();
        assertThat(access("0", "2026-04-03T00:00:00Z").allowed()).isTrue();
    }

    @Test
    void theNextPeriodIsFreeAgainAlthoughNothingWasUsedSince() {
        rater = limited("{period: \"50.00\", onExceed: block}");
        rater.at("2026-04-30T10:00:01Z");
        use("2026-04-30T10:00:00Z", "100");

        assertThat(access("0", "2026-04-30T23:59:59Z").allowed()).isFalse();
        assertThat(access("0", "2026-05-01T00:00:00Z").allowed()).isTrue();
    }

    @Test
    void importedHistoryCountsWhileItsImportIsNew() {
        rater = limited("{day: \"50.00\", onExceed: block}");
        rater.at("2026-11-20T10:00:00Z");
        use("2026-04-02T10:00:00Z", "100");

        assertThat(access("0", "2026-11-20T23:59:59Z").allowed()).isFalse();
        assertThat(access("0", "2026-11-21T00:00:00Z").allowed()).isTrue();
    }

    @Test
    void aCloseBeginsANewPeriodsSpending() {
        rater = limited("{period: \"50.00\", onExceed: block}");
        use("2026-04-02T10:00:00Z", "100");
        rater.close("acme", "acme-main", APRIL);

        use("2026-05-02T10:00:00Z", "30");

        assertThat(access("0", "2026-05-02T10:00:00Z").spent()).isEqualTo("20.00");
    }

    @Test
    void lateUsageOfAClosedPeriodIsNotSpentInTheOpenOne() {
        rater = limited("{period: \"50.00\", onExceed: block}");
        rater.close("acme", "acme-main", APRIL);
        use("2026-05-02T10:00:00Z", "30");

        use("2026-04-02T10:00:00Z", "100");

        assertThat(access("0", "2026-05-02T10:00:00Z").spent()).isEqualTo("20.00");
    }

    @Test
    void withoutLimitsEverythingIsAllowed() {
        rater = TestingRater.with(METERS, PRICES, subscription("acme", "acme-main", "growth"));
        use("2026-04-02T10:00:00Z", "1000");

        assertThat(access("1000000")).isEqualTo(new Access(true, new BigDecimal("990.00"), null, null, null));
    }

    @Test
    void ofSeveralSubscriptionsTheOneThatLeavesLeastAnswers() {
        rater = TestingRater.with(
                METERS,
                PRICES,
                subscription("acme", "a-free", "growth"),
                more("acme", "b-wide", "growth") + "    limits: {period: \"900.00\"}\n",
                more("acme", "c-tight", "growth") + "    limits: {period: \"100.00\", onExceed: block}\n");
        use("2026-04-02T10:00:00Z", "90");

        assertThat(access("0").remaining()).isEqualTo("20.00");
        assertThat(access("21").allowed()).isFalse();
    }

    @Test
    void anUnknownSubscriptionHasNoAnswer() {
        rater = limited("{period: \"50.00\"}");

        assertThat(rater.charges().access("acme", Optional.of("other"), BigDecimal.ONE, Instant.EPOCH))
                .isEmpty();
        assertThat(rater.charges().access("globex", Optional.empty(), BigDecimal.ONE, Instant.EPOCH))
                .isEmpty();
    }

    private static TestingRater limited(String limits) {
        return TestingRater.with(
                METERS, PRICES, subscription("acme", "acme-main", "growth") + "    limits: " + limits + "\n");
    }

    private void use(String time, String value) {
        rater.use("acme", "units", time, value);
    }

    private Access access(String amount) {
        return access(amount, "2026-04-03T10:00:00Z");
    }

    private Access access(String amount, String now) {
        return rater.charges()
                .access("acme", Optional.empty(), new BigDecimal(amount), Instant.parse(now))
                .orElseThrow()
                .access();
    }
}
