package io.tallystick.deploy.app.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.kafka.EmbeddedKafka;
import io.tallystick.deploy.app.kafka.Ports;
import io.tallystick.deploy.app.kafka.TopicCreation;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewSpaceTest {

    private static final Topics WIDE = new Topics(new Space("wide"), 3);
    private static final String EVENTS = WIDE.usageEvents().name();

    @TempDir
    private Path directory;

    @Test
    void whatAKilledMigrationHasLeftIsKnownForItAndRemovedOnlyWhenAsked() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, Ports.free(), Duration.ofHours(1));
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            String bootstrap = kafka.bootstrap();
            create(admin, "other.usage.events");
            NewSpace killed = NewSpace.claim(bootstrap, WIDE, false);
            create(admin, EVENTS);
            admin.alterConsumerGroupOffsets(
                            "wide.ingest", Map.of(new TopicPartition(EVENTS, 0), new OffsetAndMetadata(1)))
                    .all()
                    .get();

            assertRefused(bootstrap, false, "is what a killed migration has left");
            assertThat(topics(admin)).contains(EVENTS);

            NewSpace again = NewSpace.claim(bootstrap, WIDE, true);
            assertThat(topics(admin))
                    .contains("other.usage.events", "wide.migration.unfinished")
                    .doesNotContain(EVENTS);
            assertThat(admin.listGroups().all().get()).isEmpty();
            create(admin, EVENTS);
            again.keep();
            again.close();

            assertThat(topics(admin)).contains(EVENTS).doesNotContain("wide.migration.unfinished");
            // A space that is whole is never removed.
            assertRefused(bootstrap, true, "there is a space wide already");
            assertThat(topics(admin)).contains(EVENTS);
            assertThat(killed).isNotSameAs(again);
        }
    }

    @Test
    void whatIsNotKeptIsRemoved() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, Ports.free(), Duration.ofHours(1));
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            try (NewSpace space = NewSpace.claim(kafka.bootstrap(), WIDE, false)) {
                assertThat(space).isNotNull();
                create(admin, EVENTS);
            }

            assertThat(topics(admin)).isEmpty();
        }
    }

    private static void assertRefused(String bootstrap, boolean discards, String why) {
        assertThatThrownBy(() -> NewSpace.claim(bootstrap, WIDE, discards).close())
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure -> assertThat(failure.exitStatus()).isEqualTo(2))
                .hasMessageContaining(why);
    }

    private static void create(Admin admin, String topic) {
        TopicCreation.create(admin, List.of(new NewTopic(topic, Optional.of(1), Optional.empty())));
    }

    private static Set<String> topics(Admin admin) throws Exception {
        return admin.listTopics().names().get();
    }
}
