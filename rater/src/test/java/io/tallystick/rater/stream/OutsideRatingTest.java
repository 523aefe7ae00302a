package io.tallystick.rater.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.MeteredHour;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutsideRatingTest {

    private static final String CATALOG = """
            meters:
              - {meter: calls, eventType: call, aggregation: sum, value: $.n, dimensions: {model: $.model}}
              - {meter: jobs, eventType: job, aggregation: sum, value: $.n}
            pricing:
              - version: v1
                effectiveFrom: "2026-01-01T00:00:00Z"
                currency: USD
                plans:
                  - plan: growth
                    charges:
                      - {charge: calls, model: unit, meter: calls, unitPrice: "1", divideBy: "1000"}
            """;

    private static String acme(String mode, String end) {
        return "subscriptions: [{tenant: acme, plan: growth, start: '2026-04-01T00:00:00Z', end: " + end
                + ", provider: {name: stripe, mode: " + mode + ", customer: cus_1}}]";
    }

    private static List<String> hours(TestingRater rater) {
        List<String> hours = rater.emitted.stream()
                .filter(record -> record.value != null)
                .map(record -> TopicCodecs.CHARGES.decode(record.value))
                .filter(MeteredHour.class::isInstance)
                .map(MeteredHour.class::cast)
                .map(hour -> hour.subscription() + " " + hour.meter()
                        + hour.dimensions().values() + " "
                        + Instant.ofEpochSecond(hour.hour() * 3600) + " "
                        + hour.quantity().toPlainString())
                .toList();
        rater.emitted.clear();
        return hours;
    }

    @Test
    void eachHourIsPassedOnAsItStandsAndUnconverted() {
        try (TestingRater rater = TestingRater.with(CATALOG, acme("meter_events", "null"))) {
            rater.use("acme", "calls", "2026-04-03T10:20:00Z", "4", "model", "x");
            rater.use("acme", "calls", "2026-04-03T10:40:00Z", "0.5", "model", "x");
            rater.passTime(Duration.ofMinutes(1));

            assertThat(hours(rater)).last().isEqualTo("acme calls{model=x} 2026-04-03T10:00:00Z 4.5");
        }
    }

    @Test
    void invoicesNeedNoHours() {
        try (TestingRater rater = TestingRater.with(CATALOG, acme("invoice", "null"))) {
            rater.use("acme", "calls", "2026-04-03T10:20:00Z", "4", "model", "x");
            rater.passTime(Duration.ofMinutes(1));

            assertThat(hours(rater)).isEmpty();
        }
    }

    @Test
    void onlyWhatThePlanChargesWhileTheSubscriptionRunsIsPassedOn() {
        try (TestingRater rater = TestingRater.with(CATALOG, acme("meter_events", "'2026-04-10T00:00:00Z'"))) {
            rater.use("acme", "jobs", "2026-04-03T10:20:00Z", "4");
            rater.use("acme", "calls", "2026-03-31T23:59:59Z", "4", "model", "x");
            rater.use("acme", "calls", "2026-04-10T00:00:00Z", "4", "model", "x");
            rater.use("acme", "calls", "2026-04-09T23:59:59Z", "7", "model", "x");
            rater.passTime(Duration.ofMinutes(1));

            assertThat(hours(rater)).containsExactly("acme calls{model=x} 2026-04-09T23:00:00Z 7");
        }
    }

    @Test
    void theHoursOfTheOpenPeriodsFollowWhenTheProviderIsChanged() {
        try (TestingRater rater = TestingRater.with(CATALOG, acme("invoice", "null"))) {
            rater.use("acme", "calls", "2026-04-03T10:20:00Z", "4", "model", "x");
            rater.passTime(Duration.ofMinutes(1));
            rater.emitted.clear();

            rater.apply(acme("meter_events", "null"));

            assertThat(hours(rater)).containsExactly("acme calls{model=x} 2026-04-03T10:00:00Z 4");
        }
    }
}
