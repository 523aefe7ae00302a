package io.tallystick.invoicer.stream;

import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.BillingRequest;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.ReceiptRecord;
import io.tallystick.schemas.topic.Topic;
import io.tallystick.schemas.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** A topic of one partition, in memory, with one consumer that follows it. */
public final class TestingTopic<T> {

    private final TopicPartition partition;
    private final Function<T, byte[]> codec;
    private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
    private final List<ConsumerRecord<String, byte[]>> backlog = new ArrayList<>();
    private long end;

    private TestingTopic(Topic topic, Function<T, byte[]> codec) {
        this.partition = new TopicPartition(topic.name(), 0);
        this.codec = codec;
        consumer.updateBeginningOffsets(Map.of(partition, 0L));
        consumer.updateEndOffsets(Map.of(partition, 0L));
        consumer.schedulePollTask(() -> backlog.forEach(consumer::addRecord));
    }

    public static TestingTopic<Invoice> invoices(Topics topics) {
        return new TestingTopic<>(topics.billingInvoices(), TopicCodecs.INVOICES::encode);
    }

    public static TestingTopic<Delivery> deliveries(Topics topics) {
        return new TestingTopic<>(topics.billingDeliveries(), TopicCodecs.DELIVERIES::encode);
    }

    public static TestingTopic<ReceiptRecord> receipts(Topics topics) {
        return new TestingTopic<>(topics.billingReceipts(), TopicCodecs.RECEIPTS::encode);
    }

    public static TestingTopic<BillingRequest> requests(Topics topics) {
        return new TestingTopic<>(topics.billingRequests(), TopicCodecs.REQUESTS::encode);
    }

    public Consumer<String, byte[]> consumer() {
        return consumer;
    }

    /** Something that is there before anyone reads. */
    public void before(T value) {
        before(value, 0);
    }

    /** Something that is there before anyone reads, written at a time. */
    public void before(T value, long timestamp) {
        backlog.add(record(value, timestamp));
        consumer.updateEndOffsets(Map.of(partition, end));
    }

    /** A record without a value that is there before anyone reads. */
    public void beforeDeletion(String key) {
        backlog.add(record(key, null, 0));
        consumer.updateEndOffsets(Map.of(partition, end));
    }

    /** Something that is committed while a view follows. */
    public synchronized void add(T value) {
        consumer.addRecord(record(value, 0));
    }

    private ConsumerRecord<String, byte[]> record(T value, long timestamp) {
        return record("", codec.apply(value), timestamp);
    }

    private ConsumerRecord<String, byte[]> record(String key, byte @Nullable [] value, long timestamp) {
        return new ConsumerRecord<>(
                partition.topic(),
                0,
                end++,
                timestamp,
                TimestampType.CREATE_TIME,
                0,
                0,
                key,
                value,
                new RecordHeaders(),
                Optional.empty());
    }
}
