package io.tallystick.schemas.stream;

import java.util.Collections;
import java.util.Map;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorNode;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * Calls a processor right before each commit, inside the transaction that covers its input, so that what it holds back is
 * emitted and stored together with the offsets it came from.
 *
 * <p>Kafka Streams has no public hook for this. What it does before each commit is to flush the caches of its stores, so the
 * hook is a store without content that counts as cached. It must be connected to its processor and be added <em>before</em>
 * the processor's other stores, since stores are flushed in the order in which they were registered.
 *
 * <p>This is the only use of Kafka's internals in the stages; a test on a real broker holds it to what it promises. Not an
 * alternative: a punctuator (not part of the commit), {@code StateStore.commit} (not called before a commit under exactly-once,
 * though {@code TopologyTestDriver} calls it each time).
 */
public final class PreCommitHook implements StateStore, CachedStateStore<Object, Object> {

    /** What it is called among a stage's stores; it is the one of them without a changelog. */
    public static final String NAME = "commit-hook-v1";

    private final String name;
    private @Nullable Runnable flush;

    private PreCommitHook(String name) {
        this.name = name;
    }

    /** The store that a topology adds; processors fetch it by {@code name} and call {@link #onCommit}. */
    public static StoreBuilder<PreCommitHook> named(String name) {
        return new Builder(name);
    }

    /**
     * What to do before each commit; {@code flush} may forward and may write to the processor's stores. To be called from the
     * processor's {@code init}.
     */
    public void onCommit(ProcessorContext<?, ?> context, Runnable flush) {
        if (!(context instanceof InternalProcessorContext<?, ?> internal)) {
            this.flush = flush; // a stage that is driven without Kafka Streams, by whoever calls flushCache
            return;
        }
        // forward() only works while a node counts as the current one, which between records none does.
        ProcessorNode<?, ?, ?, ?> node = internal.currentNode();
        this.flush = () -> {
            ProcessorNode<?, ?, ?, ?> before = internal.currentNode();
            internal.setCurrentNode(node);
            try {
                flush.run();
            } finally {
                internal.setCurrentNode(before);
            }
        };
    }

    @Override
    public void flushCache() {
        if (flush != null) {
            flush.run();
        }
    }

    @Override
    public void clearCache() {}

    @Override
    public boolean setFlushListener(CacheFlushListener<Object, Object> listener, boolean sendOldValues) {
        return false;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        context.register(root, (key, value) -> {});
    }

    @Override
    public void close() {
        flush = null;
    }

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    private record Builder(String name) implements StoreBuilder<PreCommitHook> {

        @Override
        public PreCommitHook build() {
            return new PreCommitHook(name);
        }

        @Override
        public Map<String, String> logConfig() {
            return Collections.emptyMap();
        }

        @Override
        public boolean loggingEnabled() {
            return false;
        }

        @Override
        public StoreBuilder<PreCommitHook> withCachingEnabled() {
            return this;
        }

        @Override
        public StoreBuilder<PreCommitHook> withCachingDisabled() {
            return this;
        }

        @Override
        public StoreBuilder<PreCommitHook> withLoggingEnabled(Map<String, String> config) {
            return this;
        }

        @Override
        public StoreBuilder<PreCommitHook> withLoggingDisabled() {
            return this;
        }
    }
}
