package io.tallystick.invoicer.stream;

import io.tallystick.schemas.topic.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** How far ingest has committed on {@code usage.events}. */
@FunctionalInterface
public interface IngestProgress {

    /** The committed offset of each partition; a partition that was never committed is left out. */
    Map<Integer, Long> committed(Duration patience) throws BrokersSilentException, InterruptedException;

    /**
     * Asks the brokers.
     *
     * @param stage what ingest's application is called within a space
     */
    static IngestProgress of(Topics topics, String stage, Admin admin) {
        String group = topics.space().applicationId(stage);
        String topic = topics.usageEvents().name();
        return patience -> {
            try {
                Map<TopicPartition, @Nullable OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .get(patience.toMillis(), TimeUnit.MILLISECONDS);
                Map<Integer, Long> committed = new TreeMap<>();
                offsets.forEach((partition, offset) -> {
                    if (partition.topic().equals(topic) && offset != null) {
                        committed.put(partition.partition(), offset.offset());
                    }
                });
                return committed;
            } catch (ExecutionException | TimeoutException e) {
                throw new BrokersSilentException("the brokers did not say how far " + group + " is", e);
            }
        };
    }
}
