package io.tallystick.deploy.verify;

import io.tallystick.deploy.app.kafka.TopicCreation;
import io.tallystick.schemas.topic.Topic;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

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

    /** Returns when they can be worked with. */
    public static void createAll(String bootstrap, Collection<NewTopic> topics) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            TopicCreation.create(admin, topics);
        }
    }
}
