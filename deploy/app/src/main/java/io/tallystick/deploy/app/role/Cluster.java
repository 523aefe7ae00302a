package io.tallystick.deploy.app.role;

import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.kafka.TopicCreation;
import io.tallystick.schemas.topic.Topic;
import io.tallystick.schemas.topic.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The brokers that a process works with: whether they answer, and whether their topics are as they must be. */
final class Cluster implements AutoCloseable {

    private static final int REACHED_WITHIN_MS = 10_000;
    private static final int ANSWERED_WITHIN_MS = 30_000;
    /** A timestamp in the future moves the time of everyone behind it: more than this is refused. */
    private static final long TIMESTAMP_AHEAD_MS_MAX = TimeUnit.DAYS.toMillis(1);

    private static final String TIMESTAMP_AHEAD = "message.timestamp.after.max.ms";
    private static final String TIMESTAMP_TYPE = "message.timestamp.type";

    private final String bootstrap;
    private final Admin admin;

    private Cluster(String bootstrap, Admin admin) {
        this.bootstrap = bootstrap;
        this.admin = admin;
    }

    /** Connects; a Failure when no broker answers in time. */
    static Cluster connect(String bootstrap) {
        Admin admin;
        try {
            admin = Admin.create(Map.of(
                    "bootstrap.servers", bootstrap,
                    "request.timeout.ms", REACHED_WITHIN_MS / 2,
                    "default.api.timeout.ms", REACHED_WITHIN_MS));
        } catch (KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw Failure.unreachable(
                    "the Kafka cluster " + bootstrap + " cannot be reached (" + cause.getMessage() + ")",
                    "write --kafka as HOST:PORT[,HOST:PORT…]",
                    e);
        }
        Cluster cluster = new Cluster(bootstrap, admin);
        try {
            cluster.answer(admin.describeCluster().nodes(), REACHED_WITHIN_MS);
        } catch (Failure e) {
            admin.close(java.time.Duration.ZERO);
            throw e;
        }
        return cluster;
    }

    Admin admin() {
        return admin;
    }

    /** A Failure where the space is only half there. */
    void requireWhole(Topics topics) {
        if (describe(topics.unfinishedMigration().name()).isPresent()) {
            throw Failure.wrongInput(
                    "space " + topics.space().name() + " on " + bootstrap
                            + " is being made out of another one, or a migration to it was killed",
                    "let 'migrate' end; if none runs, start it again with --discard-unfinished");
        }
    }

    /** How many partitions the space has on this cluster; empty when it has no topics yet. */
    Optional<Integer> partitionsOf(Topics topics) {
        return describe(topics.usageEvents().name())
                .map(topic -> topic.partitions().size());
    }

    /**
     * Creates what is missing and checks what is there; a Failure that says which topic is wrong.
     *
     * @param isOurs whether the brokers are our own, whose settings need no check
     */
    void prepare(Topics topics, boolean isOurs) {
        List<NewTopic> missing = new ArrayList<>();
        for (Topic topic : topics.all()) {
            Optional<TopicDescription> standing = describe(topic.name());
            if (standing.isEmpty()) {
                missing.add(new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.empty())
                        .configs(topic.config()));
            } else if (standing.get().partitions().size() != topic.partitions()) {
                throw Failure.wrongInput(
                        "topic " + topic.name() + " on " + bootstrap + " has "
                                + standing.get().partitions().size() + " partitions instead of " + topic.partitions(),
                        "all topics of a space have the same number for ever; use another --space, or migrate");
            }
        }
        TopicCreation.create(admin, missing);
        if (!isOurs) {
            requireBoundedTimestamps(topics.usageEvents());
        }
    }

    /** The id that the cluster gave a topic when it was created. */
    String topicId(Topic topic) {
        return describe(topic.name())
                .orElseThrow(() -> new IllegalStateException(topic.name() + " is gone"))
                .topicId()
                .toString();
    }

    /** Whether the brokers answer now. */
    boolean answers(Topics topics) {
        try {
            return describe(topics.usageEvents().name()).isPresent();
        } catch (Failure e) {
            return false;
        }
    }

    @Override
    public void close() {
        admin.close(java.time.Duration.ofSeconds(2));
    }

    private void requireBoundedTimestamps(Topic topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
        Config config = Objects.requireNonNull(
                answer(admin.describeConfigs(List.of(resource)).all(), ANSWERED_WITHIN_MS)
                        .get(resource));
        Map<String, String> values = new HashMap<>();
        config.entries().forEach(entry -> values.put(entry.name(), String.valueOf(entry.value())));
        boolean stampedByBroker = "LogAppendTime".equals(values.get(TIMESTAMP_TYPE));
        long ahead = Long.parseLong(values.getOrDefault(TIMESTAMP_AHEAD, Long.toString(Long.MAX_VALUE)));
        if (!stampedByBroker && ahead > TIMESTAMP_AHEAD_MS_MAX) {
            throw Failure.wrongInput(
                    "topic " + topic.name() + " on " + bootstrap
                            + " takes records from the future, which would make everything behind them too old ("
                            + TIMESTAMP_AHEAD + " is " + ahead + ")",
                    "set " + TIMESTAMP_AHEAD + " of that topic to 3600000");
        }
    }

    private Optional<TopicDescription> describe(String topic) {
        try {
            return Optional.ofNullable(admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get(ANSWERED_WITHIN_MS, TimeUnit.MILLISECONDS)
                    .get(topic));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw refused("topic " + topic + " cannot be described on " + bootstrap, e);
        } catch (TimeoutException e) {
            throw refused("topic " + topic + " cannot be described on " + bootstrap, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private <T> T answer(KafkaFuture<T> future, long withinMs) {
        try {
            return future.get(withinMs, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw refused("the Kafka cluster " + bootstrap + " cannot be reached", e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static Failure refused(String what, Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return Failure.unreachable(
                what + " (" + why + ")", "check that the brokers run and that --kafka names them", e);
    }

    private static Failure interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return Failure.unreachable("interrupted while waiting for Kafka", "run the command again", e);
    }
}
