package io.tallystick.deploy.verify;

import io.tallystick.schemas.topic.Topic;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Topics of a broker without a process that makes them. */
public final class TestingTopics {

    private TestingTopics() {}

    /** Makes them, with one replica. */
    public static void create(String bootstrap, Collection<Topic> topics) {
        createAll(
                bootstrap,
                topics.stream()
                        .map(topic -> new NewTopic(topic.name(), topic.partitions(), (short) 1).configs(topic.config()))
                        .toList());
    }

    /**
     * Returns when the leader of every partition has answered. A broker lists a partition before it has loaded it; until then it refuses a producer's first
     * batch, may take the second, and never takes the first again.
     */
    public static void createAll(String bootstrap, Collection<NewTopic> topics) {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (NewTopic topic : topics) {
            for (int partition = 0; partition < topic.numPartitions(); partition++) {
                ends.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
            }
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(topics).all().get();
            admin.listOffsets(ends).all().get();
        } catch (ExecutionException e) {
            throw new AssertionError("the topics cannot be created", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
