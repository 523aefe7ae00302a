package io.tallystick.invoicer.stream;

import io.tallystick.schemas.codec.RecordSerde;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceLine;
import io.tallystick.schemas.stream.PreCommitHook;
import io.tallystick.schemas.stream.StoreTable;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topics;
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

/**
 * From {@code billing.charges} to {@code billing.invoices}, {@code billing.line_items} and {@code billing.deliveries}: one source, one processor, three
 * sinks. Invoices are keyed by their id, the others by their tenant; all go to the tenant's partition.
 */
final class InvoicerTopology {

    static final String INVOICES_SINK = "billing-invoices";
    static final String LINE_ITEMS_SINK = "billing-line-items";
    static final String DELIVERIES_SINK = "billing-deliveries";

    /** The one store of a task, with all of its tables. */
    static final String STORE = "invoicing-v1";
    /** The value of each line and shadow of an open period as it stands on the topic, by the key that it has there. */
    static final StoreTable<String, byte[]> OPEN_LINES = StoreTable.of(STORE, 'l', Serdes.String(), Serdes.ByteArray());
    /** Each invoice as it stands, by id. */
    static final StoreTable<String, Invoice> INVOICES =
            StoreTable.of(STORE, 'i', Serdes.String(), new RecordSerde<>(TopicCodecs.INVOICES));
    /** How many invoices a tenant has. */
    static final StoreTable<String, Long> TENANTS = StoreTable.of(STORE, 'n', Serdes.String(), Serdes.Long());
    /** The document of each subscription, by name. */
    static final StoreTable<String, String> SUBSCRIPTIONS = StoreTable.ofTexts(STORE, 's');
    /** What was counted of an hour and dimension combination, where the provider rates usage, by the key that it has on the topic. */
    static final StoreTable<String, String> METERED_HOURS = StoreTable.ofTexts(STORE, 'm');
    /** How much of such an hour there is, and how much of it was sent. */
    static final StoreTable<String, String> USAGE_HOURS = StoreTable.ofTexts(STORE, 'u');
    /** Which of these hours are to be sent, in their order. */
    static final StoreTable<String, String> USAGE_DUE = StoreTable.ofTexts(STORE, 'd');
    /** Under one key each, the catalogue revision in force in the partition and the newest hour of its records. */
    static final StoreTable<String, Integer> REVISION = StoreTable.of(STORE, 'r', Serdes.String(), Serdes.Integer());

    private static final String SOURCE = "billing-charges";
    private static final String PROCESSOR = "invoice-v1";

    private InvoicerTopology() {}

    static Topology addTo(
            Topology topology, Topics topics, ProcessorSupplier<String, byte[], String, Object> invoicing) {
        RecordSerde<Invoice> invoices = new RecordSerde<>(TopicCodecs.INVOICES);
        RecordSerde<InvoiceLine> lines = new RecordSerde<>(TopicCodecs.LINE_ITEMS);
        RecordSerde<Delivery> deliveries = new RecordSerde<>(TopicCodecs.DELIVERIES);
        return topology.addSource(
                        SOURCE,
                        new StringDeserializer(),
                        new ByteArrayDeserializer(),
                        topics.billingCharges().name())
                .addProcessor(PROCESSOR, invoicing, SOURCE)
                .addStateStore(PreCommitHook.named(PreCommitHook.NAME), PROCESSOR)
                .addStateStore(StoreTable.store(STORE), PROCESSOR)
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

    static <V> StreamPartitioner<String, V> byTenant(Function<V, String> tenant) {
        return (topic, key, value, partitions) ->
                Optional.of(Set.of(TenantPartitioner.partitionOf(tenant.apply(value), partitions)));
    }
}
