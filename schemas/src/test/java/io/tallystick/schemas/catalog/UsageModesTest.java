package io.tallystick.schemas.catalog;

import static io.tallystick.schemas.catalog.TestingCatalogs.errors;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageModesTest {

    private static String catalog(String aggregation, String mode) {
        return """
                meters:
                  - {meter: calls, eventType: call, aggregation: %s%s}
                  - {meter: jobs, eventType: job, aggregation: count}
                pricing:
                  - version: v1
                    effectiveFrom: "2026-01-01T00:00:00Z"
                    currency: USD
                    plans:
                      - plan: growth
                        charges:
                          - {charge: calls, model: unit, meter: calls, unitPrice: "1"}
                subscriptions:
                  - {tenant: acme, plan: growth, start: "2026-04-01T00:00:00Z", provider: {name: stripe, mode: %s, customer: cus_1}}
                """.formatted(aggregation, aggregation.equals("count") ? "" : ", value: $.n", mode);
    }

    @ParameterizedTest
    @CsvSource({
        "count, meter_events, true",
        "sum, meter_events, true",
        "max, meter_events, false",
        "avg, usage_records, false",
        "latest, meter_events, false",
        "unique_count, usage_records, false",
        "time_weighted, meter_events, false",
        "max, invoice, true"
    })
    void onlyMetersThatAddUpAreSentHourByHour(String aggregation, String mode, boolean isTaken) {
        assertThat(errors(catalog(aggregation, mode))).hasSize(isTaken ? 0 : 1);
    }

    @Test
    void theErrorNamesTheMeterAndTheWayOut() {
        assertThat(errors(catalog("max", "meter_events")))
                .containsExactly(
                        "subscriptions[0].provider.mode: meter calls of plan growth cannot be sent hour by hour:"
                                + " only count and sum without perEvent add up; use mode invoice");
    }

    @Test
    void aUsageRecordIsOfOneMeter() {
        String two = catalog("count", "usage_records")
                .replace(
                        "subscriptions:",
                        "          - {charge: jobs, model: unit, meter: jobs, unitPrice: \"1\"}\nsubscriptions:");

        assertThat(errors(two.replace("usage_records", "meter_events"))).isEmpty();
        assertThat(errors(two))
                .containsExactly(
                        "subscriptions[0].provider.mode: a usage record counts one meter, and plan growth has calls, jobs");
    }
}
