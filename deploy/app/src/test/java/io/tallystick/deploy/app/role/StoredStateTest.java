package io.tallystick.deploy.app.role;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.kafka.EmbeddedKafka;
import io.tallystick.deploy.app.kafka.Ports;
import io.tallystick.deploy.app.kafka.TopicCreation;
import io.tallystick.schemas.stream.PreCommitHook;
import io.tallystick.schemas.stream.StoreTable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredStateTest {

    private static final String APPLICATION = "default.rater";

    @TempDir
    private Path directory;

    @Test
    void aStageGoesOnFromItsOffsetsOnlyWithTheChangelogsOfItsStores() throws Exception {
        Topology topology = new Topology()
                .addSource("source", "in")
                .addProcessor("rate", Nothing::new, "source")
                .addStateStore(PreCommitHook.named(PreCommitHook.NAME), "rate")
                .addStateStore(StoreTable.store("kept-v1"), "rate");
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, Ports.free(), Duration.ofHours(1));
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            StoredState.require(admin, APPLICATION, topology); // has never worked

            create(admin, "in");
            admin.alterConsumerGroupOffsets(APPLICATION, Map.of(new TopicPartition("in", 0), new OffsetAndMetadata(1)))
                    .all()
                    .get();
            assertThatThrownBy(() -> StoredState.require(admin, APPLICATION, topology))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("no topic default.rater-kept-v1-changelog")
                    .hasMessageContaining("migrate");

            create(admin, "default.rater-kept-v1-changelog");
            StoredState.require(admin, APPLICATION, topology);
        }
    }

    private static final class Nothing implements Processor<Object, Object, Void, Void> {
        @Override
        public void process(Record<Object, Object> record) {}
    }

    private static void create(Admin admin, String topic) {
        TopicCreation.create(admin, List.of(new NewTopic(topic, 1, (short) 1)));
    }
}
