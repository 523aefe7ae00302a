package io.tallystick.invoicer.stream;

import io.tallystick.schemas.topic.Topic;
import io.tallystick.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** How far {@code usage.events} reaches: every event that was acknowledged before it is asked stands in front of its answer. */
@FunctionalInterface
public interface UsageEnds {

    /** The end offset of every partition, in order of the partitions. */
    List<Long> now(Duration patience) throws BrokersSilentException, InterruptedException;

    /**
     * Asks the brokers, for the high watermark and not the last stable offset: a producer's open transaction may hold acknowledged events of others
     * behind it.
     */
    static UsageEnds of(Topics topics, Admin admin) {
        Topic topic = topics.usageEvents();
        return patience -> {
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            for (int partition = 0; partition < topic.partitions(); partition++) {
                latest.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
            }
            try {
                Map<TopicPartition, ListOffsetsResultInfo> ends =
                        admin.listOffsets(latest).all().get(patience.toMillis(), TimeUnit.MILLISECONDS);
                List<Long> offsets = new ArrayList<>(topic.partitions());
                for (int partition = 0; partition < topic.partitions(); partition++) {
                    ListOffsetsResultInfo end = ends.get(new TopicPartition(topic.name(), partition));
                    if (end == null) {
                        throw new IllegalStateException("no end offset of partition " + partition);
                    }
                    offsets.add(end.offset());
                }
                return offsets;
            } catch (ExecutionException | TimeoutException e) {
                throw new BrokersSilentException("the brokers did not say how far " + topic.name() + " reaches", e);
            }
        };
    }
}
