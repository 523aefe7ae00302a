package io.tallystick.deploy.verify.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.deploy.verify.Deadline;
import io.tallystick.deploy.verify.EventLog;
import io.tallystick.deploy.verify.SharedUp;
import io.tallystick.deploy.verify.TestingUp;
import io.tallystick.schemas.event.Place;
import io.tallystick.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Records that nobody should have sent: each ends as a dead letter with its reason, and the next good one is counted. */
@ExtendWith(SharedUp.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileEventsIT {

    private static final String TENANT = "hostile";
    private static final String GOOD = """
            {"specversion":"1.0","type":"hostile.used","source":"s","id":"ID","subject":"hostile","data":{"units":1}}""";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final TestingUp up;

    HostileEventsIT(TestingUp up) {
        this.up = up;
    }

    @BeforeAll
    void publishTheMeter() {
        up.service()
                .putCatalog(
                        "meters: [{meter: hostile_units, eventType: hostile.used, aggregation: sum, value: $.units}]")
                .ok();
    }

    @Test
    void everyBadRecordIsADeadLetterAndTheGoodOnesBetweenAreCounted() {
        Map<String, String> reasonByEvent = new TreeMap<>();
        reasonByEvent.put("{not json", "not_a_cloud_event");
        reasonByEvent.put("[]", "not_a_cloud_event");
        reasonByEvent.put("", "not_a_cloud_event");
        reasonByEvent.put("[".repeat(5000), "not_a_cloud_event");
        reasonByEvent.put("\uFEFF\u0000", "not_a_cloud_event");
        reasonByEvent.put(good("no-version").replace("\"specversion\":\"1.0\",", ""), "not_a_cloud_event");
        reasonByEvent.put(good("no-type").replace("\"type\":\"hostile.used\",", ""), "not_a_cloud_event");
        reasonByEvent.put(good("no-source").replace("\"source\":\"s\",", ""), "not_a_cloud_event");
        reasonByEvent.put(good("number-type").replace("\"hostile.used\"", "7"), "not_a_cloud_event");
        reasonByEvent.put(good("object-subject").replace("\"hostile\",", "{\"a\":1},"), "not_a_cloud_event");
        reasonByEvent.put(good("").replace("\"id\":\"\",", ""), "missing_id");
        reasonByEvent.put(good("no-subject").replace("\"subject\":\"hostile\",", ""), "missing_subject");
        reasonByEvent.put(withTime("bad-time", "yesterday"), "invalid_time");
        reasonByEvent.put(withTime("no-such-day", "2026-02-30T00:00:00Z"), "invalid_time");
        reasonByEvent.put(withTime("old", "1990-01-01T00:00:00Z"), "too_old");
        reasonByEvent.put(
                withTime("ahead", Instant.now().plus(Duration.ofHours(2)).toString()), "in_the_future");
        reasonByEvent.put(good("type").replace("hostile.used", "hostile.other"), "unknown_type");
        for (String value :
                new String[] {"\"abc\"", "\"NaN\"", "null", "true", "{}", "[1]", "\"\"", "\"0x10\"", "\"1,5\""}) {
            reasonByEvent.put(
                    good("value" + value.length() + value.hashCode()).replace("\"units\":1", "\"units\":" + value),
                    "invalid_value");
        }
        reasonByEvent.put(good("no-value").replace("\"units\":1", "\"other\":1"), "invalid_value");
        reasonByEvent.put(good("no-data").replace(",\"data\":{\"units\":1}", ""), "invalid_value");

        Map<Place, String> expected = new HashMap<>();
        int good = 0;
        try (EventLog log = new EventLog(up.bootstrap())) {
            for (Map.Entry<String, String> bad : reasonByEvent.entrySet()) {
                byte[] event = bad.getKey().getBytes(StandardCharsets.UTF_8);
                expected.put(log.sendNow(EventLog.event(TENANT, event)), bad.getValue());
                log.send(EventLog.event(TENANT, bytes("good-" + good++)));
            }
            expected.put(log.sendNow(EventLog.event(TENANT, null)), "not_a_cloud_event");
            expected.put(
                    log.sendNow(EventLog.event(TENANT, new byte[] {(byte) 0xC3, (byte) 0x28})), "not_a_cloud_event");
            expected.put(log.sendNow(EventLog.event(TENANT, sized("just-over", (1 << 20) + 1))), "too_large");
            expected.put(log.sendNow(EventLog.event(TENANT, sized("two-megabytes", 2 << 20))), "too_large");
            expected.put(log.sendNow(EventLog.event(TENANT, sized("nearly-all", 8 << 20))), "too_large");
            log.send(EventLog.event(TENANT, sized("at-the-limit", 1 << 20)));
            log.send(EventLog.event(TENANT, bytes("good-" + good++)));
            log.flush();

            up.service().awaitTotal("hostile_units", TENANT, Integer.toString(good + 1));
            Map<Place, String> rejected = Deadline.within(PATIENCE).await("every dead letter is there", () -> {
                Map<Place, String> found = deadLetters(log);
                return found.keySet().containsAll(expected.keySet()) ? found : null;
            });
            rejected.keySet().retainAll(expected.keySet());
            assertThat(rejected).isEqualTo(expected);
        }
    }

    @Test
    void aDeadLetterHoldsTheOriginalAndBeyondTheLimitItsHash() {
        try (EventLog log = new EventLog(up.bootstrap())) {
            Place small = log.sendNow(EventLog.event("hostile-letter", "{not json".getBytes(StandardCharsets.UTF_8)));
            Place large = log.sendNow(EventLog.event("hostile-letter", sized("large", 2 << 20)));
            Deadline.within(PATIENCE)
                    .await(
                            "both dead letters",
                            () -> deadLetters(log).keySet().containsAll(Set.of(small, large)) ? true : null);

            log.forEach(Topics::usageRejected, record -> {
                if (placeOf(record).equals(small)) {
                    assertThat(new String(record.value(), StandardCharsets.UTF_8))
                            .isEqualTo("{not json");
                    assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("hostile-letter");
                    assertThat(EventLog.header(record, "topic")).isEqualTo("usage.events");
                    assertThat(EventLog.header(record, "detail")).isNotEmpty();
                    assertThat(EventLog.header(record, "timestamp")).matches("\\d+");
                    assertThat(EventLog.header(record, "revision")).matches("\\d+");
                } else if (placeOf(record).equals(large)) {
                    assertThat(record.value()).isNull();
                    assertThat(EventLog.header(record, "sha256")).matches("[0-9a-f]{64}");
                }
            });
        }
    }

    @Test
    void negativeAndThirtyDigitQuantitiesAreExactAndATenantWithoutASubscriptionIsMetered() {
        try (EventLog log = new EventLog(up.bootstrap())) {
            sendUnits(log, "hostile-exact", "123456789012345678901234567890.123456789012");
            sendUnits(log, "hostile-exact", "\"-0.000000000001\"");
            sendUnits(log, "hostile-exact", "1e3");
            sendUnits(log, "hostile-negative", "-7.5");
            log.flush();
        }

        up.service().awaitTotal("hostile_units", "hostile-exact", "123456789012345678901234568890.123456789011");
        up.service().awaitTotal("hostile_units", "hostile-negative", "-7.5");
        assertThat(up.service().total("hostile_units", "hostile-nobody")).isEqualTo("0");
    }

    private static void sendUnits(EventLog log, String tenant, String units) {
        String event = good("units" + units.hashCode())
                .replace("\"subject\":\"hostile\"", "\"subject\":\"" + tenant + "\"")
                .replace("\"units\":1", "\"units\":" + units);
        log.send(EventLog.event(tenant, event.getBytes(StandardCharsets.UTF_8)));
    }

    private static Map<Place, String> deadLetters(EventLog log) {
        Map<Place, String> reasons = new HashMap<>();
        log.forEach(Topics::usageRejected, record -> reasons.put(placeOf(record), EventLog.header(record, "reason")));
        return reasons;
    }

    private static Place placeOf(ConsumerRecord<byte[], byte[]> record) {
        return new Place(
                Integer.parseInt(EventLog.header(record, "partition")),
                Long.parseLong(EventLog.header(record, "offset")));
    }

    private static String good(String id) {
        return GOOD.replace("ID", id);
    }

    private static byte[] bytes(String id) {
        return good(id).getBytes(StandardCharsets.UTF_8);
    }

    private static String withTime(String id, String time) {
        return good(id).replace("\"source\":\"s\",", "\"source\":\"s\",\"time\":\"" + time + "\",");
    }

    /** A good event that is {@code length} bytes long. */
    private static byte[] sized(String id, int length) {
        String event = good(id).replace("\"units\":1", "\"units\":1,\"padding\":\"\"");
        return event.replace("\"padding\":\"\"", "\"padding\":\"" + "x".repeat(length - event.length()) + "\"")
                .getBytes(StandardCharsets.UTF_8);
    }
}
