package io.tallystick.deploy.verify.invoicer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.deploy.app.kafka.EmbeddedKafka;
import io.tallystick.deploy.app.kafka.Ports;
import io.tallystick.deploy.verify.Deadline;
import io.tallystick.deploy.verify.TestingTopics;
import io.tallystick.invoicer.stream.CloseRequester;
import io.tallystick.invoicer.stream.InvoiceView;
import io.tallystick.invoicer.stream.InvoicerStage;
import io.tallystick.invoicer.stream.RequestView;
import io.tallystick.invoicer.stream.RequestWriter;
import io.tallystick.invoicer.stream.UsageEnds;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.CatalogCanonical;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.catalog.Plan;
import io.tallystick.schemas.catalog.PricingVersion;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.catalog.Subscription.BillingCycle;
import io.tallystick.schemas.catalog.Subscription.Every;
import io.tallystick.schemas.catalog.Subscription.LateUsage;
import io.tallystick.schemas.codec.ChargesCoverage;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.ChargeLine;
import io.tallystick.schemas.event.ChargeRecord;
import io.tallystick.schemas.event.Coverage;
import io.tallystick.schemas.event.Cut;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.event.SubscriptionSet;
import io.tallystick.schemas.stream.RevisionsInForce;
import io.tallystick.schemas.stream.StageClients;
import io.tallystick.schemas.topic.RecordKeys;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topics;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Fraction;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end of a month: the invoicer alone on a real broker, with thousands of subscriptions that close in one instant. */
class ManyClosesIT {

    private static final int SUBSCRIPTIONS = 10_000;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Instant START = Instant.parse("2026-04-01T00:00:00Z");
    private static final Period APRIL = new Period(START, Instant.parse("2026-05-01T00:00:00Z"));
    private static final Topics TOPICS = new Topics(Space.DEFAULT, 4);

    @TempDir
    private Path directory;

    private final TreeMap<String, Subscription> subscriptions = new TreeMap<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    @Test
    void thousandsOfSubscriptionsCloseAtOnceWithoutATransactionThatTimesOut() throws Exception {
        for (int i = 0; i < SUBSCRIPTIONS; i++) {
            String name = "tenant-" + i;
            subscriptions.put(name, subscription(name));
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), Ports.free(), Duration.ofHours(1));
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
                Producer<String, byte[]> producer = producer(kafka.bootstrap());
                InvoiceView invoices = new InvoiceView(TOPICS, () -> consumer(kafka.bootstrap()));
                RequestView requests = new RequestView(TOPICS, invoices, () -> consumer(kafka.bootstrap()))) {
            TestingTopics.create(kafka.bootstrap(), TOPICS.all());
            invoices.start();
            requests.start();
            assertThat(invoices.awaitReady(PATIENCE)).isTrue();

            CloseRequester requester =
                    new CloseRequester(new RequestWriter(TOPICS, producer), UsageEnds.of(TOPICS, admin), invoices);
            requester.request(requester.due(subscriptions.values(), APRIL.end()), START, PATIENCE);
            Deadline.within(PATIENCE)
                    .await("every close is under way", () -> requests.pending().size() == SUBSCRIPTIONS ? true : null);

            charges(producer);
            try (KafkaStreams stage = stage(kafka.bootstrap())) {
                stage.start();
                Deadline.within(PATIENCE)
                        .await("every subscription has its invoice", () -> isOver(invoices) ? true : null);
            }

            assertThat(failures).isEmpty();
            assertThat(invoices.invoices(tenant -> true, null))
                    .allSatisfy(invoice -> assertThat(invoice.total()).isEqualTo("499.00"))
                    .extracting(Invoice::number)
                    .doesNotHaveDuplicates();
            assertThat(requests.pending()).isEmpty();
            assertThat(requester.due(subscriptions.values(), APRIL.end())).isEmpty();
        }
    }

    private boolean isOver(InvoiceView invoices) {
        return !failures.isEmpty() || invoices.invoices(tenant -> true, null).size() == SUBSCRIPTIONS;
    }

    /** What the rater would write: each subscription with one line, and all markers at the end. */
    private void charges(Producer<String, byte[]> producer) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (Subscription subscription : subscriptions.values()) {
            String name = subscription.subscription();
            sent.add(send(producer, new SubscriptionSet(name, 0, 1, 1, name, CatalogCanonical.json(subscription))));
            sent.add(send(producer, line(name)));
        }
        for (String name : subscriptions.keySet()) {
            Coverage coverage = ChargesCoverage.plus(Coverage.EMPTY, TopicCodecs.CHARGES.encode(line(name)));
            PeriodClosed marker = new PeriodClosed(name, 0, 2, 1, name, APRIL, 1, new Cut("log", 0, 0, 2), coverage);
            sent.add(send(producer, marker));
        }
        for (Future<RecordMetadata> one : sent) {
            one.get();
        }
    }

    private static Future<RecordMetadata> send(Producer<String, byte[]> producer, ChargeRecord record) {
        return producer.send(new ProducerRecord<>(
                TOPICS.billingCharges().name(),
                TenantPartitioner.partitionOf(record.tenant(), TOPICS.partitions()),
                RecordKeys.of(record),
                TopicCodecs.CHARGES.encode(record)));
    }

    private KafkaStreams stage(String bootstrap) {
        PricingVersion version =
                new PricingVersion("v1", "", START, "USD", List.of(new Plan("growth", "", null, List.of())));
        CatalogRevision revision = new CatalogRevision(
                1,
                "sha256:00",
                new Catalog(
                        Catalog.Settings.DEFAULT,
                        new TreeMap<>(),
                        new TreeMap<>(Map.of("v1", version)),
                        subscriptions));
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, TOPICS.space().applicationId(InvoicerStage.NAME));
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1000);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, directory.resolve("state").toString());
        settings.put(StreamsConfig.producerPrefix("transaction.timeout.ms"), 10_000);
        KafkaStreams streams = new KafkaStreams(
                InvoicerStage.topology(TOPICS, (number, patience) -> revision, new RevisionsInForce()),
                settings,
                new StageClients());
        streams.setUncaughtExceptionHandler(e -> {
            failures.add(e);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        return streams;
    }

    private static LineItem fee() {
        return new LineItem(
                "fee/base",
                LineItem.Kind.FEE,
                "base",
                null,
                "Base",
                Dimensions.NONE,
                null,
                null,
                null,
                null,
                null,
                new BigDecimal("499.00"),
                Fraction.of(499),
                "v1",
                APRIL,
                List.of(),
                null);
    }

    private static ChargeLine line(String name) {
        return new ChargeLine(name, 0, name, APRIL, 1, "USD", fee());
    }

    private static Subscription subscription(String name) {
        return new Subscription(
                name,
                name,
                "growth",
                START,
                null,
                new BillingCycle(Every.P1M, START, ZoneOffset.UTC),
                null,
                List.of(),
                LateUsage.NEXT_INVOICE,
                null,
                null);
    }

    private static Producer<String, byte[]> producer(String bootstrap) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all"),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    private static Consumer<String, byte[]> consumer(String bootstrap) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }
}
