package io.tallystick.rater.stream;

import static io.tallystick.rater.stream.RaterTopologyTest.APRIL;
import static io.tallystick.rater.stream.RaterTopologyTest.MAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.event.Alert.ReachedLimit;
import io.tallystick.schemas.event.Alert.Span;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LimitAlertsTest {

    private static final String METERS = """
            meters:
              - {meter: calls, eventType: call, aggregation: sum, value: $.n}
            """;
    private static final String PRICES = """
            pricing:
              - version: v1
                effectiveFrom: "2026-01-01T00:00:00Z"
                currency: USD
                plans:
                  - plan: growth
                    charges:
                      - {charge: fee, model: flat, amount: "499.00"}
                      - {charge: calls, model: unit, meter: calls, unitPrice: "1"}
            """;

    private TestingRater rater;

    private void given(String limits) {
        rater = TestingRater.with(METERS, PRICES, subscription(limits));
    }

    private static String subscription(String limits) {
        return "subscriptions: [{tenant: acme, plan: growth, start: '2026-04-01T00:00:00Z', limits: " + limits + "}]";
    }

    @AfterEach
    void stop() {
        rater.close();
    }

    private List<String> told() {
        return rater.readAlerts().stream()
                .map(alert -> alert.kind().text() + " " + alert.after().toPlainString() + " of "
                        + alert.before().toPlainString())
                .toList();
    }

    @Test
    void eachShareOfThePeriodsLimitIsToldOnce() {
        given("{period: '100.00'}");
        rater.use("acme", "calls", "2026-04-02T10:00:00Z", "79.99");
        assertThat(told()).isEmpty();

        rater.use("acme", "calls", "2026-04-02T11:00:00Z", "0.01");
        assertThat(told()).containsExactly("limit_reached 80.00 of 100.00");

        rater.use("acme", "calls", "2026-04-02T12:00:00Z", "19.99");
        assertThat(told()).isEmpty();

        rater.use("acme", "calls", "2026-04-02T13:00:00Z", "0.01");
        assertThat(told()).containsExactly("limit_reached 100.00 of 100.00");

        rater.use("acme", "calls", "2026-04-02T14:00:00Z", "50");
        assertThat(told()).isEmpty();
    }

    @Test
    void sharesThatOneStepPassesAreToldTogether() {
        given("{period: '100.00', alertAt: ['0.5', '1']}");

        rater.use("acme", "calls", "2026-04-02T10:00:00Z", "120");

        assertThat(told()).containsExactly("limit_reached 120.00 of 100.00", "limit_reached 120.00 of 100.00");
    }

    @Test
    void aShareThatAVoidTookBackIsNotToldAgain() {
        given("{period: '100.00', alertAt: ['1']}");
        rater.use("acme", "calls", "2026-04-02T10:00:00Z", "100");
        rater.use("acme", "calls", "2026-04-02T10:00:00Z", "-60");
        rater.readAlerts();

        rater.use("acme", "calls", "2026-04-02T11:00:00Z", "60");

        assertThat(told()).isEmpty();
    }

    @Test
    void theNextPeriodBeginsAgain() {
        given("{period: '100.00', alertAt: ['1']}");
        rater.use("acme", "calls", "2026-04-02T10:00:00Z", "100");
        rater.readAlerts();

        rater.use("acme", "calls", "2026-05-02T10:00:00Z", "100");

        assertThat(rater.readAlerts()).extracting(Alert::period).containsExactly(MAY);
    }

    @Test
    void aDayHasALimitOfItsOwnAlsoForUsageThatComesLater() {
        given("{day: '50.00', alertAt: ['1']}");
        rater.use("acme", "calls", "2026-04-02T10:00:00Z", "49");
        rater.use("acme", "calls", "2026-04-03T10:00:00Z", "49");
        assertThat(rater.readAlerts()).isEmpty();

        rater.use("acme", "calls", "2026-04-02T23:00:00Z", "1");

        assertThat(rater.readAlerts()).singleElement().satisfies(alert -> {
            assertThat(alert.period()).isEqualTo(day("2026-04-02", "2026-04-03"));
            assertThat(alert.currency()).isEqualTo("USD");
            assertThat(alert.after()).isEqualByComparingTo("50");
        });
    }

    @Test
    void aDayOfAClosedPeriodIsNotToldAnyMore() {
        given("{day: '50.00', alertAt: ['1']}");
        rater.close("acme", "acme", APRIL);

        rater.use("acme", "calls", "2026-04-30T23:00:00Z", "60");

        assertThat(rater.readAlerts()).extracting(Alert::kind).containsExactly(Alert.Kind.LATE_USAGE);
    }

    @Test
    void aLimitThatIsGivenLaterIsTestedAtOnce() {
        given("null");
        rater.use("acme", "calls", "2026-04-02T10:00:00Z", "70");
        assertThat(rater.readAlerts()).isEmpty();

        rater.apply(subscription("{period: '100.00', day: '70.00', alertAt: ['0.5']}"));

        assertThat(told()).containsExactly("limit_reached 70.00 of 100.00", "limit_reached 70.00 of 70.00");
    }

    @Test
    void theMessageSaysWhatBlocksAndWhatToUseInstead() {
        given("{period: '100.00', alertAt: ['1'], onExceed: block, fallback: small-model}");

        rater.use("acme", "calls", "2026-04-02T10:00:00Z", "100");

        assertThat(rater.readAlerts().get(0).message())
                .isEqualTo(
                        "usage of acme in the billing period from 2026-04-01T00:00:00Z has come to 100.00 USD, which reaches"
                                + " 100 % of the limit of 100.00 USD: more is refused, small-model is to be used instead");
    }

    @Test
    void whatAnEmailNeedsIsInFieldsOfItsOwn() {
        given(
                "{period: '100.00', day: '500.00', alertAt: ['0.2', '0.8', '1'], onExceed: block, fallback: small-model}");

        rater.use("acme", "calls", "2026-04-02T10:00:00Z", "99.99");
        rater.use("acme", "calls", "2026-04-02T11:00:00Z", "0.02");

        assertThat(rater.readAlerts())
                .extracting(Alert::limit)
                .containsExactly(
                        new ReachedLimit(Span.PERIOD, new BigDecimal("0.2"), false, null),
                        new ReachedLimit(Span.PERIOD, new BigDecimal("0.8"), false, null),
                        new ReachedLimit(Span.PERIOD, new BigDecimal("1"), true, "small-model"),
                        new ReachedLimit(Span.DAY, new BigDecimal("0.2"), false, null));
    }

    @Test
    void aLimitThatOnlyAlertsBlocksNothing() {
        given("{period: '100.00', alertAt: ['1']}");

        rater.use("acme", "calls", "2026-04-02T10:00:00Z", "100");

        assertThat(rater.readAlerts())
                .extracting(Alert::limit)
                .containsExactly(new ReachedLimit(Span.PERIOD, BigDecimal.ONE, false, null));
    }

    @Test
    void whatWasToldOfAClosedPeriodIsForgotten() {
        given("{period: '100.00', day: '50.00'}");
        rater.use("acme", "calls", "2026-04-02T10:00:00Z", "100");
        rater.use("acme", "calls", "2026-05-02T10:00:00Z", "100");

        rater.close("acme", "acme", APRIL);

        try (var left = rater.table(RaterTopology.ALERTED).all()) {
            assertThat(left)
                    .toIterable()
                    .hasSize(4)
                    .allSatisfy(entry -> assertThat(entry.key).contains("2026-05-"));
        }
    }

    private static Period day(String start, String end) {
        return RaterTopologyTest.period(start + "T00:00:00Z", end + "T00:00:00Z");
    }
}
