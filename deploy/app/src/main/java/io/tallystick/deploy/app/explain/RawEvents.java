package io.tallystick.deploy.app.explain;

import io.tallystick.deploy.app.replay.LogSource;
import io.tallystick.schemas.event.Place;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Events as they came, by their places in {@code usage.events}. */
final class RawEvents {

    private final Map<Place, ConsumerRecord<byte[], byte[]>> records = new HashMap<>();

    private RawEvents() {}

    static RawEvents read(LogSource source, Collection<Place> places) {
        RawEvents raw = new RawEvents();
        TreeMap<Integer, TreeSet<Long>> byPartition = new TreeMap<>();
        places.forEach(place -> byPartition
                .computeIfAbsent(place.partition(), partition -> new TreeSet<>())
                .add(place.offset()));
        byPartition.forEach((partition, offsets) -> source.readAt(
                source.topics().usageEvents(),
                partition,
                offsets,
                record -> raw.records.put(new Place(partition, record.offset()), record)));
        return raw;
    }

    /** Headers and value as texts; null where there is nothing at the place. */
    @Nullable
    Map<String, @Nullable Object> tree(Place place) {
        ConsumerRecord<byte[], byte[]> record = records.get(place);
        if (record == null) {
            return null;
        }
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        Map<String, @Nullable Object> headers = new LinkedHashMap<>();
        record.headers().forEach(header -> headers.put(header.key(), text(header.value())));
        tree.put("headers", headers);
        tree.put("value", text(record.value()));
        return tree;
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
