package io.tallystick.deploy.app.role;

import io.tallystick.schemas.stream.CommitPacer;
import io.tallystick.schemas.stream.RocksDbBudget;
import io.tallystick.schemas.topic.Space;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;

/** How each stage's Kafka Streams application is set up, and whatever is to be compared with one. */
public final class StreamsSettings {

    /** Of a stage that is far behind, and of what nobody waits for; {@link CommitPacer} asks for all other commits, much earlier. */
    private static final int COMMIT_INTERVAL_MS = 3000;
    /** How long what a crashed process left open holds up readers; an interval, a wait for the catalogue of 5 s and a slow commit fit in. */
    private static final int TRANSACTION_TIMEOUT_MS = 12_000;
    /** How soon a crashed process is noticed. */
    private static final int SESSION_TIMEOUT_MS = 6_000;

    private static final int REQUEST_BYTES_MAX = 16 << 20; // the topics' own limits decide, which are lower
    /** Full batches go at once, and a commit sends all others together: what goes in between is more requests and batches. */
    private static final int LINGER_MS = CommitPacer.LIVE_CEILING_MS;

    private static final int BATCH_BYTES = 128 << 10;
    private static final int BUFFER_BYTES = 64 << 20;

    private StreamsSettings() {}

    /**
     * @param state the directory of all stages' stores; each keeps its own below, with its process id
     * @param isReplicated false on the embedded broker
     * @param rocksDbBytes what all stores of the process may take off the heap
     * @param self where this instance answers others, as {@code HOST:PORT}, or null where nobody asks it anything
     */
    static Properties of(
            Role role,
            Space space,
            String bootstrap,
            Path state,
            boolean isReplicated,
            long rocksDbBytes,
            @Nullable String self) {
        return forApplication(
                space.applicationId(role.text()), role.threads(), bootstrap, state, isReplicated, rocksDbBytes, self);
    }

    /**
     * As {@link #of}, for any application.
     *
     * @param threads stream threads
     */
    public static Properties forApplication(
            String applicationId,
            int threads,
            String bootstrap,
            Path state,
            boolean isReplicated,
            long rocksDbBytes,
            @Nullable String self) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_INTERVAL_MS);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
        settings.put(
                StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0); // a cached total would be overtaken by a marker
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksDbBudget.class);
        // A stage has one input, or makes sure of their order itself: see RequestsFirstConsumer of ingest.
        settings.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
        settings.put(RocksDbBudget.BYTES_CONFIG, Long.toString(rocksDbBytes));
        settings.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, isReplicated ? -1 : 1);
        settings.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
        settings.put(StreamsConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
        // Brokers could ask for metrics; naming all of them for that takes most of the compiler's time in a start.
        settings.put(StreamsConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        if (self != null) {
            settings.put(StreamsConfig.APPLICATION_SERVER_CONFIG, self);
        }

        consumer(settings, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MS);
        consumer(settings, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, SESSION_TIMEOUT_MS / 4);

        producer(settings, ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        producer(settings, ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        producer(settings, ProducerConfig.LINGER_MS_CONFIG, LINGER_MS);
        producer(settings, ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
        producer(settings, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, REQUEST_BYTES_MAX);
        producer(settings, ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MS);
        return settings;
    }

    private static void consumer(Properties settings, String name, Object value) {
        settings.put(StreamsConfig.mainConsumerPrefix(name), value);
    }

    private static void producer(Properties settings, String name, Object value) {
        settings.put(StreamsConfig.producerPrefix(name), value);
    }
}
