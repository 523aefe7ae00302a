package io.tallystick.deploy.app.kafka;

import io.tallystick.deploy.app.Failure;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates topics and returns when they can be worked with, which is later than when the brokers say that they are created. */
public final class TopicCreation {

    private static final int ANSWERED_WITHIN_MS = 30_000;
    private static final int LOOK_EVERY_MS = 10;
    private static final String LOOK_AT_LOGS = "look at the brokers' logs";

    private TopicCreation() {}

    /** A Failure that names the topic; one that another process has created meanwhile is not created again. */
    public static void create(Admin admin, Collection<NewTopic> topics) {
        for (Map.Entry<String, KafkaFuture<Void>> one :
                admin.createTopics(topics).values().entrySet()) {
            try {
                one.getValue().get(ANSWERED_WITHIN_MS, TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw Failure.unreachable(
                            "topic " + one.getKey() + " cannot be created (" + e.getCause() + ")", LOOK_AT_LOGS, e);
                }
            } catch (TimeoutException e) {
                throw Failure.unreachable("topic " + one.getKey() + " was not created in time", LOOK_AT_LOGS, e);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
        awaitLeaders(
                admin,
                topics.stream().map(topic -> awaitListed(admin, topic.name())).toList());
    }

    /** A broker that is asked for topics knows the new one only a moment later. */
    private static TopicDescription awaitListed(Admin admin, String topic) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ANSWERED_WITHIN_MS);
        while (true) {
            try {
                return Objects.requireNonNull(admin.describeTopics(List.of(topic))
                        .allTopicNames()
                        .get(ANSWERED_WITHIN_MS, TimeUnit.MILLISECONDS)
                        .get(topic));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || System.nanoTime() > deadline) {
                    throw Failure.unreachable(
                            "topic " + topic + " was created and does not appear (" + e.getCause() + ")",
                            LOOK_AT_LOGS,
                            e);
                }
            } catch (TimeoutException e) {
                throw Failure.unreachable("topic " + topic + " was created and does not appear", LOOK_AT_LOGS, e);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
            pause();
        }
    }

    /**
     * A broker lists a partition before it has loaded it. Until then it refuses a producer's first batch, may take the second, and never takes the first again;
     * so nothing is sent before the leaders have answered for every partition.
     */
    private static void awaitLeaders(Admin admin, Collection<TopicDescription> created) {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (TopicDescription topic : created) {
            for (TopicPartitionInfo partition : topic.partitions()) {
                ends.put(new TopicPartition(topic.name(), partition.partition()), OffsetSpec.latest());
            }
        }
        try {
            admin.listOffsets(ends, new ListOffsetsOptions().timeoutMs(ANSWERED_WITHIN_MS))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw Failure.unreachable(
                    "the topics that were just created do not answer (" + e.getCause() + ")", LOOK_AT_LOGS, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static Failure interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return Failure.unreachable("interrupted while waiting for Kafka", "run the command again", e);
    }
}
