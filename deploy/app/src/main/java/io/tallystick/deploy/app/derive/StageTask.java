package io.tallystick.deploy.app.derive;

import io.tallystick.schemas.stream.PreCommitHook;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * One partition of one stage: the stage's own processor on stores that live on the heap, fed record by record by whoever holds it, told
 * of commits by the same hook as on brokers.
 */
final class StageTask implements AutoCloseable {

    private final StagePlan plan;
    private final TaskContext context;
    private final Processor<Object, Object, Object, Object> processor;
    private final List<PreCommitHook> hooks = new ArrayList<>();

    private record Place(String topic, int partition, long offset) implements RecordMetadata {}

    /**
     * @param directory for what the stage keeps beside its stores; it need not exist
     * @param output takes what the stage sends, at once
     */
    StageTask(StagePlan plan, int partition, int partitions, Path directory, Consumer<Sent> output) {
        this.plan = plan;
        this.context = new TaskContext(plan, partition, partitions, directory, output);
        for (StoreBuilder<?> builder : plan.stores()) {
            context.add(heapStore(builder));
        }
        this.processor = plan.processor();
        processor.init(context);
    }

    private StateStore heapStore(StoreBuilder<?> builder) {
        StateStore declared = builder.build();
        if (declared instanceof PreCommitHook hook) {
            hooks.add(hook);
            return hook;
        }
        if (declared instanceof KeyValueStore) {
            return new HeapStore(builder.name());
        }
        throw new IllegalStateException("a derivation does not know how to keep " + builder.name());
    }

    /** @param offset of the record in its topic */
    void process(Sent record, long offset) {
        StagePlan.Source source = plan.source(record.topic());
        context.at(new Place(record.topic(), record.partition(), offset), record.timestamp());
        Object key = source.key().deserialize(record.topic(), record.headers(), record.key());
        Object value = source.value().deserialize(record.topic(), record.headers(), record.value());
        processor.process(new Record<>(key, value, record.timestamp(), record.headers()));
        context.idle();
    }

    /** Has the stage send and store what it has held back. */
    void commit() {
        hooks.forEach(PreCommitHook::flushCache);
    }

    @Override
    public void close() {
        processor.close();
    }
}
