package io.tallystick.deploy.app.derive;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/**
 * What a stage's topology consists of, as the stage itself declares it to Kafka Streams: its sources, its one processor, its stores
 * and its sinks. A stage that declares something this class does not know is refused, so that nothing is left out of a derivation.
 */
final class StagePlan extends Topology {

    /** How records of a topic are read. */
    record Source(Deserializer<?> key, Deserializer<?> value) {}

    /** How records for a topic are written. */
    record Sink(
            String topic,
            Serializer<Object> key,
            Serializer<Object> value,
            StreamPartitioner<Object, Object> partitioner) {}

    private final Map<String, Source> sources = new HashMap<>();
    private final Map<String, Sink> sinks = new LinkedHashMap<>();
    private final List<StoreBuilder<?>> stores = new ArrayList<>();
    private final Set<String> nodes = new HashSet<>();
    private @Nullable ProcessorSupplier<?, ?, ?, ?> supplier;

    @Override
    public synchronized <K, V> Topology addSource(
            String name, Deserializer<K> key, Deserializer<V> value, String... topics) {
        source(name, key, value, topics);
        return super.addSource(name, key, value, topics);
    }

    @Override
    public synchronized <K, V> Topology addSource(
            org.apache.kafka.streams.AutoOffsetReset reset,
            String name,
            TimestampExtractor timestamps,
            Deserializer<K> key,
            Deserializer<V> value,
            String... topics) {
        source(name, key, value, topics);
        return super.addSource(reset, name, timestamps, key, value, topics);
    }

    private void source(String name, Deserializer<?> key, Deserializer<?> value, String... topics) {
        nodes.add(name);
        for (String topic : topics) {
            sources.put(topic, new Source(key, value));
        }
    }

    @Override
    public synchronized <KIn, VIn, KOut, VOut> Topology addProcessor(
            String name, ProcessorSupplier<KIn, VIn, KOut, VOut> supplier, String... parents) {
        if (this.supplier != null) {
            throw new IllegalStateException("a second processor, " + name + ": a derivation drives one in each stage");
        }
        nodes.add(name);
        this.supplier = supplier;
        return super.addProcessor(name, supplier, parents);
    }

    @Override
    public synchronized <S extends StateStore> Topology addStateStore(StoreBuilder<S> builder, String... processors) {
        stores.add(builder);
        return super.addStateStore(builder, processors);
    }

    @Override
    @SuppressWarnings("unchecked") // what reaches a sink is what its serializers were declared for
    public synchronized <K, V> Topology addSink(
            String name,
            String topic,
            Serializer<K> key,
            Serializer<V> value,
            StreamPartitioner<? super K, ? super V> partitioner,
            String... parents) {
        nodes.add(name);
        sinks.put(name, new Sink(topic, (Serializer<Object>) key, (Serializer<Object>) value, (StreamPartitioner<
                        Object, Object>)
                partitioner));
        return super.addSink(name, topic, key, value, partitioner, parents);
    }

    /** This plan, if it holds everything that the stage has declared. */
    StagePlan complete() {
        TopologyDescription description = describe();
        if (!description.globalStores().isEmpty() || supplier == null) {
            throw new IllegalStateException("a derivation knows stages of one processor without global stores");
        }
        Set<String> declared = new HashSet<>();
        description.subtopologies().forEach(part -> part.nodes().forEach(node -> declared.add(node.name())));
        if (!declared.equals(nodes)) {
            declared.removeAll(nodes);
            throw new IllegalStateException("a derivation does not know how the stage declares " + declared);
        }
        return this;
    }

    Source source(String topic) {
        Source source = sources.get(topic);
        if (source == null) {
            throw new IllegalArgumentException("the stage does not read " + topic);
        }
        return source;
    }

    /** By name, in the order they were declared in. */
    Map<String, Sink> sinks() {
        return sinks;
    }

    /** In the order they were declared in, which is the one they are flushed in. */
    List<StoreBuilder<?>> stores() {
        return stores;
    }

    @SuppressWarnings("unchecked") // sources and sinks of one stage fit its processor
    Processor<Object, Object, Object, Object> processor() {
        return (Processor<Object, Object, Object, Object>)
                Objects.requireNonNull(supplier).get();
    }
}
