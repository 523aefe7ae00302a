package io.tallystick.aggregator.stream;

import io.tallystick.aggregator.usage.ChangeFeed;
import io.tallystick.schemas.codec.RecordSerde;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.event.EventVoided;
import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.Place;
import io.tallystick.schemas.event.Reading;
import io.tallystick.schemas.event.RevisionInForce;
import io.tallystick.schemas.event.TotalRecord;
import io.tallystick.schemas.stream.RevisionsInForce;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import io.tallystick.schemas.value.Dimensions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** The aggregator in a driver, behind a log whose sequences it counts. */
final class TestingAggregator implements AutoCloseable {

    static final String LOG = "AAAAAAAAAAAAAAAAAAAAAQ";
    /** One of this process: several run tests at the same time. */
    private static final Path STATE = state();

    private static final Topics TOPICS = new Topics(Space.DEFAULT, 1);

    final RevisionsInForce revisions = new RevisionsInForce();
    final ChangeFeed feed = new ChangeFeed();
    final AggregatorCounts counts = new AggregatorCounts();
    private final Map<String, Long> sequences = new HashMap<>();
    private final AggregatorLimits limits;
    private TopologyTestDriver driver;
    private TestInputTopic<String, AcceptedRecord> in;
    private TestOutputTopic<String, TotalRecord> out;
    private TestOutputTopic<String, Alert> alerts;

    TestingAggregator(AggregatorLimits limits) {
        this.limits = limits;
        start();
    }

    /** With the first revision in force. */
    static TestingAggregator started() {
        TestingAggregator aggregator = new TestingAggregator(AggregatorLimits.DEFAULT);
        aggregator.revision(1);
        aggregator.read();
        return aggregator;
    }

    private static Path state() {
        try {
            return Files.createTempDirectory("aggregator");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void start() {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "aggregator");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(StreamsConfig.STATE_DIR_CONFIG, STATE.toString());
        driver = new TopologyTestDriver(
                AggregatorTopology.addTo(
                        new Topology(), TOPICS, LOG, new TestingMeters(), revisions, limits, feed, counts),
                config);
        in = driver.createInputTopic(
                TOPICS.usageAccepted().name(),
                new StringSerializer(),
                new RecordSerde<>(TopicCodecs.ACCEPTED).serializer());
        out = driver.createOutputTopic(
                TOPICS.usageTotals().name(),
                new StringDeserializer(),
                new RecordSerde<>(TopicCodecs.TOTALS).deserializer());
        alerts = driver.createOutputTopic(
                TOPICS.billingAlerts().name(),
                new StringDeserializer(),
                new RecordSerde<>(TopicCodecs.ALERTS).deserializer());
    }

    /** Ends the process and starts another on the same stores. */
    void restart() {
        List<List<KeyValue<Bytes, byte[]>>> kept = new ArrayList<>();
        List<String> names = List.of(AggregatorStores.DAYS, AggregatorStores.STORE);
        for (String name : names) {
            List<KeyValue<Bytes, byte[]>> rows = new ArrayList<>();
            try (KeyValueIterator<Bytes, byte[]> all = store(name).all()) {
                all.forEachRemaining(rows::add);
            }
            kept.add(rows);
        }
        driver.close();
        start();
        for (int i = 0; i < names.size(); i++) {
            KeyValueStore<Bytes, byte[]> store = store(names.get(i));
            kept.get(i).forEach(row -> store.put(row.key, row.value));
        }
    }

    void revision(int number) {
        send(new RevisionInForce(0, next(""), 0, number, "sha256:test"), Instant.EPOCH);
    }

    void event(String tenant, Instant time, Reading... readings) {
        send(event(tenant, next(tenant), time, readings), time);
    }

    static AcceptedEvent event(String tenant, long sequence, Instant time, Reading... readings) {
        return new AcceptedEvent(
                tenant,
                0,
                sequence,
                new Place(0, sequence),
                new Identity(tenant.hashCode(), sequence),
                0,
                1,
                time.toEpochMilli(),
                time.toEpochMilli(),
                List.of(readings));
    }

    /** Voids an event of the past. */
    void voided(AcceptedEvent event) {
        send(voided(event, next(event.tenant())), Instant.ofEpochMilli(event.recordTime()));
    }

    static EventVoided voided(AcceptedEvent event, long sequence) {
        return new EventVoided(
                event.tenant(),
                0,
                sequence,
                event.sequence(),
                event.place(),
                event.identity(),
                event.revision(),
                event.time(),
                event.readings(),
                "a test",
                event.recordTime());
    }

    void send(AcceptedRecord record, Instant timestamp) {
        in.pipeInput(record.tenant(), record, timestamp);
    }

    /** The next sequence of a tenant. */
    long next(String tenant) {
        return sequences.merge(tenant, 1L, Long::sum);
    }

    List<TotalRecord> read() {
        return out.readValuesToList();
    }

    List<Alert> readAlerts() {
        return alerts.readValuesToList();
    }

    List<KeyValue<String, TotalRecord>> readWithKeys() {
        return out.readKeyValuesToList();
    }

    KeyValueStore<Bytes, byte[]> store(String name) {
        return driver.getKeyValueStore(name);
    }

    StoredUsage usage(String tenant, String meter) {
        KeyValueStore<Bytes, byte[]> days = store(AggregatorStores.DAYS);
        KeyValueStore<Bytes, byte[]> levels = AggregatorStores.INDEX.in(store(AggregatorStores.STORE));
        return new StoredUsage(tenant, meter, days, levels);
    }

    static Reading number(String meter, String value, String... modelAndRegion) {
        return new Reading(meter, dimensions(modelAndRegion), new BigDecimal(value), null);
    }

    static Reading text(String meter, String text, String... modelAndRegion) {
        return new Reading(meter, dimensions(modelAndRegion), null, text);
    }

    static Dimensions dimensions(String... modelAndRegion) {
        return modelAndRegion.length == 0
                ? Dimensions.NONE
                : Dimensions.of(Map.of("model", modelAndRegion[0], "region", modelAndRegion[1]));
    }

    @Override
    public void close() {
        driver.close();
    }
}
