package io.tallystick.ingest.acceptance;

import static io.tallystick.ingest.acceptance.TestingMeters.TOKENS;
import static io.tallystick.ingest.acceptance.TestingMeters.meter;
import static io.tallystick.ingest.acceptance.TestingMeters.rules;
import static io.tallystick.ingest.decode.TestingMessages.structured;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tallystick.ingest.decode.TestingMessages;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.catalog.RoundingDirection;
import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.Reading;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AcceptanceTest {

    private static final Instant NOW = Instant.parse("2026-04-20T12:00:00Z");
    private static final long RECORD_TIME = NOW.toEpochMilli();
    private static final Duration HORIZON = Duration.ofDays(35);
    private static final Duration SKEW = Duration.ofHours(1);

    private final Acceptance acceptance = new Acceptance();

    private Decision decide(TestingMessages message, RevisionRules rules) {
        return acceptance.decide(message.decode(rules), rules, RECORD_TIME, RECORD_TIME);
    }

    private Reason reason(TestingMessages message, Meter... meters) {
        return ((Rejection) decide(message, rules(1, meters))).reason();
    }

    private Candidate accepted(TestingMessages message, Meter... meters) {
        Decision decision = decide(message, rules(1, meters));
        assertThat(decision).isInstanceOf(Candidate.class);
        return (Candidate) decision;
    }

    private static String time(Instant instant) {
        return "\"" + instant + "\"";
    }

    @Test
    void sizesAreTakenUpToTheLimit() {
        assertThat(Acceptance.isTooLarge(1 << 20, 1 << 20)).isFalse();
        assertThat(Acceptance.isTooLarge((1 << 20) + 1, 0)).isTrue();
        assertThat(Acceptance.isTooLarge(0, (1 << 20) + 1)).isTrue();
    }

    @Test
    void anEventIsAcceptedWithWhatEachMeterReads() {
        Candidate candidate = accepted(
                structured("time", time(NOW.minusSeconds(5)), "data", "{\"tokens\":\"5\",\"model\":\"m\"}"),
                meter("tokens", "tokens.used").by("model", "$.model").sum("$.tokens"),
                meter("calls", "tokens.used").count(),
                meter("users", "tokens.used").unique("$.model"),
                meter("other", "other").count());

        assertThat(candidate.tenant()).isEqualTo("acme");
        assertThat(candidate.time()).isEqualTo(RECORD_TIME - 5000);
        assertThat(candidate.readings())
                .extracting(Reading::meter, Reading::value, Reading::text)
                .containsExactly(
                        tuple("calls", null, null),
                        tuple("tokens", new BigDecimal("5"), null),
                        tuple("users", null, "m"));
        assertThat(candidate.readings().get(1).dimensions().values()).isEqualTo(Map.of("model", "m"));
    }

    @Test
    void agesAreTakenUpToTheHorizonAndTheSkew() {
        assertThat(decide(structured("time", time(NOW.minus(HORIZON))), rules(1, TOKENS)))
                .isInstanceOf(Candidate.class);
        assertThat(reason(structured("time", time(NOW.minus(HORIZON).minusMillis(1))), TOKENS))
                .isEqualTo(Reason.TOO_OLD);
        assertThat(decide(structured("time", time(NOW.plus(SKEW))), rules(1, TOKENS)))
                .isInstanceOf(Candidate.class);
        assertThat(reason(structured("time", time(NOW.plus(SKEW).plusMillis(1))), TOKENS))
                .isEqualTo(Reason.IN_THE_FUTURE);
    }

    @Test
    void aRecordMayBeTheHorizonBehindTheNewestOfItsPartition() {
        RevisionRules rules = rules(1, TOKENS);
        long horizon = HORIZON.toMillis();

        assertThat(acceptance.decide(structured().decode(rules), rules, RECORD_TIME, RECORD_TIME + horizon))
                .isInstanceOf(Candidate.class);
        assertThat(acceptance.decide(structured().decode(rules), rules, RECORD_TIME, RECORD_TIME + horizon + 1))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        rejection -> assertThat(rejection.reason()).isEqualTo(Reason.TOO_OLD));
    }

    @Test
    void anEventWithoutTimeHappenedWhenItWasRecorded() {
        assertThat(accepted(structured("time", null), TOKENS).time()).isEqualTo(RECORD_TIME);
    }

    @Test
    void reasonsHaveAnOrder() {
        List<String[]> faults = List.of(
                new String[] {"specversion", "\"0\""},
                new String[] {"id", null},
                new String[] {"subject", null},
                new String[] {"time", "\"yesterday\""},
                new String[] {"time", "\"2020-01-01T00:00:00Z\""},
                new String[] {"type", "\"nobody's\""},
                new String[] {"data", "{\"tokens\":\"NaN\"}"});
        List<Reason> order = List.of(
                Reason.NOT_A_CLOUD_EVENT,
                Reason.MISSING_ID,
                Reason.MISSING_SUBJECT,
                Reason.INVALID_TIME,
                Reason.TOO_OLD,
                Reason.UNKNOWN_TYPE,
                Reason.INVALID_VALUE);
        for (int first = 0; first < faults.size(); first++) {
            // Later faults first, so that of two times the earlier reason's is the one that is written.
            List<String> members = new ArrayList<>();
            for (int at = faults.size() - 1; at >= first; at--) {
                members.add(faults.get(at)[0]);
                members.add(faults.get(at)[1]);
            }
            assertThat(reason(structured(members.toArray(String[]::new)), TOKENS))
                    .isEqualTo(order.get(first));
        }
        assertThat(reason(structured("time", "\"2099-01-01T00:00:00Z\"", "type", "\"nobody's\""), TOKENS))
                .isEqualTo(Reason.IN_THE_FUTURE);
    }

    @Test
    void theReasonsAreThoseOfTheContractInItsOrder() {
        assertThat(Reason.values())
                .extracting(Reason::text)
                .containsExactly(
                        "too_large",
                        "not_a_cloud_event",
                        "missing_id",
                        "missing_subject",
                        "invalid_time",
                        "too_old",
                        "in_the_future",
                        "unknown_type",
                        "invalid_value",
                        "conflicting_duplicate");
    }

    @Test
    void valuesAreExact() {
        String thirty = "123456789012345678.123456789012";
        assertThat(value("{\"tokens\":" + thirty + "}")).isEqualTo(thirty);
        assertThat(value("{\"tokens\":\"-" + thirty + "\"}")).isEqualTo("-" + thirty);
        assertThat(value("{\"tokens\":1e3}")).isEqualTo("1000");
        assertThat(value("{\"tokens\":\"1.50\"}")).isEqualTo("1.5");
        assertThat(value("{\"tokens\":-0}")).isEqualTo("0");
    }

    private String value(String data) {
        return String.valueOf(
                accepted(structured("data", data), TOKENS).readings().get(0).value());
    }

    @Test
    void whatIsNoNumberIsAnInvalidValue() {
        for (String value : List.of(
                "NaN",
                "\"NaN\"",
                "Infinity",
                "\"five\"",
                "\"\"",
                "\" 5\"",
                "\"+5\"",
                "\"0x5\"",
                "true",
                "null",
                "{}",
                "[5]",
                "1e999999999",
                "\"" + "9".repeat(257) + "\"")) {
            assertThat(reason(structured("data", "{\"tokens\":" + value + "}"), TOKENS))
                    .as(value)
                    .isEqualTo(Reason.INVALID_VALUE);
        }
        assertThat(reason(structured("data", "{}"), TOKENS)).isEqualTo(Reason.INVALID_VALUE);
        assertThat(reason(structured("data", null), TOKENS)).isEqualTo(Reason.INVALID_VALUE);
        assertThat(reason(structured("data", "\"text\""), TOKENS)).isEqualTo(Reason.INVALID_VALUE);
    }

    @Test
    void oneUnreadableValueRejectsTheWholeEvent() {
        assertThat(reason(
                        structured("data", "{\"tokens\":5}"),
                        TOKENS,
                        meter("seconds", "tokens.used").sum("$.seconds")))
                .isEqualTo(Reason.INVALID_VALUE);
    }

    @Test
    void eachValueIsRoundedToTheQuantum() {
        for (String[] row : new String[][] {
            {"up", "0.30", "0.3"},
            {"up", "0.31", "0.4"},
            {"up", "-0.31", "-0.3"},
            {"down", "0.39", "0.3"},
            {"down", "-0.31", "-0.4"},
            {"half_up", "0.35", "0.4"},
            {"half_up", "0.349", "0.3"},
            {"half_up", "-0.35", "-0.4"}
        }) {
            Meter meter = meter("tokens", "tokens.used")
                    .quantum("0.1", RoundingDirection.valueOf(row[0].toUpperCase(Locale.ROOT)))
                    .sum("$.tokens");
            assertThat(accepted(structured("data", "{\"tokens\":" + row[1] + "}"), meter)
                            .readings()
                            .get(0)
                            .value())
                    .as(row[0] + " " + row[1])
                    .isEqualTo(new BigDecimal(row[2]));
        }
    }

    @Test
    void anEventThatEveryWhereExcludesIsAcceptedAndAddsNothing() {
        Meter meter = meter("tokens", "tokens.used")
                .where("$.status", "ok", "true", "")
                .sum("$.tokens");

        assertThat(accepted(structured("data", "{\"status\":\"failed\"}"), meter)
                        .readings())
                .isEmpty();
        assertThat(accepted(structured("data", "{\"status\":\"ok\",\"tokens\":1}"), meter)
                        .readings())
                .hasSize(1);
        assertThat(accepted(structured("data", "{\"status\":true,\"tokens\":1}"), meter)
                        .readings())
                .hasSize(1);
        assertThat(accepted(structured("data", "{\"tokens\":1}"), meter).readings())
                .hasSize(1);
        assertThat(reason(structured("data", "{\"status\":{},\"tokens\":1}"), meter))
                .isEqualTo(Reason.INVALID_VALUE);
    }

    @Test
    void aMissingDimensionIsEmptyAndALongOneInvalid() {
        Meter meter = meter("calls", "tokens.used").by("model", "$.model").count();

        assertThat(accepted(structured("data", "{}"), meter)
                        .readings()
                        .get(0)
                        .dimensions()
                        .get("model"))
                .isEmpty();
        assertThat(accepted(structured("data", "{\"model\":\"" + "m".repeat(4096) + "\"}"), meter)
                        .readings())
                .hasSize(1);
        assertThat(reason(structured("data", "{\"model\":\"" + "m".repeat(4097) + "\"}"), meter))
                .isEqualTo(Reason.INVALID_VALUE);
        assertThat(reason(structured("data", "{\"model\":\"\\udc00\"}"), meter)).isEqualTo(Reason.INVALID_VALUE);
    }

    @Test
    void aMeterCountsFromItsInstant() {
        Meter meter = meter("calls", "tokens.used").from(NOW.toString()).count();

        assertThat(accepted(structured("time", time(NOW)), meter).readings()).hasSize(1);
        assertThat(accepted(structured("time", time(NOW.minusMillis(1))), meter).readings())
                .isEmpty();
    }

    // ---- identity and content

    @Test
    void partsOfAnIdentityDoNotRunTogether() {
        assertThat(acceptance.identity("t", null, "a-b", "c"))
                .isNotEqualTo(acceptance.identity("t", null, "a", "b-c"))
                .isNotEqualTo(acceptance.identity("ta", null, "-b", "c"));
        assertThat(acceptance.identity("t", "k", "a", "1")).isEqualTo(acceptance.identity("t", "k", "b", "2"));
        assertThat(acceptance.identity("t", "k", "a", "1")).isNotEqualTo(acceptance.identity("tk", "", "a", "1"));
        assertThat(acceptance.identity("t", null, "k", ""))
                .as("a key is not a source")
                .isNotEqualTo(acceptance.identity("t", "k", "", ""));
    }

    @Test
    void anIdentityIsForEver() {
        assertThat(acceptance.identity("acme", null, "/test", "1"))
                .isEqualTo(new Identity(IDENTITY_HIGH, IDENTITY_LOW));
    }

    // SHA-256 of 'i' and the three texts behind their lengths (4 bytes each, big endian), cut to 16 bytes.
    private static final long IDENTITY_HIGH = 0xab1794cd4e9d54eaL;
    private static final long IDENTITY_LOW = 0x6749b9ca4395abd3L;

    @Test
    void contentIsWhatMattersForBilling() {
        RevisionRules rules =
                rules(1, meter("tokens", "tokens.used").by("m", "$.m").sum("$.tokens"));
        long content = content(structured("data", "{\"tokens\":5,\"m\":\"x\"}"), rules);

        assertThat(content(structured("data", "{ \"m\":\"x\", \"more\":[1], \"tokens\":\"5.0\" }"), rules))
                .isEqualTo(content);
        assertThat(content(structured("id", "\"2\"", "data", "{\"tokens\":5,\"m\":\"x\"}"), rules))
                .isEqualTo(content);
        assertThat(content(structured("data", "{\"tokens\":6,\"m\":\"x\"}"), rules))
                .isNotEqualTo(content);
        assertThat(content(structured("data", "{\"tokens\":5,\"m\":\"y\"}"), rules))
                .isNotEqualTo(content);
        assertThat(content(structured("time", time(NOW), "data", "{\"tokens\":5,\"m\":\"x\"}"), rules))
                .isNotEqualTo(content);
    }

    private long content(TestingMessages message, RevisionRules rules) {
        return ((Candidate) decide(message, rules)).contentHash();
    }

    @Test
    void contentIsComparedUnderTheRevisionOfTheFirst() {
        RevisionRules before = rules(1, TOKENS);
        RevisionRules after = rules(2, TOKENS, meter("calls", "tokens.used").count());
        TestingMessages event = structured();
        long first = content(event, before);

        assertThat(content(event, after)).isNotEqualTo(first);
        assertThat(acceptance.hasContent(event.decode(before), before, RECORD_TIME, first))
                .isTrue();
        assertThat(acceptance.hasContent(
                        structured("data", "{\"tokens\":6}").decode(before), before, RECORD_TIME, first))
                .isFalse();
        RevisionRules other = rules(3, meter("calls", "other").count());
        assertThat(acceptance.hasContent(event.decode(other), other, RECORD_TIME, first))
                .isFalse();
    }
}
