package io.tallystick.ingest.voiding;

import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.EventVoided;
import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.Reading;
import io.tallystick.schemas.event.ReadingBackfilled;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Follows one tenant's log and knows of one event all that it holds. Where an identity was taken again after it was forgotten, the newest event is meant. */
final class AcceptedSearch {

    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition accepted;
    private final byte[] tenant;
    private final Identity identity;
    private @Nullable AcceptedEvent event;
    private @Nullable EventVoided voided;
    private final List<Reading> readings = new ArrayList<>();
    private long seen;
    private long filledUpTo;

    /**
     * What there is of the event.
     *
     * @param readings of the event, and what was filled in for it later
     * @param voided how it was voided, if it was
     * @param seen the sequence up to which the tenant's log was read
     */
    record Found(AcceptedEvent event, List<Reading> readings, Optional<EventVoided> voided, long seen) {}

    /** @param since only records of this time or later are read, milliseconds since the epoch */
    AcceptedSearch(Topics topics, Consumer<byte[], byte[]> consumer, String tenant, Identity identity, long since) {
        this.consumer = consumer;
        this.accepted = new TopicPartition(
                topics.usageAccepted().name(), TenantPartitioner.partitionOf(tenant, topics.partitions()));
        this.tenant = tenant.getBytes(StandardCharsets.UTF_8);
        this.identity = identity;
        consumer.assign(List.of(accepted));
        @Nullable
        OffsetAndTimestamp first =
                consumer.offsetsForTimes(Map.of(accepted, since)).get(accepted);
        if (first == null) {
            consumer.seekToEnd(List.of(accepted));
        } else {
            consumer.seek(accepted, first.offset());
        }
    }

    /** Reads to the present end. */
    void readToEnd() {
        long end = consumer.endOffsets(List.of(accepted)).getOrDefault(accepted, 0L);
        while (consumer.position(accepted) < end) {
            consumer.poll(POLL).records(accepted).forEach(this::take);
        }
    }

    /** Reads what comes next, and waits a moment where nothing does. */
    void readOn() {
        consumer.poll(POLL).records(accepted).forEach(this::take);
    }

    Optional<Found> found() {
        return event == null
                ? Optional.empty()
                : Optional.of(new Found(event, readings, Optional.ofNullable(voided), seen));
    }

    /** Whether a reading was filled in for the tenant behind this sequence. */
    boolean isFilledBehind(long sequence) {
        return filledUpTo > sequence;
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        if (!Arrays.equals(record.key(), tenant)) {
            return;
        }
        AcceptedRecord content = TopicCodecs.ACCEPTED.decode(record.value());
        seen = content.sequence();
        if (content instanceof AcceptedEvent candidate) {
            if (candidate.identity().equals(identity)) {
                event = candidate;
                voided = null;
                readings.clear();
                readings.addAll(candidate.readings());
            }
        } else if (content instanceof ReadingBackfilled backfilled) {
            filledUpTo = backfilled.sequence();
            if (event != null && event.sequence() == backfilled.event()) {
                readings.add(backfilled.reading());
            }
        } else if (content instanceof EventVoided late && event != null && event.sequence() == late.event()) {
            voided = late;
        }
    }
}
