package io.tallystick.deploy.app.migrate;

import io.tallystick.deploy.app.Failure;
import io.tallystick.schemas.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.KafkaFuture;

/** A space that nobody had, and that is removed again, topics and groups, unless it is kept. */
final class NewSpace implements AutoCloseable {

    private static final long ANSWERED_WITHIN_S = 30;

    private final Admin admin;
    private final String prefix;
    private boolean isKept;

    private NewSpace(Admin admin, String prefix) {
        this.admin = admin;
        this.prefix = prefix;
    }

    /** A Failure when there is something of it already. */
    static NewSpace claim(String bootstrap, Topics topics) {
        NewSpace space = new NewSpace(
                Admin.create(Map.of("bootstrap.servers", bootstrap)),
                topics.space().applicationId(""));
        List<String> there = space.topics();
        if (!there.isEmpty()) {
            space.admin.close(Duration.ZERO);
            throw Failure.wrongInput(
                    "there is a space " + topics.space().name() + " already, with topic " + there.get(0),
                    "name another --to-space, or delete its topics");
        }
        return space;
    }

    void keep() {
        isKept = true;
    }

    @Override
    public void close() {
        try (admin) {
            if (!isKept) {
                answer(admin.deleteTopics(topics()).all());
                List<String> groups = answer(admin.listGroups().all()).stream()
                        .map(GroupListing::groupId)
                        .filter(group -> group.startsWith(prefix))
                        .toList();
                answer(admin.deleteConsumerGroups(groups).all());
            }
        }
    }

    private List<String> topics() {
        return answer(admin.listTopics().names()).stream()
                .filter(name -> name.startsWith(prefix))
                .sorted()
                .toList();
    }

    private static <T> T answer(KafkaFuture<T> future) {
        try {
            return future.get(ANSWERED_WITHIN_S, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw Failure.unreachable(
                    "the brokers do not answer about the new space (" + e.getMessage() + ")",
                    "delete its topics before it is migrated to again",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.unreachable("interrupted", "start again", e);
        }
    }
}
