package io.tallystick.invoicer.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.invoicer.delivery.DeliveryLifecycle;
import io.tallystick.invoicer.delivery.DeliveryState;
import io.tallystick.invoicer.delivery.Outcome;
import io.tallystick.invoicer.delivery.UsageDeliveries;
import io.tallystick.invoicer.provider.DeliveryWorker;
import io.tallystick.invoicer.provider.PaymentProvider;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.Receipt;
import io.tallystick.schemas.event.Receipt.Kind;
import io.tallystick.schemas.event.ReceiptRecord;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeliveryReaderTest {

    private static final Topics TOPICS = new Topics(Space.DEFAULT, 1);
    private static final TopicPartition DELIVERIES =
            new TopicPartition(TOPICS.billingDeliveries().name(), 0);
    private static final TopicPartition RECEIPTS =
            new TopicPartition(TOPICS.billingReceipts().name(), 0);
    private static final Instant NOW = Instant.parse("2026-06-02T10:00:00Z");
    private static final long PATIENCE_SECONDS = 20;

    private final Delivery used = UsageDeliveries.meterEvent(
            "acme",
            "acme-main",
            new Subscription.Provider("stripe", "meter_events", "cus_1"),
            "tokens",
            new Period(NOW.minusSeconds(7200), NOW.minusSeconds(3600)),
            0,
            new BigDecimal("7.5"));
    private final DeliveryState fresh = DeliveryState.of(used);
    private final Receipt delivered = new Receipt("acme", used.id(), Kind.DELIVERED, 0, 0, NOW, 200, "", "", "");
    private final DeliveryState done = DeliveryLifecycle.evolve(fresh, delivered);
    private final Receipt reported = DeliveryLifecycle.reported(done, "no_meter", "nothing counts it", NOW);
    private final Receipt reopened =
            DeliveryLifecycle.reopen(DeliveryLifecycle.evolve(done, reported), NOW.plusSeconds(60));

    private final TestingTopic<Delivery> deliveries = TestingTopic.deliveries(TOPICS);
    private final TestingTopic<ReceiptRecord> receipts = TestingTopic.receipts(TOPICS);
    private final DeliveryView view = new DeliveryView(TOPICS, deliveries::consumer, receipts::consumer);
    private final BlockingQueue<MockConsumer<String, byte[]>> behind = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> sent = new LinkedBlockingQueue<>();
    private final BlockingQueue<BigDecimal> lookedBehind = new LinkedBlockingQueue<>();
    private final BlockingQueue<Receipt> written = new LinkedBlockingQueue<>();
    private final DeliveryWorker worker = new DeliveryWorker(
            Map.of("stripe", new TestingStripe()),
            new DeliveryWorker.Settings(1, Map.of()),
            written::add,
            alert -> {},
            () -> NOW,
            bound -> 0);
    private final DeliveryReader reader =
            new DeliveryReader(TOPICS, group -> member(), this::receiptsConsumer, worker, view);

    /** Knows nothing of what it is asked for, and takes what it is sent. */
    private final class TestingStripe implements PaymentProvider {
        @Override
        public Outcome send(DeliveryState state) {
            sent.add(state.identity());
            return new Outcome.Done(200, "", "");
        }

        @Override
        public Outcome look(DeliveryState state, BigDecimal deliveredBefore) {
            lookedBehind.add(deliveredBefore);
            return new Outcome.Absent("not there");
        }
    }

    @BeforeEach
    void start() throws InterruptedException {
        deliveries.before(used);
        receipts.before(delivered);
        view.start();
        assertThat(view.awaitReady(Duration.ofSeconds(PATIENCE_SECONDS))).isTrue();
        worker.start();
        reader.start();
    }

    @AfterEach
    void stop() {
        reader.close();
        worker.close();
        view.close();
    }

    @Test
    void whatWasReportedAndIsTakenUpAgainIsLookedUpAndSentUnderAnotherIdentity() throws InterruptedException {
        MockConsumer<String, byte[]> later = behind.take();
        add(later, reported, 1);
        add(later, reported, 2); // webhooks come twice
        receipts.add(reported);
        receipts.add(reported);
        add(later, reopened, 3);
        receipts.add(reopened);

        assertThat(sent.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(used.id() + ":r1");
        assertThat(lookedBehind)
                .singleElement()
                .satisfies(before -> assertThat(before).isZero());
        List<Kind> kinds = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Receipt receipt = written.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(receipt).isNotNull();
            kinds.add(receipt.kind());
        }
        assertThat(kinds).containsExactly(Kind.ABSENT, Kind.SENDING, Kind.DELIVERED);
        assertThat(sent).isEmpty();
    }

    private Consumer<String, byte[]> member() {
        MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
        consumer.updateBeginningOffsets(Map.of(DELIVERIES, 0L));
        consumer.schedulePollTask(() -> {
            consumer.rebalance(List.of(DELIVERIES));
            consumer.addRecord(
                    new ConsumerRecord<>(DELIVERIES.topic(), 0, 0, "acme", TopicCodecs.DELIVERIES.encode(used)));
        });
        return consumer;
    }

    /** The first reads what comes behind the restore, the second restores. */
    private Consumer<String, byte[]> receiptsConsumer() {
        MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest") {
            @Override
            public synchronized void seek(TopicPartition partition, long offset) {
                super.seek(partition, offset);
                if (offset > 0) {
                    behind.add(this);
                }
            }
        };
        consumer.updateBeginningOffsets(Map.of(RECEIPTS, 0L));
        consumer.updateEndOffsets(Map.of(RECEIPTS, 1L));
        consumer.schedulePollTask(() -> {
            if (consumer.position(RECEIPTS) == 0) {
                add(consumer, delivered, 0);
            }
        });
        return consumer;
    }

    private static void add(MockConsumer<String, byte[]> consumer, Receipt receipt, long offset) {
        consumer.addRecord(
                new ConsumerRecord<>(RECEIPTS.topic(), 0, offset, "acme", TopicCodecs.RECEIPTS.encode(receipt)));
    }
}
