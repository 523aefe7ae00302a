package io.tallystick.invoicer.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.invoicer.delivery.DeliveryState;
import io.tallystick.invoicer.invoice.TestingInvoices;
import io.tallystick.schemas.catalog.CatalogCanonical;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.codec.ChargesCoverage;
import io.tallystick.schemas.codec.RecordSerde;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.ChargeLine;
import io.tallystick.schemas.event.ChargeRecord;
import io.tallystick.schemas.event.Coverage;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.InvoiceCommand;
import io.tallystick.schemas.event.MeteredHour;
import io.tallystick.schemas.event.SubscriptionSet;
import io.tallystick.schemas.stream.RevisionsInForce;
import io.tallystick.schemas.topic.RecordKeys;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageOutboxTest {

    private static final Topics TOPICS = new Topics(Space.DEFAULT, 12);
    private static final Period APRIL =
            new Period(Instant.parse("2026-04-01T00:00:00Z"), Instant.parse("2026-05-01T00:00:00Z"));

    @TempDir
    private Path stateDirectory;

    private TopologyTestDriver driver;
    private TestInputTopic<String, byte[]> charges;
    private TestOutputTopic<String, Delivery> deliveries;
    private long sequence;

    @BeforeEach
    void start() {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "invoicer");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        driver = new TopologyTestDriver(
                InvoicerStage.topology(
                        TOPICS,
                        (number, patience) -> TestingInvoices.revision(subscription("meter_events")),
                        new RevisionsInForce()),
                config);
        charges = driver.createInputTopic(
                TOPICS.billingCharges().name(), new StringSerializer(), new ByteArraySerializer());
        deliveries = driver.createOutputTopic(
                TOPICS.billingDeliveries().name(),
                new StringDeserializer(),
                new RecordSerde<>(TopicCodecs.DELIVERIES).deserializer());
        provide("meter_events");
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void anHourIsSentOnceTheRecordsHaveMovedOn() {
        metered("2026-04-03T10:00:00Z", "x", "4", "2026-04-03T10:20:00Z");
        metered("2026-04-03T10:00:00Z", "y", "1.5", "2026-04-03T10:40:00Z");
        metered("2026-04-03T10:00:00Z", "x", "5", "2026-04-03T10:59:59.999Z");
        assertThat(deliveries.isEmpty()).isTrue();

        metered("2026-04-03T11:00:00Z", "x", "1", "2026-04-03T11:00:00Z");

        assertThat(deliveries.readValuesToList()).singleElement().satisfies(delivery -> {
            assertThat(delivery.expected()).isEqualByComparingTo("6.5");
            assertThat(DeliveryState.of(delivery).body())
                    .contains(
                            "payload[value]=6.5&",
                            "timestamp=" + Instant.parse("2026-04-03T10:59:59Z").getEpochSecond());
        });
    }

    @Test
    void lateUsageGoesAsWhatHasComeToTheHourUnderAnotherIdentity() {
        metered("2026-04-03T10:00:00Z", "x", "4", "2026-04-03T10:20:00Z");
        metered("2026-04-03T10:00:00Z", "x", "7", "2026-04-03T12:20:00Z");
        metered("2026-04-03T10:00:00Z", "x", "2", "2026-04-03T13:20:00Z");
        metered("2026-04-03T13:00:00Z", "x", "1", "2026-04-03T14:20:00Z");

        List<Delivery> sent = deliveries.readValuesToList();
        assertThat(sent)
                .extracting(delivery -> delivery.expected().intValueExact())
                .containsExactly(4, 3, -5);
        Set<String> identities = new HashSet<>();
        sent.forEach(delivery -> identities.add(delivery.id()));
        assertThat(identities).hasSize(3);
    }

    @Test
    void whatIsPassedAgainOrTakenBackBeforeItWasSentIsNotSent() {
        metered("2026-04-03T10:00:00Z", "x", "4", "2026-04-03T10:20:00Z");
        metered("2026-04-03T10:00:00Z", "x", "4", "2026-04-03T11:20:00Z");
        assertThat(deliveries.readValuesToList()).hasSize(1);

        metered("2026-04-03T11:00:00Z", "x", "4", "2026-04-03T11:30:00Z");
        metered("2026-04-03T11:00:00Z", "x", "0", "2026-04-03T11:40:00Z");
        metered("2026-04-03T12:00:00Z", "x", "1", "2026-04-03T12:00:00Z");
        assertThat(deliveries.isEmpty()).isTrue();
    }

    @Test
    void aCloseWaitsForNoLaterRecord() {
        metered("2026-04-30T23:00:00Z", "x", "4", "2026-04-30T23:59:00Z");
        metered("2026-05-01T00:00:00Z", "x", "9", "2026-04-30T23:59:30Z");
        close("2026-04-30T23:59:59Z");

        assertThat(deliveries.readValuesToList())
                .singleElement()
                .satisfies(delivery -> assertThat(delivery.expected()).isEqualByComparingTo("4"));
    }

    @Test
    void aUsageRecordSetsTheHourToItsTotal() {
        provide("usage_records");
        metered("2026-04-03T10:00:00Z", "x", "4", "2026-04-03T10:20:00Z");
        metered("2026-04-03T10:00:00Z", "x", "7", "2026-04-03T12:20:00Z");
        metered("2026-04-03T13:00:00Z", "x", "1", "2026-04-03T13:20:00Z");

        assertThat(deliveries.readValuesToList())
                .extracting(delivery -> DeliveryState.of(delivery).body())
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("quantity=4&"),
                        second -> assertThat(second).startsWith("quantity=7&"));
    }

    @Test
    void anInvoiceIsWithheldWhenUsageOfItsPeriodWentToTheProvider() {
        metered("2026-04-03T10:00:00Z", "x", "4", "2026-04-03T10:20:00Z");
        metered("2026-04-03T11:00:00Z", "x", "4", "2026-04-03T11:20:00Z");
        provide("invoice");
        send(
                new ChargeLine("acme", 0, "acme-main", APRIL, 7, "USD", TestingInvoices.fee("10.00")),
                "2026-04-03T11:30:00Z");
        send(
                TestingInvoices.closed("acme", "acme-main", APRIL, ++sequence)
                        .withCoverage(ChargesCoverage.plus(
                                Coverage.EMPTY,
                                TopicCodecs.CHARGES.encode(new ChargeLine(
                                        "acme", 0, "acme-main", APRIL, 7, "USD", TestingInvoices.fee("10.00"))))),
                "2026-05-01T02:00:00Z");
        send(
                new InvoiceCommand(
                        "acme", 0, ++sequence, 7, "acme-main-2026-04-01", InvoiceCommand.Action.FINALIZE, "test"),
                "2026-05-01T03:00:00Z");

        assertThat(deliveries.readValuesToList())
                .filteredOn(delivery -> !delivery.invoice().isEmpty())
                .singleElement()
                .satisfies(delivery -> assertThat(delivery.refusal()).contains("usage of this period"));
    }

    private static Subscription subscription(String mode) {
        Subscription plain = TestingInvoices.subscription("acme", "acme-main");
        return new Subscription(
                plain.tenant(),
                plain.subscription(),
                plain.plan(),
                plain.start(),
                plain.end(),
                plain.period(),
                plain.pricingVersion(),
                plain.shadow(),
                plain.lateUsage(),
                plain.limits(),
                new Subscription.Provider("stripe", mode, "cus_1"));
    }

    private void provide(String mode) {
        send(
                new SubscriptionSet("acme", 0, ++sequence, 7, "acme-main", CatalogCanonical.json(subscription(mode))),
                "2026-04-01T00:00:00Z");
    }

    private void metered(String hour, String model, String quantity, String at) {
        send(
                new MeteredHour(
                        "acme",
                        0,
                        "acme-main",
                        "calls",
                        Dimensions.of(Map.of("model", model)),
                        HourWindow.hourOf(Instant.parse(hour)),
                        new BigDecimal(quantity)),
                at);
    }

    private void close(String at) {
        send(TestingInvoices.closed("acme", "acme-main", APRIL, ++sequence).withCoverage(Coverage.EMPTY), at);
    }

    private void send(ChargeRecord record, String at) {
        charges.pipeInput(RecordKeys.of(record), TopicCodecs.CHARGES.encode(record), Instant.parse(at));
    }
}
