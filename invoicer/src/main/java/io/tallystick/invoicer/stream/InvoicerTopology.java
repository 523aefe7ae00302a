package io.tallystick.invoicer.stream;

import io.tallystick.schemas.codec.RecordSerde;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceLine;
import io.tallystick.schemas.stream.PreCommitHook;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topics;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * From {@code billing.charges} to {@code billing.invoices}, {@code billing.line_items} and {@code billing.deliveries}: one source, one processor, three
 * sinks. Invoices are keyed by their id, the others by their tenant; all go to the tenant's partition.
 */
final class InvoicerTopology {

    static final String INVOICES_SINK = "billing-invoices";
    static final String LINE_ITEMS_SINK = "billing-line-items";
    static final String DELIVERIES_SINK = "billing-deliveries";

    /** The value of each line and shadow of an open period as it stands on the topic, by the key that it has there. */
    static final String OPEN_LINES = "open-lines-v1";
    /** Each invoice as it stands, by id. */
    static final String INVOICES = "invoices-v1";
    /** How many invoices a tenant has. */
    static final String TENANTS = "tenants-v1";
    /** The document of each subscription, by name. */
    static final String SUBSCRIPTIONS = "subscriptions-v1";
    /** What was counted of an hour and dimension combination, where the provider rates usage, by the key that it has on the topic. */
    static final String METERED_HOURS = "metered-hours-v1";
    /** How much of such an hour there is, and how much of it was sent. */
    static final String USAGE_HOURS = "usage-hours-v1";
    /** Which of these hours are to be sent, in their order. */
    static final String USAGE_DUE = "usage-due-v1";
    /** Under one key each, the catalogue revision in force in the partition and the newest hour of its records. */
    static final String REVISION = "revision-v1";
    /** Tells the pacer of commits. */
    static final String COMMIT_HOOK = "commit-hook-v1";

    private static final String SOURCE = "billing-charges";
    private static final String PROCESSOR = "invoice-v1";

    private InvoicerTopology() {}

    static Topology addTo(
            Topology topology, Topics topics, ProcessorSupplier<String, byte[], String, Object> invoicing) {
        Map<String, String> largeRecords =
                Map.of("max.message.bytes", Integer.toString(Topics.RECORD_BYTES_MAX + Topics.RECORD_OVERHEAD_BYTES));
        RecordSerde<Invoice> invoices = new RecordSerde<>(TopicCodecs.INVOICES);
        RecordSerde<InvoiceLine> lines = new RecordSerde<>(TopicCodecs.LINE_ITEMS);
        RecordSerde<Delivery> deliveries = new RecordSerde<>(TopicCodecs.DELIVERIES);
        return topology.addSource(
                        SOURCE,
                        new StringDeserializer(),
                        new ByteArrayDeserializer(),
                        topics.billingCharges().name())
                .addProcessor(PROCESSOR, invoicing, SOURCE)
                .addStateStore(PreCommitHook.named(COMMIT_HOOK), PROCESSOR)
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                        Stores.persistentKeyValueStore(OPEN_LINES), Serdes.String(), Serdes.ByteArray())
                                .withLoggingEnabled(largeRecords),
                        PROCESSOR)
                .addStateStore(
                        Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(INVOICES), Serdes.String(), invoices)
                                .withLoggingEnabled(largeRecords),
                        PROCESSOR)
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                Stores.persistentKeyValueStore(TENANTS), Serdes.String(), Serdes.Long()),
                        PROCESSOR)
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                Stores.persistentKeyValueStore(SUBSCRIPTIONS), Serdes.String(), Serdes.String()),
                        PROCESSOR)
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                Stores.persistentKeyValueStore(REVISION), Serdes.String(), Serdes.Integer()),
                        PROCESSOR)
                .addStateStore(texts(METERED_HOURS), PROCESSOR)
                .addStateStore(texts(USAGE_HOURS), PROCESSOR)
                .addStateStore(texts(USAGE_DUE), PROCESSOR)
                .addSink(
                        INVOICES_SINK,
                        topics.billingInvoices().name(),
                        new StringSerializer(),
                        invoices.serializer(),
                        byTenant(Invoice::tenant),
                        PROCESSOR)
                .addSink(
                        LINE_ITEMS_SINK,
                        topics.billingLineItems().name(),
                        new StringSerializer(),
                        lines.serializer(),
                        byTenant(InvoiceLine::tenant),
                        PROCESSOR)
                .addSink(
                        DELIVERIES_SINK,
                        topics.billingDeliveries().name(),
                        new StringSerializer(),
                        deliveries.serializer(),
                        byTenant(Delivery::tenant),
                        PROCESSOR);
    }

    private static StoreBuilder<KeyValueStore<String, String>> texts(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.String(), Serdes.String());
    }

    static <V> StreamPartitioner<String, V> byTenant(Function<V, String> tenant) {
        return (topic, key, value, partitions) ->
                Optional.of(Set.of(TenantPartitioner.partitionOf(tenant.apply(value), partitions)));
    }
}
