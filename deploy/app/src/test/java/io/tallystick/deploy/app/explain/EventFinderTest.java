package io.tallystick.deploy.app.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.derive.RecordedLog;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.event.SubscriptionSet;
import io.tallystick.schemas.topic.TenantPartitioner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFinderTest {

    private static final Instant FIRST = Instant.parse("2026-04-01T00:00:00Z");
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path directory;

    private RecordedLog log;

    @BeforeEach
    void recordAMonth() {
        log = RecordedMonth.record(directory);
    }

    @Test
    void anAcceptedEventIsFoundInItsWindowAndOnItsInvoice() {
        JsonNode found = find("b", "s", "10");

        assertThat(found.get("outcome").textValue()).isEqualTo("accepted");
        JsonNode event = found.get("accepted").get(0);
        assertThat(event.get("event").get("value").textValue()).contains("\"id\":\"10\"");
        JsonNode units = event.get("readings").get(1);
        assertThat(units.get("meter").textValue()).isEqualTo("month_units");
        assertThat(units.get("value").textValue()).isEqualTo("7");
        assertThat(units.get("windowStart").textValue()).isEqualTo("2026-04-01T16:00:00Z");
        JsonNode line = units.get("lines").get(0);
        assertThat(line.get("state").textValue()).isEqualTo("billed");
        assertThat(line.get("invoice").textValue()).isEqualTo("b-2026-04-01");
        assertThat(line.get("name").textValue()).isEqualTo("usage/units/2026-04-01T00Z/r0/model=x");
        assertThat(line.get("line").intValue()).isPositive();
    }

    @Test
    void everyCopyIsFoundAndWhatBecameOfIt() {
        JsonNode found = find("b", "s", "100"); // three times: as it is, again, and with another content

        assertThat(found.get("outcome").textValue()).isEqualTo("accepted");
        assertThat(found.get("accepted")).hasSize(1);
        assertThat(found.get("duplicates")).hasSize(1);
        assertThat(found.get("rejected")).hasSize(1);
        assertThat(found.get("rejected").get(0).get("reason").textValue()).isEqualTo("conflicting_duplicate");
    }

    @Test
    void aRejectedEventIsFoundWithItsReason() {
        JsonNode found = find("b", "s", "1000");

        assertThat(found.get("outcome").textValue()).isEqualTo("rejected");
        assertThat(found.get("accepted")).isEmpty();
        assertThat(found.get("rejected").get(0).get("reason").textValue()).isEqualTo("invalid_value");
    }

    @Test
    void anEventOfAnotherTenantOrSourceIsUnknown() {
        assertThat(find("a", "s", "10").get("outcome").textValue()).isEqualTo("unknown");
        assertThat(find("b", "other", "10").get("outcome").textValue()).isEqualTo("unknown");
    }

    @Test
    void aLateEventIsOnNoInvoiceThatDoesNotBookIt() {
        comesLate();

        JsonNode late = find("a", "s", "3").get("accepted").get(1);

        assertThat(late.get("readings")).hasSize(2).allSatisfy(reading -> {
            JsonNode line = reading.get("lines").get(0);
            assertThat(line.get("state").textValue()).isEqualTo("late");
            assertThat(line.get("effect").textValue()).isEqualTo("none");
            assertThat(line.has("invoice")).isFalse();
        });
    }

    @Test
    void aLateEventBehindTheLastCloseIsForTheNextOne() {
        Instant last = records().stream()
                .map(record -> TopicCodecs.ACCEPTED.decode(record.value()))
                .filter(record ->
                        record instanceof PeriodClosed && record.tenant().equals("a"))
                .map(record -> ((PeriodClosed) record).period().start())
                .max(Instant::compareTo)
                .orElseThrow();
        comesLate(last);

        assertThat(effects()).containsOnly("pending");
    }

    @Test
    void aLateEventBehindACloseThatGaveNoInvoiceIsUnbookedUntilALaterCloseHasGivenOne() {
        comesLate();
        log.beLive();
        String topic = log.topics().billingInvoices().name();
        List<ConsumerRecord<byte[], byte[]>> invoices =
                List.copyOf(log.records(topic, TenantControls.partition(log, "a")));
        assertThat(invoices).hasSizeGreaterThan(1);
        ConsumerRecord<byte[], byte[]> last = invoices.get(invoices.size() - 1);
        invoices.stream().filter(record -> record != last).forEach(log::delete);
        assertThat(effects()).containsOnly("none");

        log.delete(last);

        assertThat(effects()).containsOnly("unbooked");
    }

    private List<String> effects() {
        List<String> effects = new ArrayList<>();
        find("a", "s", "3")
                .get("accepted")
                .get(1)
                .get("readings")
                .forEach(reading ->
                        effects.add(reading.get("lines").get(0).get("effect").textValue()));
        assertThat(effects).hasSize(2);
        return effects;
    }

    @Test
    void aLateEventOfASubscriptionThatOnlyReportsItIsReported() {
        comesLate();
        changeRecords(
                record -> record instanceof SubscriptionSet set && set.tenant().equals("a"), record -> {
                    SubscriptionSet set = (SubscriptionSet) record;
                    String document =
                            set.document().replace("\"lateUsage\":\"next_invoice\"", "\"lateUsage\":\"report_only\"");
                    assertThat(document).isNotEqualTo(set.document());
                    return new SubscriptionSet(
                            set.tenant(), set.shard(), set.sequence(), set.revision(), set.subscription(), document);
                });

        JsonNode late = find("a", "s", "3").get("accepted").get(1);

        assertThat(late.get("readings")).hasSize(2).allSatisfy(reading -> {
            JsonNode line = reading.get("lines").get(0);
            assertThat(line.get("effect").textValue()).isEqualTo("reported");
            assertThat(line.has("invoice")).isFalse();
        });
    }

    /** Event 3, of the first week, once more in the place of the marker that closes the second. */
    private void comesLate() {
        comesLate(Instant.parse("2026-04-08T00:00:00Z"));
    }

    /** @param closing the start of the period whose marker it takes the place of */
    private void comesLate(Instant closing) {
        AcceptedRecord third = records().stream()
                .map(record -> TopicCodecs.ACCEPTED.decode(record.value()))
                .filter(record -> record instanceof AcceptedEvent event
                        && event.time() == FIRST.plusSeconds(18_000).toEpochMilli())
                .findFirst()
                .orElseThrow();
        changeRecords(
                record -> record instanceof PeriodClosed marker
                        && marker.tenant().equals("a")
                        && marker.period().start().equals(closing),
                record -> third);
    }

    private void changeRecords(Predicate<AcceptedRecord> which, UnaryOperator<AcceptedRecord> change) {
        int changed = 0;
        for (ConsumerRecord<byte[], byte[]> record : records()) {
            AcceptedRecord before = TopicCodecs.ACCEPTED.decode(record.value());
            if (which.test(before)) {
                log.change(record, bytes -> TopicCodecs.ACCEPTED.encode(change.apply(before)));
                changed++;
            }
        }
        assertThat(changed).isEqualTo(1);
    }

    /** Of tenant a's partition of accepted records. */
    private List<ConsumerRecord<byte[], byte[]>> records() {
        return List.copyOf(log.records(log.topics().usageAccepted().name(), TenantControls.partition(log, "a")));
    }

    @Test
    void anAcceptedRecordThatCannotBeReadIsNamedByItsPlace() {
        String topic = log.topics().usageAccepted().name();
        ConsumerRecord<byte[], byte[]> record =
                log
                        .records(
                                topic,
                                TenantPartitioner.partitionOf("b", log.topics().partitions()))
                        .stream()
                        .filter(one -> Arrays.equals(one.key(), "b".getBytes(StandardCharsets.UTF_8)))
                        .findFirst()
                        .orElseThrow();
        for (byte[] damaged : new byte[][] {null, "{}".getBytes(StandardCharsets.UTF_8)}) {
            log.change(record, value -> damaged);

            assertThatThrownBy(() -> find("b", "s", "10"))
                    .isInstanceOfSatisfying(
                            Failure.class, e -> assertThat(e.exitStatus()).isEqualTo(1))
                    .hasMessageContaining(topic + " " + record.partition() + "@" + record.offset());
            log.restore(record);
        }
        assertThat(find("b", "s", "10").get("outcome").textValue()).isEqualTo("accepted");
    }

    private JsonNode find(String tenant, String source, String id) {
        return JSON.valueToTree(new EventFinder(log).find(new EventFinder.Wanted(tenant, null, source, id)));
    }
}
