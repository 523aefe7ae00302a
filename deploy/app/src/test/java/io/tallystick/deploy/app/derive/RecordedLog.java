package io.tallystick.deploy.app.derive;

import io.tallystick.deploy.app.replay.LogSource;
import io.tallystick.schemas.catalog.CatalogCanonical;
import io.tallystick.schemas.catalog.CatalogManifest;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.CatalogRecord;
import io.tallystick.schemas.event.CatalogRecord.CatalogObject;
import io.tallystick.schemas.event.CatalogRecord.RevisionPublished;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topic;
import io.tallystick.schemas.topic.Topics;
import io.tallystick.schemas.value.ContentHash;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;

/** All topics of a space as the stages would leave them, on the heap, for tests that tamper with them. */
public final class RecordedLog implements LogSource {

    private static final Topics TOPICS = new Topics(Space.DEFAULT, Topics.PARTITIONS_EMBEDDED);

    private final Map<String, List<ConsumerRecord<byte[], byte[]>>> topics = new ConcurrentHashMap<>();

    private boolean isLive;

    /** What the whole pipeline makes of these events. */
    public static RecordedLog of(CatalogRevision revision, List<byte[]> events, Instant through, Path directory) {
        RecordedLog log = new RecordedLog();
        CatalogManifest manifest = CatalogManifest.of(revision.catalog(), null);
        CatalogCanonical.objects(revision.catalog())
                .values()
                .forEach(document -> log.add(new CatalogObject(ContentHash.of(document), document)));
        log.add(new RevisionPublished(1, manifest.json()));
        try (Estimate estimate = new Estimate(revision, through, directory, log::add)) {
            events.forEach(estimate::add);
            estimate.invoices();
        }
        return log;
    }

    private void add(CatalogRecord content) {
        add(Sent.plain(TOPICS.billingCatalog().name(), 0, null, TopicCodecs.CATALOG.encode(content), 0));
    }

    private void add(Sent sent) {
        List<ConsumerRecord<byte[], byte[]>> records = records(sent.topic(), sent.partition());
        records.add(new ConsumerRecord<>(
                sent.topic(),
                sent.partition(),
                records.size(),
                sent.timestamp(),
                TimestampType.CREATE_TIME,
                ConsumerRecord.NULL_SIZE,
                ConsumerRecord.NULL_SIZE,
                sent.key(),
                sent.value(),
                sent.headers(),
                Optional.empty()));
    }

    /** The records of one partition, to be tampered with. */
    public List<ConsumerRecord<byte[], byte[]>> records(String topic, int partition) {
        return topics.computeIfAbsent(topic + "/" + partition, key -> new ArrayList<>());
    }

    /** Sends a tombstone after a record, with its key. */
    public void delete(ConsumerRecord<byte[], byte[]> record) {
        add(Sent.plain(record.topic(), record.partition(), record.key(), null, record.timestamp()));
    }

    /** Puts another value in the place of a record's. */
    public void change(ConsumerRecord<byte[], byte[]> record, UnaryOperator<byte[]> change) {
        List<ConsumerRecord<byte[], byte[]>> records = records(record.topic(), record.partition());
        records.set(
                records.indexOf(record),
                new ConsumerRecord<>(
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        record.timestamp(),
                        record.timestampType(),
                        ConsumerRecord.NULL_SIZE,
                        ConsumerRecord.NULL_SIZE,
                        record.key(),
                        change.apply(record.value()),
                        record.headers(),
                        Optional.empty()));
    }

    /** Puts a record back that {@link #change} replaced. */
    public void restore(ConsumerRecord<byte[], byte[]> record) {
        records(record.topic(), record.partition()).replaceAll(one -> one.offset() == record.offset() ? record : one);
    }

    @Override
    public Topics topics() {
        return TOPICS;
    }

    @Override
    public String log() {
        return "recorded";
    }

    @Override
    public long end(Topic topic, int partition) {
        List<ConsumerRecord<byte[], byte[]>> records = records(topic.name(), partition);
        return records.isEmpty() ? 0 : records.get(records.size() - 1).offset() + 1;
    }

    @Override
    public long decided(Topic topic, int partition) {
        return end(topic, partition);
    }

    /** As if a pipeline were still working on it. */
    public void beLive() {
        isLive = true;
    }

    @Override
    public boolean isLive() {
        return isLive;
    }

    @Override
    public synchronized void read(
            Topic topic, int partition, long end, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        records(topic.name(), partition).stream()
                .filter(record -> record.offset() < end)
                .toList()
                .forEach(reader);
    }

    @Override
    public synchronized void readAt(
            Topic topic, int partition, SortedSet<Long> offsets, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        records(topic.name(), partition).stream()
                .filter(record -> offsets.contains(record.offset()))
                .forEach(reader);
    }

    @Override
    public void close() {}
}
