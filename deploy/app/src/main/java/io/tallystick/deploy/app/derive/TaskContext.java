package io.tallystick.deploy.app.derive;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What a processor sees of a task that runs without brokers. Time is that of the records: nothing is ever scheduled, since a punctuator
 * here only ever asks for commits, and those come by the number of records.
 */
final class TaskContext implements ProcessorContext<Object, Object> {

    private final StagePlan plan;
    private final TaskId task;
    private final int partitions;
    private final Path directory;
    private final Consumer<Sent> output;
    private final Map<String, StateStore> stores = new HashMap<>();
    private @Nullable RecordMetadata current;
    private long streamTime = -1; // as Kafka Streams says in front of the first record

    TaskContext(StagePlan plan, int partition, int partitions, Path directory, Consumer<Sent> output) {
        this.plan = plan;
        this.task = new TaskId(0, partition);
        this.partitions = partitions;
        this.directory = directory;
        this.output = output;
    }

    void add(StateStore store) {
        stores.put(store.name(), store);
    }

    /** The record that is worked on from now on. */
    void at(@Nullable RecordMetadata place, long timestamp) {
        current = place;
        streamTime = Math.max(streamTime, timestamp);
    }

    void idle() {
        current = null;
    }

    @Override
    public <K, V> void forward(Record<K, V> record) {
        plan.sinks().values().forEach(sink -> send(sink, record));
    }

    @Override
    public <K, V> void forward(Record<K, V> record, String child) {
        StagePlan.Sink sink = plan.sinks().get(child);
        if (sink == null) {
            throw new IllegalArgumentException("the stage has no sink " + child);
        }
        send(sink, record);
    }

    private void send(StagePlan.Sink sink, Record<?, ?> record) {
        Object key = record.key();
        Object value = record.value();
        Set<Integer> to = sink.partitioner()
                .partitions(sink.topic(), key, value, partitions)
                .orElseThrow(() -> new IllegalStateException("a record for " + sink.topic() + " without a partition"));
        byte[] keyBytes = sink.key().serialize(sink.topic(), record.headers(), key);
        byte[] valueBytes = sink.value().serialize(sink.topic(), record.headers(), value);
        for (int partition : to) {
            output.accept(
                    new Sent(sink.topic(), partition, keyBytes, valueBytes, record.headers(), record.timestamp()));
        }
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the processor knows what it has declared
    public <S extends StateStore> S getStateStore(String name) {
        StateStore store = stores.get(name);
        if (store == null) {
            throw new IllegalArgumentException("the stage has no store " + name);
        }
        return (S) store;
    }

    @Override
    public String applicationId() {
        return "derivation";
    }

    @Override
    public TaskId taskId() {
        return task;
    }

    @Override
    public Optional<RecordMetadata> recordMetadata() {
        return Optional.ofNullable(current);
    }

    @Override
    public File stateDir() {
        return directory.toFile();
    }

    @Override
    public Cancellable schedule(Duration interval, PunctuationType type, Punctuator callback) {
        return () -> {};
    }

    @Override
    public Cancellable schedule(Instant start, Duration interval, PunctuationType type, Punctuator callback) {
        return () -> {};
    }

    @Override
    public void commit() {}

    @Override
    public Map<String, Object> appConfigs() {
        return Map.of();
    }

    @Override
    public Map<String, Object> appConfigsWithPrefix(String prefix) {
        return Map.of();
    }

    @Override
    public long currentStreamTimeMs() {
        return streamTime;
    }

    @Override
    public long currentSystemTimeMs() {
        throw new UnsupportedOperationException("what is derived from a log knows no clock");
    }

    @Override
    public Serde<?> keySerde() {
        throw new UnsupportedOperationException("stages name their serdes");
    }

    @Override
    public Serde<?> valueSerde() {
        throw new UnsupportedOperationException("stages name their serdes");
    }

    @Override
    public StreamsMetrics metrics() {
        throw new UnsupportedOperationException("a derivation has no metrics");
    }
}
