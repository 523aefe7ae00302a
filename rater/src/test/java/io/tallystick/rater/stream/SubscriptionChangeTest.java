package io.tallystick.rater.stream;

import static io.tallystick.rater.stream.RaterTopologyTest.APRIL;
import static io.tallystick.rater.stream.RaterTopologyTest.JUNE;
import static io.tallystick.rater.stream.RaterTopologyTest.MAY;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SubscriptionChangeTest {

    private static final String CATALOG = """
            meters:
              - {meter: calls, eventType: call, aggregation: sum, value: $.n}
            pricing:
              - version: v1
                effectiveFrom: "2026-01-01T00:00:00Z"
                currency: USD
                plans:
                  - plan: growth
                    charges:
                      - {charge: fee, model: flat, amount: "10.00"}
                      - {charge: calls, model: unit, meter: calls, unitPrice: "1"}
            """;
    private static final String RUNNING =
            "subscriptions: [{tenant: acme, plan: growth, start: '2026-04-01T00:00:00Z'}]";

    @Test
    void anEndTakesTheLinesOfLaterPeriodsAway() {
        try (TestingRater rater = TestingRater.with(CATALOG, RUNNING)) {
            rater.use("acme", "calls", "2026-06-03T10:00:00Z", "4");
            assertThat(rater.lines("acme", JUNE)).hasSize(2);

            rater.apply(
                    "subscriptions: [{tenant: acme, plan: growth, start: '2026-04-01T00:00:00Z', end: '2026-05-16T00:00:00Z'}]");

            assertThat(rater.lines("acme", APRIL)).hasSize(1);
            assertThat(rater.lines("acme", MAY)).hasSize(1);
            assertThat(rater.lines("acme", JUNE)).isEmpty();
        }
    }

    @Test
    void anEndThatIsPutOffBringsThemBack() {
        try (TestingRater rater = TestingRater.with(
                CATALOG,
                "subscriptions: [{tenant: acme, plan: growth, start: '2026-04-01T00:00:00Z', end: '2026-05-16T00:00:00Z'}]")) {
            rater.use("acme", "calls", "2026-06-03T10:00:00Z", "4");
            assertThat(rater.lines("acme", JUNE)).isEmpty();

            rater.apply("subscriptions: [{tenant: acme, plan: growth, start: '2026-04-01T00:00:00Z', end: null}]");

            assertThat(rater.lines("acme", JUNE)).hasSize(2);
        }
    }

    @Test
    void linesThatStayAreNotEmittedAgain() {
        try (TestingRater rater = TestingRater.with(CATALOG, RUNNING)) {
            rater.use("acme", "calls", "2026-04-03T10:00:00Z", "4");
            rater.readKeys();

            rater.apply(
                    "subscriptions: [{tenant: acme, plan: growth, start: '2026-04-01T00:00:00Z', end: '2026-06-01T00:00:00Z'}]");

            // The lines name the revision, which is a new one.
            assertThat(rater.readKeys()).noneMatch(key -> key.startsWith("-"));
        }
    }
}
