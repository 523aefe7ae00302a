package io.tallystick.deploy.app.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.deploy.app.derive.OneCatalog;
import io.tallystick.deploy.app.derive.RecordedLog;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.CatalogRecord;
import io.tallystick.schemas.event.CatalogRecord.CatalogObject;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceDigest;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.Reading;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topics;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A month that was tampered with in one place does not pass, and the place is named. */
class ReplayTest {

    private static final Instant MAY = Instant.parse("2026-05-01T00:00:00Z");
    private static final String CATALOG = """
            meters:
              - {meter: replay_units, eventType: used, aggregation: sum, value: $.units, dimensions: {model: $.model}}
              - {meter: replay_peak, eventType: used, aggregation: max, value: $.units}
            pricing:
              - version: v1
                effectiveFrom: "2026-01-01T00:00:00Z"
                currency: USD
                plans:
                  - plan: p
                    charges:
                      - {charge: base, model: flat, amount: "10.00"}
                      - {charge: units, model: unit, meter: replay_units, unitPrice: "0.07", groupBy: [model]}
                      - {charge: peak, model: unit, meter: replay_peak, unitPrice: "1.00"}
              - version: v2
                effectiveFrom: "2026-04-16T00:00:00Z"
                currency: USD
                plans:
                  - plan: p
                    charges:
                      - {charge: base, model: flat, amount: "20.00"}
                      - {charge: units, model: unit, meter: replay_units, unitPrice: "0.09", groupBy: [model]}
            subscriptions:
              - {tenant: a, plan: p, start: "2026-04-01T00:00:00Z", period: {every: P1W, anchor: "2026-04-01T00:00:00Z", timezone: UTC}}
              - {tenant: b, plan: p, start: "2026-04-01T00:00:00Z", period: {every: P1M, anchor: "2026-04-01T00:00:00Z", timezone: UTC}}
            """;

    @TempDir
    private Path directory;

    private RecordedLog log;
    private String accepted;
    private int partition;

