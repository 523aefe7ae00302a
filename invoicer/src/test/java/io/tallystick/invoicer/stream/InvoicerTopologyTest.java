package io.tallystick.invoicer.stream;

import static io.tallystick.invoicer.invoice.TestingInvoices.APRIL;
import static io.tallystick.invoicer.invoice.TestingInvoices.MAY;
import static io.tallystick.invoicer.invoice.TestingInvoices.fee;
import static io.tallystick.invoicer.invoice.TestingInvoices.shadow;
import static io.tallystick.invoicer.invoice.TestingInvoices.usage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallystick.invoicer.delivery.InvoiceDeliveries;
import io.tallystick.invoicer.invoice.TestingInvoices;
import io.tallystick.schemas.catalog.CatalogCanonical;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.catalog.Subscription.LateUsage;
import io.tallystick.schemas.codec.ChargesCoverage;
import io.tallystick.schemas.codec.RecordSerde;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.ChargeLine;
import io.tallystick.schemas.event.ChargeRecord;
import io.tallystick.schemas.event.Coverage;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceCommand;
import io.tallystick.schemas.event.InvoiceDigest;
import io.tallystick.schemas.event.InvoiceJson;
import io.tallystick.schemas.event.InvoiceLine;
import io.tallystick.schemas.event.InvoiceStatus;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.event.RevisionInForce;
import io.tallystick.schemas.event.ShadowCharge;
import io.tallystick.schemas.event.SubscriptionSet;
import io.tallystick.schemas.stream.RevisionsInForce;
import io.tallystick.schemas.topic.RecordKeys;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topics;
import io.tallystick.schemas.value.CanonicalJson;
import io.tallystick.schemas.value.Period;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
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
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InvoicerTopologyTest {

    private static final Path GOLDEN = Path.of("src/test/resources/io/tallystick/invoicer/stream/topology.txt");
    private static final Instant AT = Instant.parse("2026-05-01T01:00:00Z");
    private static final Topics TOPICS = new Topics(Space.DEFAULT, 12);
    private static final Map<String, Subscription> SUBSCRIPTIONS = Map.of(
            "acme-main", TestingInvoices.subscription("acme", "acme-main"),
            "acme-side", TestingInvoices.subscription("acme", "acme-side"),
            "globex", TestingInvoices.subscription("globex", "globex"));
    private static final CatalogRevision REVISION =
            TestingInvoices.revision(SUBSCRIPTIONS.values().toArray(Subscription[]::new));

    @TempDir
    Path stateDirectory;

    private final RevisionsInForce revisions = new RevisionsInForce();
    private final List<ChargeRecord> sent = new ArrayList<>();
    private TopologyTestDriver driver;
    private TestInputTopic<String, byte[]> charges;
    private TestOutputTopic<String, Invoice> invoices;
    private TestOutputTopic<String, InvoiceLine> lineItems;
    private TestOutputTopic<String, Delivery> deliveries;
    private long sequence;

    @BeforeEach
    void start() {
        start(stateDirectory.resolve("first"));
        SUBSCRIPTIONS.forEach((name, subscription) -> send(new SubscriptionSet(
                subscription.tenant(), 0, ++sequence, 7, name, CatalogCanonical.json(subscription))));
    }

    private void start(Path state) {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "invoicer");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        driver = new TopologyTestDriver(topology(), config);
        charges = driver.createInputTopic(
                TOPICS.billingCharges().name(), new StringSerializer(), new ByteArraySerializer());
        invoices = driver.createOutputTopic(
                TOPICS.billingInvoices().name(),
                new StringDeserializer(),
                new RecordSerde<>(TopicCodecs.INVOICES).deserializer());
        deliveries = driver.createOutputTopic(
                TOPICS.billingDeliveries().name(),
                new StringDeserializer(),
                new RecordSerde<>(TopicCodecs.DELIVERIES).deserializer());
        lineItems = driver.createOutputTopic(
                TOPICS.billingLineItems().name(),
                new StringDeserializer(),
                new RecordSerde<>(TopicCodecs.LINE_ITEMS).deserializer());
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void theTopologyChangesOnlyOnPurpose() throws IOException {
        String description = topology().describe().toString();

        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(GOLDEN, description);
        }
        assertThat(description).isEqualTo(Files.readString(GOLDEN));
    }

    @Test
    void aCloseMarkerTurnsTheLinesInFrontOfItIntoADraft() {
        send(line("acme", "acme-main", APRIL, fee("499.00")));
        send(line("acme", "acme-main", APRIL, usage("compute", "large", "10", "0.10", "1.00")));
        send(shadowOf("acme", "acme-main", APRIL, "v1_request", "600.00", "100.00"));
        close("acme", "acme-main", APRIL);

        Invoice draft = invoices.readValue();
        assertThat(draft.total()).isEqualTo("500.00");
        assertThat(draft.status()).isEqualTo(InvoiceStatus.DRAFT);
        assertThat(draft.number()).isEqualTo("INV-2026-04-acme-1");
        assertThat(draft.shadow()).hasSize(1);
        assertThat(draft.cut().get(0).sequence()).isEqualTo(sequence);
        assertThat(lineItems.isEmpty()).isTrue();
    }

    @Test
    void aLineCountsAsItStoodLast() {
        send(line("acme", "acme-main", APRIL, usage("compute", "large", "10", "0.10", "1.00")));
        send(line("acme", "acme-main", APRIL, usage("compute", "large", "20", "0.10", "2.00")));
        ChargeLine gone = line("acme", "acme-main", APRIL, usage("compute", "small", "1", "0.10", "0.10"));
        send(gone);
        charges.pipeInput(RecordKeys.of(gone), null);
        sent.remove(gone);
        close("acme", "acme-main", APRIL);

        assertThat(invoices.readValue().total()).isEqualTo("2.00");
    }

    @Test
    void onlyTheLinesOfThatSubscriptionAndPeriodAreTaken() {
        send(line("acme", "acme-main", APRIL, fee("1.00")));
        send(line("acme", "acme-main", MAY, fee("2.00")));
        send(line("acme", "acme-side", APRIL, fee("4.00")));
        send(line("globex", "globex", APRIL, fee("8.00")));
        close("acme", "acme-main", APRIL);
        close("acme", "acme-main", MAY);

        assertThat(invoices.readValuesToList())
                .extracting(invoice -> invoice.total().toPlainString())
                .containsExactly("1.00", "2.00");
    }

    @Test
    void numbersCountUpPerTenantInOrderOfClosing() {
        close("acme", "acme-side", APRIL);
        close("globex", "globex", APRIL);
        close("acme", "acme-main", APRIL);
        close("acme", "acme-side", MAY);

        assertThat(invoices.readValuesToList())
                .extracting(Invoice::number)
                .containsExactly(
                        "INV-2026-04-acme-1", "INV-2026-04-globex-1", "INV-2026-04-acme-2", "INV-2026-05-acme-3");
    }

    @Test
    void theSamePeriodClosesOnce() {
        send(line("acme", "acme-main", APRIL, fee("1.00")));
        close("acme", "acme-main", APRIL);
        close("acme", "acme-main", APRIL);
        close("acme", "acme-side", APRIL);

        assertThat(invoices.readValuesToList())
                .extracting(Invoice::number)
                .containsExactly("INV-2026-04-acme-1", "INV-2026-04-acme-2");
    }

    @Test
    void aMarkerThatCoversSomethingElseStopsTheStage() {
        ChargeLine line = line("acme", "acme-main", APRIL, fee("1.00"));
        send(line);
        PeriodClosed oneCentMore = marker("acme", "acme-main", APRIL)
                .withCoverage(ChargesCoverage.plus(
                        Coverage.EMPTY, TopicCodecs.CHARGES.encode(line("acme", "acme-main", APRIL, fee("1.01")))));

        assertThatThrownBy(() -> send(oneCentMore))
                .isInstanceOf(StreamsException.class)
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .rootCause()
                .hasMessageContaining("acme-main");
    }

    @Test
    void aLineThatIsMissingStopsTheStage() {
        ChargeLine lost = line("acme", "acme-main", APRIL, fee("1.00"));
        PeriodClosed marker = marker("acme", "acme-main", APRIL)
                .withCoverage(ChargesCoverage.plus(Coverage.EMPTY, TopicCodecs.CHARGES.encode(lost)));

        assertThatThrownBy(() -> send(marker)).hasRootCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void finalizingWritesEachLineOnce() {
        send(line("acme", "acme-main", APRIL, fee("1.00")));
        send(line("acme", "acme-main", APRIL, usage("compute", "large", "10", "0.10", "1.00")));
        close("acme", "acme-main", APRIL);
        command("acme", "acme-main-2026-04-01", InvoiceCommand.Action.FINALIZE);
        command("acme", "acme-main-2026-04-01", InvoiceCommand.Action.FINALIZE);

        List<Invoice> changes = invoices.readValuesToList();
        assertThat(changes).extracting(Invoice::status).containsExactly(InvoiceStatus.DRAFT, InvoiceStatus.FINALIZED);
        assertThat(changes.get(1).digest()).isEqualTo(changes.get(0).digest());
        assertThat(lineItems.readKeyValuesToList())
                .extracting(item -> item.key + " " + item.value.position() + " "
                        + item.value.line().charge())
                .containsExactly("acme 1 platform_fee", "acme 2 compute");
    }

    @Test
    void aVoidedInvoiceKeepsItsNumber() {
        close("acme", "acme-main", APRIL);
        command("acme", "acme-main-2026-04-01", InvoiceCommand.Action.VOID);
        command("acme", "acme-main-2026-04-01", InvoiceCommand.Action.FINALIZE);
        close("acme", "acme-main", MAY);

        assertThat(invoices.readValuesToList())
                .extracting(invoice -> invoice.number() + " " + invoice.status().text())
                .containsExactly("INV-2026-04-acme-1 draft", "INV-2026-04-acme-1 void", "INV-2026-05-acme-2 draft");
        assertThat(lineItems.isEmpty()).isTrue();
    }

    @Test
    void aReissueWaitsForTheWithdrawalOfTheNewestBillThatWasSent() {
        Subscription billed = TestingInvoices.subscription(
                "acme", "acme-main", LateUsage.NEXT_INVOICE, new Subscription.Provider("stripe", "invoice", "cus_1"));
        send(new SubscriptionSet("acme", 0, ++sequence, 7, "acme-main", CatalogCanonical.json(billed)));
        for (int attempt = 1; attempt <= 3; attempt++) {
            send(line("acme", "acme-main", APRIL, fee(attempt + ".00")));
            close("acme", "acme-main", APRIL, attempt);
            String id = "acme-main-2026-04-01" + (attempt == 1 ? "" : "-r" + attempt);
            if (attempt != 2) { // the second one is withdrawn as a draft
                command("acme", id, InvoiceCommand.Action.FINALIZE);
            }
            command("acme", id, InvoiceCommand.Action.VOID);
        }

        List<Delivery> written = deliveries.readValuesToList();
        assertThat(written)
                .extracting(delivery -> delivery.invoice() + " " + InvoiceDeliveries.isWithdrawal(delivery))
                .containsExactly(
                        "acme-main-2026-04-01 false",
                        "acme-main-2026-04-01 true",
                        "acme-main-2026-04-01-r3 false",
                        "acme-main-2026-04-01-r3 true");
        assertThat(written.get(0).after()).isEmpty();
        assertThat(written.get(2).after()).isEqualTo(written.get(1).id());
    }

    @Test
    void aBillIsWithdrawnWhereItWentThoughTheSubscriptionHasNoProviderAnyMore() {
        provider(new Subscription.Provider("stripe", "invoice", "cus_1"));
        send(line("acme", "acme-main", APRIL, fee("1.00")));
        close("acme", "acme-main", APRIL, 1);
        command("acme", "acme-main-2026-04-01", InvoiceCommand.Action.FINALIZE);
        provider(new Subscription.Provider("stripe", "meter_events", "cus_1"));
        provider(null);
        command("acme", "acme-main-2026-04-01", InvoiceCommand.Action.VOID);

        List<Delivery> written = deliveries.readValuesToList();
        assertThat(written).extracting(InvoiceDeliveries::isWithdrawal).containsExactly(false, true);
        assertThat(written.get(1).after()).isEqualTo(written.get(0).id());
        assertThat(written.get(1).provider()).isEqualTo("stripe");
    }

    private void provider(Subscription.Provider provider) {
        Subscription billed = TestingInvoices.subscription("acme", "acme-main", LateUsage.NEXT_INVOICE, provider);
        send(new SubscriptionSet("acme", 0, ++sequence, 7, "acme-main", CatalogCanonical.json(billed)));
    }

    @Test
    void aCommandForAnInvoiceThatIsNotThereChangesNothing() {
        command("acme", "acme-main-2026-04-01", InvoiceCommand.Action.VOID);

        assertThat(invoices.isEmpty()).isTrue();
    }

    @Test
    void invoicesAndLineItemsGoToTheirTenantsPartition() {
        close("globex", "globex", APRIL);

        Invoice invoice = invoices.readValue();

        assertThat(InvoicerTopology.byTenant(Invoice::tenant).partitions("", invoice.id(), invoice, 12))
                .contains(Set.of(TenantPartitioner.partitionOf("globex", 12)));
    }

    @Test
    void theRevisionInForceIsKnownWhileTheTaskIsHere() {
        assertThat(revisions.byPartition()).containsEntry(0, 0);

        send(new RevisionInForce(0, ++sequence, 0, 7, REVISION.hash()));
        assertThat(revisions.byPartition()).containsEntry(0, 7);

        stop();
        assertThat(revisions.byPartition()).isEmpty();

        start(stateDirectory.resolve("first")); // the driver's next close
    }

    @Test
    void fromTheSameRecordsTheSameBytesComeOnceMore() {
        send(line("acme", "acme-main", APRIL, usage("compute", "large", "10", "0.10", "1.00")));
        send(line("acme", "acme-main", APRIL, usage("compute", "small", "7", "0.333333333333", "2.33")));
        close("acme", "acme-main", APRIL);
        close("acme", "acme-side", APRIL);
        command("acme", "acme-side-2026-04-01", InvoiceCommand.Action.VOID);
        List<String> first = texts(invoices.readValuesToList());
        stop();

        start(stateDirectory.resolve("second"));
        for (ChargeRecord record : List.copyOf(sent)) {
            charges.pipeInput(RecordKeys.of(record), TopicCodecs.CHARGES.encode(record), AT);
        }

        assertThat(texts(invoices.readValuesToList())).isEqualTo(first);
    }

    private static List<String> texts(List<Invoice> invoices) {
        return invoices.stream()
                .map(invoice -> InvoiceDigest.canonical(invoice) + CanonicalJson.write(InvoiceJson.tree(invoice)))
                .toList();
    }

    private Topology topology() {
        return InvoicerStage.topology(TOPICS, (number, patience) -> REVISION, revisions);
    }

    private void send(ChargeRecord record) {
        sent.add(record);
        charges.pipeInput(RecordKeys.of(record), TopicCodecs.CHARGES.encode(record), AT);
    }

    private void command(String tenant, String invoice, InvoiceCommand.Action action) {
        send(new InvoiceCommand(tenant, 0, ++sequence, 7, invoice, action, "test"));
    }

    /** Closes with the coverage of what was sent, last value per key. */
    private void close(String tenant, String subscription, Period period) {
        close(tenant, subscription, period, 1);
    }

    private void close(String tenant, String subscription, Period period, int attempt) {
        Map<String, Long> hashes = new HashMap<>();
        for (ChargeRecord record : sent) {
            String key = RecordKeys.of(record);
            boolean covered = key.startsWith("[\"" + tenant + "\",\"" + subscription + "\",\"" + period.start());
            if (covered) {
                hashes.put(key, ChargesCoverage.hashOf(TopicCodecs.CHARGES.encode(record)));
            }
        }
        Coverage coverage = Coverage.EMPTY;
        for (long hash : hashes.values()) {
            coverage = coverage.plus(hash);
        }
        PeriodClosed marker = marker(tenant, subscription, period);
        send(new PeriodClosed(
                tenant,
                0,
                marker.sequence(),
                marker.revision(),
                subscription,
                period,
                attempt,
                marker.cut(),
                coverage));
    }

    private PeriodClosed marker(String tenant, String subscription, Period period) {
        return TestingInvoices.closed(tenant, subscription, period, ++sequence);
    }

    private static ChargeLine line(String tenant, String subscription, Period period, LineItem line) {
        return new ChargeLine(tenant, 0, subscription, period, 7, "USD", line);
    }

    private static ShadowCharge shadowOf(
            String tenant, String subscription, Period period, String version, String total, String difference) {
        return new ShadowCharge(tenant, 0, subscription, period, 7, "USD", shadow(version, total, difference));
    }
}
