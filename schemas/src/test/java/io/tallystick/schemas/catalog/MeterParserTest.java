package io.tallystick.schemas.catalog;

import static io.tallystick.schemas.catalog.TestingCatalogs.catalog;
import static io.tallystick.schemas.catalog.TestingCatalogs.errors;
import static io.tallystick.schemas.catalog.TestingCatalogs.meterErrors;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MeterParserTest {

    private static Meter meter(String fields) {
        return catalog("meters: [{meter: m, " + fields + "}]").meters().get("m");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "worker_seconds", "a1_2b", "0"})
    void namesAreLowerCaseWordsJoinedByUnderscores(String name) {
        assertThat(errors("meters: [{meter: \"" + name + "\", eventType: x, aggregation: count}]"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Tokens", "a__b", "_a", "a_", "a-b", "a b", "ä"})
    void otherNamesAreRefused(String name) {
        assertThat(errors("meters: [{meter: \"" + name + "\", eventType: x, aggregation: count}]"))
                .hasSize(1)
                .allMatch(
                        error -> error.startsWith("meters[0].meter: \"" + name + "\" is not allowed: a meter's name"));
    }

    @Test
    void namesAreAtMost64Characters() {
        String meter = "meters: [{meter: %s, eventType: x, aggregation: count}]";

        assertThat(errors(meter.formatted("a".repeat(64)))).isEmpty();
        assertThat(errors(meter.formatted("a".repeat(65)))).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(value = Aggregation.class, names = "COUNT", mode = EnumSource.Mode.EXCLUDE)
    void everyAggregationButCountReadsAValue(Aggregation aggregation) {
        String fields = "eventType: x, aggregation: " + aggregation.text();

        assertThat(meter(fields + ", value: $.n").aggregation()).isEqualTo(aggregation);
        assertThat(meterErrors(fields)).containsExactly("meters[0].value: is missing");
    }

    @Test
    void countReadsNoValue() {
        assertThat(meter("eventType: x, aggregation: count").value()).isNull();
        assertThat(meterErrors("eventType: x, aggregation: count, value: $.n"))
                .containsExactly("meters[0].value: a count meter counts events and reads no value");
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThat(errors("meters: [{}]"))
                .containsExactly(
                        "meters[0].meter: is missing",
                        "meters[0].eventType: is missing",
                        "meters[0].aggregation: is missing");
        assertThat(meterErrors("eventType: '', aggregation: count")).containsExactly("meters[0].eventType: is empty");
    }

    @Test
    void anUnknownAggregationIsNamedWithWhatIsKnown() {
        assertThat(meterErrors("eventType: x, aggregation: uniq_count"))
                .containsExactly("meters[0].aggregation: \"uniq_count\" is none of count, sum, min, max, avg, latest, "
                        + "unique_count, time_weighted; did you mean unique_count?");
    }

    @Test
    void pathsAreTakenOrExplained() {
        assertThat(meter("eventType: x, aggregation: sum, value: \"$.usage['total tokens'][0]\"")
                        .value())
                .isEqualTo(DataPath.parse("$.usage['total tokens'][0]"));
        assertThat(meterErrors("eventType: x, aggregation: sum, value: n"))
                .containsExactly("meters[0].value: \"n\" is no path: a path begins with $, as in $.a.b");
        assertThat(meterErrors("eventType: x, aggregation: count, dimensions: {a: '$.a[*]', b: 5, 'c d': $.c}"))
                .containsExactly(
                        "meters[0].dimensions.a: \"$.a[*]\" is no path: a wildcard (*) could name several places; "
                                + "taken are members and indices that name one place: $.a.b, $['a b'], $.a[0]",
                        "meters[0].dimensions.b: expected a path as in $.b but found the number 5",
                        "meters[0].dimensions.c d: \"c d\" is not allowed: " + Names.DIMENSION.rule());
    }

    @Test
    void conditionsListTextsByMemberOrPath() {
        Meter meter = meter("eventType: x, aggregation: count, "
                + "where: {status: [succeeded, failed, failed], code: 200, ok: [true, no, 1.50], $.a.b: ['', 007]}");

        assertThat(meter.where())
                .isEqualTo(Map.of(
                        DataPath.ofMember("status"), List.of("failed", "succeeded"),
                        DataPath.ofMember("code"), List.of("200"),
                        DataPath.ofMember("ok"), List.of("1.50", "no", "true"),
                        DataPath.parse("$.a.b"), List.of("", "007")));
    }

    @Test
    void conditionsThatNothingCouldMeetAreRefused() {
        assertThat(meterErrors("eventType: x, aggregation: count, where: {a: [], b: null, c: [[x]], d: {e: f}}"))
                .containsExactly(
                        "meters[0].where.a: lists no value, so nothing would ever match; leave the condition out to match all",
                        "meters[0].where.b: is empty; write \"\" for a missing value",
                        "meters[0].where.c[0]: expected text or a list of texts but found a list",
                        "meters[0].where.d: expected text or a list of texts but found an object");
        assertThat(meterErrors("eventType: x, aggregation: count, where: {a: x, $.a: y}"))
                .containsExactly("meters[0].where.$.a: stands here twice: another name of $.a");
        assertThat(meterErrors("eventType: x, aggregation: count, where: {$..a: y, '': x}"))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"0.1, true", "1, true", "0, false", "-0.1, false"})
    void aQuantumIsPositive(String step, boolean isTaken) {
        List<String> errors =
                meterErrors("eventType: x, aggregation: sum, value: $.n, quantum: {step: " + step + ", mode: up}");

        assertThat(errors)
                .isEqualTo(
                        isTaken ? List.of() : List.of("meters[0].quantum.step: must be greater than 0 but is " + step));
    }

    @Test
    void aQuantumRoundsNumbersOnlyAndSaysHow() {
        assertThat(meterErrors("eventType: x, aggregation: unique_count, value: $.n, quantum: {step: 1, mode: up}"))
                .containsExactly("meters[0].quantum: a unique_count meter has no numbers to round");
        assertThat(meterErrors("eventType: x, aggregation: count, quantum: {step: 1, mode: up}"))
                .containsExactly("meters[0].quantum: a count meter has no numbers to round");
        assertThat(meterErrors("eventType: x, aggregation: max, value: $.n, quantum: {step: 1}"))
                .containsExactly("meters[0].quantum.mode: is missing");
        assertThat(meterErrors("eventType: x, aggregation: max, value: $.n, quantum: {step: 1, mode: ceil}"))
                .containsExactly("meters[0].quantum.mode: \"ceil\" is none of half_up, up, down");
    }

    @Test
    void onlyASumKeepsEveryEventsValue() {
        assertThat(meter("eventType: x, aggregation: sum, value: $.n, perEvent: true")
                        .perEvent())
                .isTrue();
        assertThat(meterErrors("eventType: x, aggregation: max, value: $.n, perEvent: true"))
                .containsExactly("meters[0].perEvent: only a sum meter keeps every event's value, not max");
        assertThat(meterErrors("eventType: x, aggregation: max, value: $.n, perEvent: false"))
                .isEmpty();
        assertThat(meterErrors("eventType: x, aggregation: sum, value: $.n, perEvent: yes"))
                .containsExactly("meters[0].perEvent: expected true or false but found \"yes\"");
    }

    @Test
    void onlyATimeWeightedMeterHasAValueKind() {
        assertThat(meter("eventType: x, aggregation: time_weighted, value: $.n").valueKind())
                .isEqualTo(Meter.ValueKind.LEVEL);
        assertThat(meter("eventType: x, aggregation: time_weighted, value: $.n, valueKind: delta")
                        .valueKind())
                .isEqualTo(Meter.ValueKind.DELTA);
        assertThat(meterErrors("eventType: x, aggregation: latest, value: $.n, valueKind: level"))
                .containsExactly("meters[0].valueKind: only a time_weighted meter has a valueKind, not latest");
    }

    @Test
    void effectiveFromIsOnAWholeUtcHour() {
        assertThat(meter("eventType: x, aggregation: count, effectiveFrom: 2026-04-01T05:30:00+05:30")
                        .effectiveFrom())
                .isEqualTo(Instant.parse("2026-04-01T00:00:00Z"));
        assertThat(meterErrors("eventType: x, aggregation: count, effectiveFrom: 2026-04-01T00:00:00+05:30"))
                .containsExactly("meters[0].effectiveFrom: 2026-04-01T00:00:00+05:30 is not on a whole UTC hour");
        assertThat(meterErrors("eventType: x, aggregation: count, effectiveFrom: 2026-04-01"))
                .containsExactly("meters[0].effectiveFrom: \"2026-04-01\" is not an instant: "
                        + "write date, time and offset as in 2026-04-01T00:00:00Z (RFC 3339)");
    }

    @Test
    void dimensionsAreTakenToTheirLimitAndNotFurther() {
        assertThat(meterErrors("eventType: x, aggregation: count, dimensions: {" + dimensions(32) + "}"))
                .isEmpty();
        assertThat(meterErrors("eventType: x, aggregation: count, dimensions: {" + dimensions(33) + "}"))
                .containsExactly("meters[0].dimensions: a meter has at most 32 dimensions");
    }

    private static String dimensions(int count) {
        return IntStream.range(0, count).mapToObj(i -> "d" + i + ": $.d").collect(Collectors.joining(", "));
    }

    private static List<String> costErrors(String aggregation, String cost) {
        return meterErrors(
                "eventType: t, aggregation: " + aggregation + ", value: $.n, dimensions: {model: $.m}, cost: " + cost);
    }

    @Test
    void aRateCardIsDatedAndNamesDimensionsOfItsMeter() {
        String rates = "rates: [{where: {model: [a]}, unitCost: 2}, {unitCost: 0}]";

        assertThat(costErrors(
                        "sum", "[{effectiveFrom: 2026-01-01T00:00:00Z, currency: USD, divideBy: 1000, " + rates + "}]"))
                .isEmpty();
        assertThat(costErrors("max", "[{effectiveFrom: 2026-01-01T00:00:00Z, currency: USD, " + rates + "}]"))
                .containsExactly("meters[0].cost: a max meter does not add up, so its units have no cost");
        assertThat(
                        costErrors(
                                "sum",
                                "[{effectiveFrom: 2026-01-01T00:00:00Z, currency: USD, " + rates
                                        + "}, {effectiveFrom: 2026-01-01T00:00:00Z, currency: usd, divideBy: 0, rates: [{where: {kind: [b]}, unitCost: -1}]}, 7]"))
                .hasSize(6)
                .contains(
                        "meters[0].cost[1].effectiveFrom: is the date of meters[0].cost[0] already",
                        "meters[0].cost[1].rates[0].where.kind: the meter has no dimension kind; its dimensions are model",
                        "meters[0].cost[1].rates[0].unitCost: must not be negative but is -1");
    }
}
