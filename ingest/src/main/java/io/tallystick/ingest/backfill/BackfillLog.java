package io.tallystick.ingest.backfill;

import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.codec.UnreadableRecordException;
import io.tallystick.schemas.event.BillingRequest.ReadingsBackfilled;
import io.tallystick.schemas.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far every meter is filled, as {@code billing.requests} says; read once, and from there on only what came since. */
final class BackfillLog {

    private static final Logger LOG = LoggerFactory.getLogger(BackfillLog.class);
    private static final Duration POLL = Duration.ofMillis(200);

    private final List<TopicPartition> partitions;
    private final Map<TopicPartition, Long> read = new HashMap<>();
    private final Map<Run, BackfillProgress> progress = new HashMap<>();

    private record Run(String meter, int since, int partition) {}

    BackfillLog(Topics topics) {
        partitions = IntStream.range(0, topics.partitions())
                .mapToObj(
                        partition -> new TopicPartition(topics.billingRequests().name(), partition))
                .toList();
    }

    /** Reads to the present end. */
    void catchUp(Consumer<byte[], byte[]> consumer) {
        consumer.assign(partitions);
        partitions.forEach(partition -> consumer.seek(partition, read.getOrDefault(partition, 0L)));
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (partitions.stream()
                .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
            consumer.poll(POLL).forEach(this::take);
            partitions.forEach(partition -> read.put(partition, consumer.position(partition)));
        }
    }

    BackfillProgress progress(String meter, int since, int partition) {
        return progress.getOrDefault(new Run(meter, since, partition), BackfillProgress.NONE);
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        try {
            if (record.value() != null
                    && TopicCodecs.REQUESTS.decode(record.value()) instanceof ReadingsBackfilled request) {
                Run run = new Run(request.meter(), request.since(), request.partition());
                progress.put(
                        run, progress.getOrDefault(run, BackfillProgress.NONE).after(request));
            }
        } catch (UnreadableRecordException e) {
            LOG.atDebug()
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .log("unreadable request passed over");
        }
    }
}
