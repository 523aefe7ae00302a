package io.tallystick.deploy.app.migrate;

import io.tallystick.deploy.app.replay.LegibleRecord;
import io.tallystick.deploy.app.replay.LogSource;
import io.tallystick.ingest.stream.CarriedRecord;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.EventVoided;
import io.tallystick.schemas.event.Place;
import io.tallystick.schemas.event.ReadingBackfilled;
import io.tallystick.schemas.event.RevisionInForce;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topic;
import io.tallystick.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Copies what a space is made of into one with another number of partitions. All behind {@code usage.accepted} is left to be derived. */
final class SpaceCopy {

    private static final String PARTITION = "tallystick-partition";
    private static final String OFFSET = "tallystick-offset";
    private static final String TOPIC = "tallystick-topic";

    private final LogSource from;
    private final String bootstrap;
    private final Topics to;
    private final SpaceWriter writer;

    SpaceCopy(LogSource from, String bootstrap, Topics to, SpaceWriter writer) {
        this.from = from;
        this.bootstrap = bootstrap;
        this.to = to;
        this.writer = writer;
    }

    /** The catalogue with all its revisions, as it stands. */
    void catalog() {
        Topic topic = from.topics().billingCatalog();
        from.read(
                topic,
                0,
                from.end(topic, 0),
                record -> writer.write(new ProducerRecord<>(
                        to.billingCatalog().name(), 0, record.timestamp(), record.key(), record.value())));
        writer.flush();
    }

    /**
     * The raw events. Where two partitions become one, in the order of the newest timestamp that each had reached: so that an event is too old behind the
     * same events as before.
     */
    Places events() {
        Topic topic = from.topics().usageEvents();
        Places places = new Places(topic.partitions(), to.partitions());
        for (int target = 0; target < to.partitions(); target++) {
            List<Raw> sources = new ArrayList<>();
            try {
                for (int partition = target; partition < topic.partitions(); partition += to.partitions()) {
                    sources.add(
                            new Raw(new PartitionCursor(bootstrap, topic, partition, 0, from.end(topic, partition))));
                }
                long offset = 0;
                Raw next;
                while ((next = oldest(sources)) != null) {
                    ConsumerRecord<byte[], byte[]> record = next.take();
                    writer.write(new ProducerRecord<>(
                            to.usageEvents().name(),
                            target,
                            Math.max(0, record.timestamp()),
                            record.key(),
                            record.value(),
                            record.headers()));
                    places.moved(new Place(record.partition(), record.offset()), offset++);
                }
            } finally {
                sources.forEach(source -> source.cursor.close());
            }
        }
        writer.flush();
        return places;
    }

    /** One partition of raw events, with the newest timestamp up to its next record. */
    private static final class Raw {
        private final PartitionCursor cursor;
        private long newest = Long.MIN_VALUE;

        Raw(PartitionCursor cursor) {
            this.cursor = cursor;
        }

        /** Whether there is one more. */
        boolean look() {
            ConsumerRecord<byte[], byte[]> head = cursor.peek();
            if (head != null) {
                newest = Math.max(newest, head.timestamp());
            }
            return head != null;
        }

        ConsumerRecord<byte[], byte[]> take() {
            ConsumerRecord<byte[], byte[]> head = cursor.peek();
            if (head == null) {
                throw new IllegalStateException("nothing is left");
            }
            cursor.advance();
            return head;
        }
    }

    private static @Nullable Raw oldest(List<Raw> sources) {
        Raw oldest = null;
        for (Raw source : sources) {
            if (source.look() && (oldest == null || source.newest < oldest.newest)) {
                oldest = source;
            }
        }
        return oldest;
    }

    /** The dead letters, which name places; says where each stands. */
    Places rejected(Places events) {
        Topic topic = from.topics().usageRejected();
        Places places = new Places(topic.partitions(), to.partitions());
        long[] offsets = new long[to.partitions()];
        for (int partition = 0; partition < topic.partitions(); partition++) {
            int target = places.partition(partition);
            from.read(topic, partition, from.end(topic, partition), record -> {
                ProducerRecord<byte[], byte[]> copy =
                        new ProducerRecord<>(to.usageRejected().name(), target, record.key(), record.value());
                place(record, events, copy.headers());
                writer.write(copy);
                places.moved(new Place(record.partition(), record.offset()), offsets[target]++);
            });
        }
        writer.flush();
        return places;
    }