    @BeforeEach
    void recordAMonth() {
        CatalogRevision revision =
                OneCatalog.read(CATALOG.getBytes(StandardCharsets.UTF_8), "test", Catalog.Settings.DEFAULT, null);
        List<byte[]> events = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            Instant time = Instant.parse("2026-04-01T00:00:00Z").plusSeconds(i * 6_000L);
            events.add(event(i, i % 3 == 0 ? "a" : "b", time, i % 17));
            if (i % 20 == 0) {
                events.add(event(i, i % 3 == 0 ? "a" : "b", time, i % 17));
            }
            if (i % 50 == 0) {
                events.add(event(i, i % 3 == 0 ? "a" : "b", time, 99)); // under an identity that is taken
                events.add("{".getBytes(StandardCharsets.UTF_8));
            }
        }
        log = RecordedLog.of(revision, events, MAY, directory.resolve("recorded"));
        accepted = log.topics().usageAccepted().name();
        partition = TenantPartitioner.partitionOf("b", Topics.PARTITIONS_EMBEDDED);
    }

    @Test
    void whatTheStagesMadeIsIdentical() {
        Replay.Report report = replay(null);

        assertThat(report.findings()).isEmpty();
        assertThat(report.invoices())
                .hasSize(5)
                .allSatisfy(one -> assertThat(one.differences()).isEmpty());
        assertThat(report.differences()).isZero();
        assertThat(report.events()).isEqualTo(436);
    }

    @Test
    void anAcceptedEventThatIsMissingIsNamedByItsPlaceAndByItsInvoice() {
        ConsumerRecord<byte[], byte[]> record = someAccepted();
        AcceptedEvent event = (AcceptedEvent) TopicCodecs.ACCEPTED.decode(record.value());
        log.records(accepted, partition).remove(record);

        Replay.Report report = replay(null);

        assertThat(places(report)).contains(log.topics().usageEvents().name() + " " + event.place());
        assertThat(report.invoices())
                .anySatisfy(one -> assertThat(one.differences()).isNotEmpty());
    }

    @Test
    void theLastAcceptedEventIsMissedToo() {
        List<ConsumerRecord<byte[], byte[]>> records = log.records(accepted, partition);
        ConsumerRecord<byte[], byte[]> last = records.stream()
                .filter(record -> TopicCodecs.ACCEPTED.decode(record.value()) instanceof AcceptedEvent)
                .reduce((one, other) -> other)
                .orElseThrow();
        records.remove(last);

        assertThat(replay(null).differences()).isPositive();
    }

    @Test
    void anAcceptedEventThatIsThereTwiceIsNamed() {
        ConsumerRecord<byte[], byte[]> record = someAccepted();
        List<ConsumerRecord<byte[], byte[]>> records = log.records(accepted, partition);
        records.add(records.indexOf(record), record);

        assertThat(places(replay(null))).contains(place(record));
    }

    @Test
    void aChangedValueIsNamedByTheEventItWasReadFrom() {
        ConsumerRecord<byte[], byte[]> record = someAccepted();
        AcceptedEvent event = (AcceptedEvent) TopicCodecs.ACCEPTED.decode(record.value());
        log.change(record, value -> TopicCodecs.ACCEPTED.encode((AcceptedRecord) withMore(event)));

        Replay.Report report = replay(null);

        assertThat(places(report)).contains(log.topics().usageEvents().name() + " " + event.place());
        assertThat(report.invoices())
                .anySatisfy(one -> assertThat(one.differences()).anyMatch(text -> text.startsWith("line ")));
    }

    @Test
    void aChangedPriceIsNamedByItsPlaceInTheCatalogue() {
        String topic = log.topics().billingCatalog().name();
        ConsumerRecord<byte[], byte[]> price = log.records(topic, 0).stream()
                .filter(record -> TopicCodecs.CATALOG.decode(record.value()) instanceof CatalogObject object
                        && object.document().contains("0.07"))
                .findFirst()
                .orElseThrow();
        CatalogObject object = (CatalogObject) TopicCodecs.CATALOG.decode(price.value());
        log.change(
                price,
                value -> TopicCodecs.CATALOG.encode((CatalogRecord)
                        new CatalogObject(object.hash(), object.document().replace("0.07", "0.08"))));

        assertThat(places(replay(null))).contains(place(price));
    }

    @Test
    void aLineThatIsOffByACentIsNamedEvenIfItsDigestFits() {
        String topic = log.topics().billingInvoices().name();
        ConsumerRecord<byte[], byte[]> record = log.records(topic, partition).get(0);
        Invoice invoice = TopicCodecs.INVOICES.decode(record.value());
        LineItem line = invoice.lines().get(1);
        log.change(record, value -> TopicCodecs.INVOICES.encode(withCentMore(invoice)));

        Replay.Report report = replay(null);

        assertThat(report.findings()).isEmpty();
        assertThat(report.invoices())
                .filteredOn(one -> one.id().equals(invoice.id()))
                .singleElement()
                .satisfies(one ->
                        assertThat(one.differences()).anyMatch(text -> text.startsWith("line " + line.line() + ":")));
    }

    @Test
    void anInvoiceThatIsDeletedIsMissedAlthoughItsEarlierStateIsStillInTheTopic() {
        String topic = log.topics().billingInvoices().name();
        ConsumerRecord<byte[], byte[]> record = log.records(topic, partition).get(0);
        String id = TopicCodecs.INVOICES.decode(record.value()).id();
        log.delete(record);

        Replay.Report report = replay(null);

        assertThat(report.differences()).isEqualTo(1);
        assertThat(report.invoices())
                .filteredOn(one -> !one.differences().isEmpty())
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.id()).isEqualTo(id);
                    assertThat(one.standing()).isNull();
                    assertThat(one.differences())
                            .singleElement()
                            .asString()
                            .startsWith("the log gives it")
                            .endsWith("it is not there");
                });
    }

    @Test
    void anInvoiceThatComesAgainBehindItsDeletionStands() {
        String topic = log.topics().billingInvoices().name();
        ConsumerRecord<byte[], byte[]> record = log.records(topic, partition).get(0);
        log.delete(record);
        log.records(topic, partition).add(record);

        assertThat(replay(null).differences()).isZero();
    }

    @Test
    void aRecordThatHasLostItsValueIsNamedByItsPlaceWhereverItIs() {
        ConsumerRecord<byte[], byte[]> event = someAccepted();
        ConsumerRecord<byte[], byte[]> price =
                log.records(log.topics().billingCatalog().name(), 0).get(0);
        ConsumerRecord<byte[], byte[]> raw =
                log.records(log.topics().usageEvents().name(), partition).get(0);
        for (ConsumerRecord<byte[], byte[]> record : List.of(event, price, raw)) {
            log.change(record, value -> null);

            Replay.Report report = replay(null);

            assertThat(places(report)).contains(place(record));
            assertThat(report.findings()).noneMatch(one -> one.difference().contains("because"));
            log.restore(record);
        }
        assertThat(replay(null).differences()).isZero();
    }

    @Test
    void anotherVersionSaysWhoWouldPayWhat() {
        Replay.Report report = replay("v2");

        assertThat(report.differences()).isZero();
        assertThat(report.invoices())
                .hasSize(5)
                .allSatisfy(
                        one -> assertThat(Objects.requireNonNull(one.derived()).lines())
                                .allMatch(line -> line.pricingVersion().equals("v2")));
        assertThat(report.invoices())
                .filteredOn(one -> one.id().equals("b-2026-04-01"))
                .singleElement()
                .satisfies(one -> assertThat(
                                Objects.requireNonNull(one.derived()).total())
                        .isNotEqualTo(Objects.requireNonNull(one.standing()).total()));
    }

    @Test
    void twoProcessesShareTheWork() {
        ConsumerRecord<byte[], byte[]> record = someAccepted();
        AcceptedEvent event = (AcceptedEvent) TopicCodecs.ACCEPTED.decode(record.value());
        log.change(record, value -> TopicCodecs.ACCEPTED.encode((AcceptedRecord) withMore(event)));

        Replay.Report its = replayOf(one -> one == partition);
        Replay.Report others = replayOf(one -> one != partition);

        assertThat(its.invoices()).hasSize(1);
        assertThat(others.invoices()).hasSize(4);
        assertThat(its.events() + others.events()).isEqualTo(436);
        assertThat(its.differences()).isPositive();
        assertThat(others.differences()).isZero();
    }

    private Replay.Report replayOf(IntPredicate partitions) {
        return new Replay(log, directory.resolve("replay"), 2)
                .run(new Replay.Request(invoice -> true, null, true, null, partitions));
    }

    private Replay.Report replay(String version) {
        return new Replay(log, directory.resolve("replay"), 2)
                .run(new Replay.Request(invoice -> true, null, true, version));
    }

    private ConsumerRecord<byte[], byte[]> someAccepted() {
        return log.records(accepted, partition).stream()
                .filter(record -> TopicCodecs.ACCEPTED.decode(record.value()) instanceof AcceptedEvent event
                        && event.tenant().equals("b")
                        && event.sequence() > 100)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> places(Replay.Report report) {
        return report.findings().stream().map(Finding::place).toList();
    }

    private static String place(ConsumerRecord<byte[], byte[]> record) {
        return record.topic() + " " + record.partition() + "@" + record.offset();
    }

    private static AcceptedEvent withMore(AcceptedEvent event) {
        List<Reading> readings = event.readings().stream()
                .map(reading -> new Reading(
                        reading.meter(),
                        reading.dimensions(),
                        reading.value() == null ? null : reading.value().add(new BigDecimal("100")),
                        reading.text()))
                .toList();
        return new AcceptedEvent(
                event.tenant(),
                event.shard(),
                event.sequence(),
                event.place(),
                event.identity(),
                event.contentHash(),
                event.revision(),
                event.time(),
                event.recordTime(),
                readings);
    }

    private static Invoice withCentMore(Invoice invoice) {
        BigDecimal cent = new BigDecimal("0.01");
        List<LineItem> lines = new ArrayList<>(invoice.lines());
        LineItem line = lines.get(1);
        lines.set(
                1,
                new LineItem(
                        line.line(),
                        line.kind(),
                        line.charge(),
                        line.meter(),
                        line.description(),
                        line.dimensions(),
                        line.metered(),
                        line.quantity(),
                        line.included(),
                        line.billable(),
                        line.unitPrice(),
                        line.amount().add(cent),
                        line.exact(),
                        line.pricingVersion(),
                        line.period(),
                        line.tiers(),
                        line.adjusts()));
        Invoice changed = new Invoice(
                invoice.id(),
                invoice.number(),
                invoice.tenant(),
                invoice.shard(),
                invoice.subscription(),
                invoice.period(),
                invoice.firstDay(),
                invoice.attempt(),
                invoice.currency(),
                invoice.status(),
                lines,
                invoice.total().add(cent),
                invoice.shadow(),
                "",
                invoice.revision(),
                invoice.catalogRevision(),
                invoice.cut(),
                invoice.sequence(),
                invoice.reason());
        return changed.withDigest(InvoiceDigest.of(changed));
    }

    private static byte[] event(int id, String tenant, Instant time, int units) {
        return """
                {"specversion":"1.0","type":"used","source":"s","id":"%d","subject":"%s","time":"%s","data":{"units":%d,"model":"%s"}}""".formatted(id, tenant, time, units, id % 2 == 0 ? "x" : "y").getBytes(StandardCharsets.UTF_8);
    }
}
