package io.tallystick.deploy.app.explain;

import io.tallystick.deploy.app.replay.LogSource;
import io.tallystick.ingest.acceptance.Acceptance;
import io.tallystick.ingest.acceptance.RevisionRules;
import io.tallystick.ingest.decode.DecodedEvent;
import io.tallystick.ingest.decode.EventDecoder;
import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.EventVoided;
import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.Place;
import io.tallystick.schemas.event.ReadingBackfilled;
import io.tallystick.schemas.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Finds every copy of one event, by the identity it was deduplicated by, and says what became of each: accepted with its values, their hours and the invoice
 * lines they are in, duplicate, or rejected. Reads the tenant's partition of {@code usage.accepted} and the whole of {@code usage.rejected} and
 * {@code usage.events}.
 */
public final class EventFinder {

    /** What an event is deduplicated by, as its producer wrote it: a key, or source and id. */
    public record Wanted(
            String tenant,
            @Nullable String key,
            @Nullable String source,
            @Nullable String id) {}

    private final LogSource source;
    private final Acceptance acceptance = new Acceptance();
    private final EventDecoder decoder = new EventDecoder();

    public EventFinder(LogSource source) {
        this.source = source;
    }

    /** {@code outcome} is that of the first copy that has one: accepted, else rejected, else undecided; "unknown" when there is no copy at all. */
    public Map<String, @Nullable Object> find(Wanted wanted) {
        Identity identity =
                acceptance.identity(wanted.tenant(), wanted.key(), text(wanted.source()), text(wanted.id()));
        TenantControls controls = new TenantControls();
        List<Found> found = new ArrayList<>();
        int partition = TenantControls.partition(source, wanted.tenant());
        long end = source.end(source.topics().usageAccepted(), partition);
        TenantControls.forEach(source, wanted.tenant(), end, (record, offset) -> {
            controls.take(record, offset);
            take(record, offset, identity, found);
        });
        Set<Place> decided = new HashSet<>();
        found.forEach(one -> decided.add(one.event().place()));
        List<Map<String, @Nullable Object>> rejected = rejected(wanted.tenant(), identity, decided);
        List<Map<String, @Nullable Object>> others = others(wanted.tenant(), identity, decided);

        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("tenant", wanted.tenant());
        tree.put("outcome", outcome(found, rejected, others));
        BilledOn billed = new BilledOn(source, wanted.tenant(), controls);
        List<Map<String, @Nullable Object>> accepted = new ArrayList<>();
        for (Found one : found) {
            accepted.add(
                    tree(one, partition, billed, controls.voidOf(one.event().sequence())));
        }
        tree.put("accepted", accepted);
        tree.put(found.isEmpty() ? "undecided" : "duplicates", others);
        tree.put("rejected", rejected);
        return tree;
    }

    /** An accepted event, and what meters that were added later read from it. */
    private record Found(AcceptedEvent event, long offset, List<LineEvents.Value> values) {}

    private static void take(AcceptedRecord record, long offset, Identity identity, List<Found> found) {
        if (record instanceof AcceptedEvent event && event.identity().equals(identity)) {
            found.add(new Found(event, offset, new ArrayList<>(LineEvents.Value.of(event, offset))));
        } else if (record instanceof ReadingBackfilled late) {
            found.stream()
                    .filter(one -> one.event().place().equals(late.place()))
                    .forEach(one -> one.values().addAll(LineEvents.Value.of(late, offset)));
        }
    }

    private static String outcome(List<Found> found, List<?> rejected, List<?> others) {
        if (!found.isEmpty()) {
            return "accepted";
        }
        if (!rejected.isEmpty()) {
            return "rejected";
        }
        return others.isEmpty() ? "unknown" : "undecided";
    }

    private Map<String, @Nullable Object> tree(
            Found one, int partition, BilledOn billed, Optional<EventVoided> voided) {
        AcceptedEvent event = one.event();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        Place place = event.place();
        tree.put("place", Explainer.place(place.partition(), place.offset()));
        tree.put("accepted", Explainer.place(partition, one.offset()));
        tree.put("sequence", event.sequence());
        tree.put("time", java.time.Instant.ofEpochMilli(event.time()).toString());
        tree.put("revision", event.revision());
        voided.ifPresent(fact -> {
            Map<String, @Nullable Object> how = new LinkedHashMap<>();
            how.put("at", java.time.Instant.ofEpochMilli(fact.requestedAt()).toString());
            how.put("sequence", fact.sequence());
            how.put("reason", fact.reason());
            tree.put("voided", how);
        });
        List<Map<String, @Nullable Object>> readings = new ArrayList<>();
        for (LineEvents.Value value : one.values()) {
            readings.add(billed.tree(value));
        }
        tree.put("readings", readings);
        tree.put("event", RawEvents.read(source, List.of(place)).tree(place));
        return tree;
    }

    private List<Map<String, @Nullable Object>> rejected(String tenant, Identity identity, Set<Place> decided) {
        List<Map<String, @Nullable Object>> rejected = new ArrayList<>();
        forEach(source.topics().usageRejected(), tenant, identity, record -> {
            Map<String, @Nullable Object> tree = new LinkedHashMap<>();
            int partition = Integer.parseInt(header(record, "tallystick-partition"));
            long offset = Long.parseLong(header(record, "tallystick-offset"));
            decided.add(new Place(partition, offset));
            tree.put("place", Explainer.place(partition, offset));
            tree.put("reason", header(record, "tallystick-reason"));
            tree.put("detail", header(record, "tallystick-detail"));
            tree.put("revision", header(record, "tallystick-revision"));
            rejected.add(tree);
        });
        return rejected;
    }

    private List<Map<String, @Nullable Object>> others(String tenant, Identity identity, Set<Place> decided) {
        List<Map<String, @Nullable Object>> others = new ArrayList<>();
        forEach(source.topics().usageEvents(), tenant, identity, record -> {
            if (!decided.contains(new Place(record.partition(), record.offset()))) {
                Map<String, @Nullable Object> tree = new LinkedHashMap<>();
                tree.put("place", Explainer.place(record.partition(), record.offset()));
                others.add(tree);
            }
        });
        return others;
    }

    private void forEach(
            Topic topic,
            String tenant,
            Identity identity,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        for (int partition = 0; partition < topic.partitions(); partition++) {
            source.read(topic, partition, source.end(topic, partition), record -> {
                if (isOf(record, tenant, identity)) {
                    reader.accept(record);
                }
            });
        }
    }

    private boolean isOf(ConsumerRecord<byte[], byte[]> record, String tenant, Identity identity) {
        DecodedEvent event = decoder.decode(
                record.value(),
                visitor -> {
                    for (Header header : record.headers()) {
                        visitor.accept(header.key(), header.value());
                    }
                },
                RevisionRules.BEFORE_ANY);
        String id = event.id();
        return event.malformed() == null
                && id != null
                && tenant.equals(event.subject())
                && identity.equals(acceptance.identity(tenant, event.idempotencyKey(), event.source(), id));
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
