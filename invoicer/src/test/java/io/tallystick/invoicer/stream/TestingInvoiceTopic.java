package io.tallystick.invoicer.stream;

import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.topic.Topics;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;

/** A {@code billing.invoices} of one partition, in memory. Records can be added once a view follows it. */
public final class TestingInvoiceTopic {

    private final TopicPartition partition;
    private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
    private final Map<Long, ConsumerRecord<String, byte[]>> backlog = new TreeMap<>();
    private long end;

    public TestingInvoiceTopic(Topics topics) {
        partition = new TopicPartition(topics.billingInvoices().name(), 0);
        consumer.updateBeginningOffsets(Map.of(partition, 0L));
        consumer.updateEndOffsets(Map.of(partition, 0L));
        consumer.schedulePollTask(() -> backlog.values().forEach(consumer::addRecord));
    }

    public Consumer<String, byte[]> consumer() {
        return consumer;
    }

    /** Something that is there before anyone reads. */
    public void before(Invoice invoice) {
        backlog.put(end, record(invoice));
        consumer.updateEndOffsets(Map.of(partition, end));
    }

    /** Something that is committed while a view follows. */
    public synchronized void add(Invoice invoice) {
        consumer.addRecord(record(invoice));
    }

    private ConsumerRecord<String, byte[]> record(Invoice invoice) {
        return new ConsumerRecord<>(partition.topic(), 0, end++, invoice.id(), TopicCodecs.INVOICES.encode(invoice));
    }
}
