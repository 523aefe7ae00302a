package io.tallystick.ingest.backfill;

import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.Place;
import io.tallystick.schemas.event.RevisionInForce;
import io.tallystick.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Reads what {@code usage.accepted} held when a meter was not there yet: of each partition, all in front of the revision that brought it. */
final class AcceptedPast {

    private static final Duration POLL = Duration.ofMillis(200);

    private final Topics topics;
    private final Consumer<byte[], byte[]> consumer;

    AcceptedPast(Topics topics, Consumer<byte[], byte[]> consumer) {
        this.topics = topics;
        this.consumer = consumer;
    }

    /**
     * What is looked for.
     *
     * @param since the revision that brought the meter
     * @param from only events at this time or later, milliseconds since the epoch
     * @param until only events before this time
     */
    record Wanted(String meter, int since, long from, long until) {}

    /** An accepted event that the meter has not read; see {@link AcceptedEvent}. */
    record PastEvent(long offset, String tenant, long sequence, Place place, long time) {}

    /**
     * A stretch of one partition.
     *
     * @param read how many events it holds, also those that are not wanted
     * @param endOffset where the next one begins
     * @param isLast whether the meter was there from here on
     */
    record Stretch(List<PastEvent> events, long read, long endOffset, boolean isLast) {}

    /** The next stretch of at most {@code recordsMax} records. */
    Stretch read(int partition, long startOffset, Wanted wanted, int recordsMax) {
        TopicPartition accepted = new TopicPartition(topics.usageAccepted().name(), partition);
        List<TopicPartition> one = List.of(accepted);
        if (!consumer.assignment().equals(Set.of(accepted)) || consumer.position(accepted) != startOffset) {
            consumer.assign(one);
            consumer.seek(accepted, startOffset);
        }
        long end = consumer.endOffsets(one).getOrDefault(accepted, 0L);
        List<PastEvent> events = new ArrayList<>();
        long next = startOffset;
        long read = 0;
        int records = 0;
        while (consumer.position(accepted) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(accepted)) {
                AcceptedRecord content = TopicCodecs.ACCEPTED.decode(record.value());
                next = record.offset() + 1;
                records++;
                if (content instanceof RevisionInForce revision && revision.revision() >= wanted.since()) {
                    return new Stretch(events, read, next, true);
                }
                if (content instanceof AcceptedEvent event) {
                    read++;
                    if (isWanted(event, wanted)) {
                        events.add(new PastEvent(
                                record.offset(), event.tenant(), event.sequence(), event.place(), event.time()));
                    }
                }
                if (records >= recordsMax) {
                    consumer.seek(accepted, next);
                    return new Stretch(events, read, next, false);
                }
            }
        }
        return new Stretch(events, read, next, false);
    }

    // A meter that was changed before it had counted is read anew, but never twice from one event.
    private static boolean isWanted(AcceptedEvent event, Wanted wanted) {
        return event.time() >= wanted.from()
                && event.time() < wanted.until()
                && event.readings().stream()
                        .noneMatch(reading -> reading.meter().equals(wanted.meter()));
    }
}
