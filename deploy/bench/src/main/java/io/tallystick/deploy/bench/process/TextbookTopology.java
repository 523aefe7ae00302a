package io.tallystick.deploy.bench.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.CloudEventDeserializer;
import io.cloudevents.kafka.CloudEventSerializer;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.WindowedSerdes;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;

/**
 * Metering as tutorials teach it: the CloudEvents SDK, a JSON tree, a key in RocksDB for each identity, the DSL's repartitioning and its
 * windows. It counts what ours counts, and nothing else: no sequence, no content check, no expiry, no pricing.
 */
public final class TextbookTopology {

    public static final String NAME = "bench-textbook";
    public static final String OUTPUT = "bench-textbook-totals";
    public static final String REPARTITION = NAME + "-by-window-repartition";

    private static final String SEEN = "seen";
    private static final JsonMapper JSON = new JsonMapper();

    private TextbookTopology() {}

    static Topology build() {
        StreamsBuilder builder = new StreamsBuilder();
        builder.addStateStore(
                Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(SEEN), Serdes.String(), Serdes.Long()));
        builder.stream(
                        new Topics(Space.DEFAULT, 1).usageEvents().name(),
                        Consumed.with(
                                        Serdes.String(),
                                        Serdes.serdeFrom(new CloudEventSerializer(), new CloudEventDeserializer()))
                                .withName("events")
                                .withOffsetResetPolicy(AutoOffsetReset.earliest())
                                .withTimestampExtractor((record, partitionTime) ->
                                        record.value() instanceof CloudEvent event && event.getTime() != null
                                                ? event.getTime().toInstant().toEpochMilli()
                                                : record.timestamp()))
                .processValues(Once::new, Named.as("once"), SEEN)
                .map(TextbookTopology::reading, Named.as("reading"))
                .groupByKey(Grouped.with("by-window", Serdes.String(), decimals()))
                .windowedBy(TimeWindows.ofSizeAndGrace(Duration.ofHours(1), Duration.ofDays(1)))
                .reduce(
                        BigDecimal::add,
                        Named.as("sum"),
                        Materialized.<String, BigDecimal, WindowStore<Bytes, byte[]>>as("totals")
                                .withKeySerde(Serdes.String())
                                .withValueSerde(decimals()))
                .toStream(Named.as("changes"))
                .to(
                        OUTPUT,
                        Produced.with(
                                        WindowedSerdes.timeWindowedSerdeFrom(
                                                String.class,
                                                Duration.ofHours(1).toMillis()),
                                        decimals())
                                .withName("to-totals"));
        return builder.build();
    }

    private static KeyValue<String, BigDecimal> reading(String key, CloudEvent event) {
        try {
            JsonNode data =
                    JSON.readTree(Objects.requireNonNull(event.getData()).toBytes());
            return KeyValue.pair(
                    event.getSubject() + "|" + event.getType() + "|"
                            + data.path("model").asText(),
                    new BigDecimal(data.path("value").asText()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Serde<BigDecimal> decimals() {
        return Serdes.serdeFrom(
                (topic, value) -> value == null ? null : value.toPlainString().getBytes(StandardCharsets.US_ASCII),
                (topic, bytes) -> bytes == null ? null : new BigDecimal(new String(bytes, StandardCharsets.US_ASCII)));
    }

    /** Lets the first of each identity pass. */
    private static final class Once implements FixedKeyProcessor<String, CloudEvent, CloudEvent> {

        private FixedKeyProcessorContext<String, CloudEvent> context;
        private KeyValueStore<String, Long> seen;

        @SuppressWarnings("NullAway.Init") // set by init
        Once() {}

        @Override
        public void init(FixedKeyProcessorContext<String, CloudEvent> context) {
            this.context = context;
            this.seen = context.getStateStore(SEEN);
        }

        @Override
        public void process(FixedKeyRecord<String, CloudEvent> record) {
            CloudEvent event = record.value();
            String identity = event.getSubject() + "|" + event.getSource() + "|" + event.getId();
            if (seen.get(identity) == null) {
                seen.put(identity, record.timestamp());
                context.forward(record);
            }
        }
    }
}
