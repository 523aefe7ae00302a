package io.tallystick.ingest.backfill;

import io.tallystick.schemas.event.Place;
import io.tallystick.schemas.topic.Topics;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Reads single records of {@code usage.events} by their places: in passes over ranges, and with a leap where nothing is wanted for long. */
final class UsageEvents {

    /** Reading on is cheaper than a leap over fewer records. */
    private static final long LEAP_RECORDS_MIN = 5_000;

    private static final Duration POLL = Duration.ofMillis(200);

    private final Topics topics;
    private final Consumer<byte[], byte[]> consumer;

    /** Takes one record. */
    @FunctionalInterface
    interface Taker {
        void take(Place place, ConsumerRecord<byte[], byte[]> record);
    }

    UsageEvents(Topics topics, Consumer<byte[], byte[]> consumer) {
        this.topics = topics;
        this.consumer = consumer;
    }

    /** Hands over the records at {@code places}, those of a partition in order; gives the places where nothing is any more. */
    Set<Place> read(Set<Place> places, Taker taker) {
        Map<Integer, TreeSet<Long>> wanted = new TreeMap<>();
        places.forEach(place -> wanted.computeIfAbsent(place.partition(), partition -> new TreeSet<>())
                .add(place.offset()));
        Set<Place> gone = new HashSet<>();
        wanted.forEach((partition, offsets) -> {
            readPartition(partition, offsets, taker);
            offsets.forEach(offset -> gone.add(new Place(partition, offset)));
        });
        return gone;
    }

    /** Takes what it finds out of {@code offsets}. */
    private void readPartition(int partition, NavigableSet<Long> offsets, Taker taker) {
        TopicPartition events = new TopicPartition(topics.usageEvents().name(), partition);
        List<TopicPartition> one = List.of(events);
        consumer.assign(one);
        long last = Math.min(offsets.last(), consumer.endOffsets(one).getOrDefault(events, 0L) - 1);
        long begin = consumer.beginningOffsets(one).getOrDefault(events, 0L);
        consumer.seek(events, Math.max(begin, offsets.first()));
        while (consumer.position(events) <= last) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(events)) {
                if (offsets.remove(record.offset())) {
                    taker.take(new Place(partition, record.offset()), record);
                }
            }
            Long next = offsets.ceiling(consumer.position(events));
            if (next == null) {
                return;
            }
            if (next - consumer.position(events) > LEAP_RECORDS_MIN) {
                consumer.seek(events, next);
            }
        }
    }
}