    private void place(ConsumerRecord<byte[], byte[]> record, Places events, Headers headers) {
        Place place = moved(deadLetterOf(record), events, record);
        Map<String, String> changed = Map.of(
                PARTITION,
                Integer.toString(place.partition()),
                OFFSET,
                Long.toString(place.offset()),
                TOPIC,
                to.usageEvents().name());
        Header lastPartition = record.headers().lastHeader(PARTITION);
        Header lastOffset = record.headers().lastHeader(OFFSET);
        Header lastTopic = record.headers().lastHeader(TOPIC);
        for (Header header : record.headers()) {
            boolean isOurs = header == lastPartition || header == lastOffset || header == lastTopic;
            String value = isOurs ? changed.get(header.key()) : null;
            headers.add(header.key(), value == null ? header.value() : value.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static Place deadLetterOf(ConsumerRecord<byte[], byte[]> record) {
        try {
            return new Place(Integer.parseInt(text(record, PARTITION)), Long.parseLong(text(record, OFFSET)));
        } catch (IllegalArgumentException e) {
            throw LegibleRecord.failure(record, "its headers do not say which record was rejected");
        }
    }

    private static String text(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    /** @param naming the record that names the place */
    private static Place moved(Place before, Places events, ConsumerRecord<byte[], byte[]> naming) {
        return events.of(before)
                .orElseThrow(
                        () -> LegibleRecord.failure(naming, "it names the event " + before + ", which is not there"));
    }

    /**
     * The accepted records in order of each tenant, for ingest to take over. A revision comes into force everywhere at once, when each partition has come to
     * it: so nothing stands behind a revision that it was decided in front of.
     *
     * @return how many, revisions aside
     */
    long accepted(Places events) {
        Topic topic = from.topics().usageAccepted();
        List<PartitionCursor> cursors = new ArrayList<>();
        long records = 0;
        try {
            for (int partition = 0; partition < topic.partitions(); partition++) {
                cursors.add(new PartitionCursor(bootstrap, topic, partition, 0, from.end(topic, partition)));
            }
            boolean hasMore = true;
            while (hasMore) {
                RevisionInForce next = null;
                for (PartitionCursor cursor : cursors) {
                    records += upToRevision(cursor, events);
                    RevisionInForce revision = revisionAt(cursor);
                    if (revision != null && (next == null || revision.revision() < next.revision())) {
                        next = revision;
                    }
                }
                hasMore = next != null;
                if (next != null) {
                    enforce(next, cursors);
                }
            }
        } finally {
            cursors.forEach(PartitionCursor::close);
        }
        writer.flush();
        return records;
    }

    private long upToRevision(PartitionCursor cursor, Places events) {
        long records = 0;
        ConsumerRecord<byte[], byte[]> head;
        while ((head = cursor.peek()) != null) {
            AcceptedRecord record = LegibleRecord.content(TopicCodecs.ACCEPTED, head);
            if (record instanceof RevisionInForce) {
                break;
            }
            int target = TenantPartitioner.partitionOf(record.tenant(), to.partitions());
            writer.write(CarriedRecord.of(to, target, moved(record, events, head), head.timestamp()));
            records++;
            cursor.advance();
        }
        return records;
    }

    private static @Nullable RevisionInForce revisionAt(PartitionCursor cursor) {
        ConsumerRecord<byte[], byte[]> head = cursor.peek();
        return head == null ? null : (RevisionInForce) TopicCodecs.ACCEPTED.decode(head.value());
    }

    private void enforce(RevisionInForce next, List<PartitionCursor> cursors) {
        long timestamp = 0;
        for (PartitionCursor cursor : cursors) {
            RevisionInForce revision = revisionAt(cursor);
            ConsumerRecord<byte[], byte[]> head = cursor.peek();
            if (revision != null && head != null && revision.revision() == next.revision()) {
                timestamp = Math.max(timestamp, head.timestamp());
                cursor.advance();
            }
        }
        for (int target = 0; target < to.partitions(); target++) {
            RevisionInForce there =
                    new RevisionInForce(next.shard(), next.sequence(), target, next.revision(), next.hash());
            writer.write(CarriedRecord.of(to, target, there, timestamp));
        }
    }

    private static AcceptedRecord moved(AcceptedRecord record, Places events, ConsumerRecord<byte[], byte[]> head) {
        if (record instanceof AcceptedEvent event) {
            return new AcceptedEvent(
                    event.tenant(),
                    event.shard(),
                    event.sequence(),
                    moved(event.place(), events, head),
                    event.identity(),
                    event.contentHash(),
                    event.revision(),
                    event.time(),
                    event.recordTime(),
                    event.readings());
        }
        if (record instanceof ReadingBackfilled filled) {
            return new ReadingBackfilled(
                    filled.tenant(),
                    filled.shard(),
                    filled.sequence(),
                    filled.event(),
                    moved(filled.place(), events, head),
                    filled.revision(),
                    filled.time(),
                    filled.reading());
        }
        if (record instanceof EventVoided voided) {
            return new EventVoided(
                    voided.tenant(),
                    voided.shard(),
                    voided.sequence(),
                    voided.event(),
                    moved(voided.place(), events, head),
                    voided.identity(),
                    voided.revision(),
                    voided.time(),
                    voided.readings(),
                    voided.reason(),
                    voided.requestedAt());
        }
        return record;
    }
}
