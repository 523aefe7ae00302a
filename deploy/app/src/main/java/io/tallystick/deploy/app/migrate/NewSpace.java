package io.tallystick.deploy.app.migrate;

import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.kafka.TopicCreation;
import io.tallystick.schemas.topic.Topic;
import io.tallystick.schemas.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;

/**
 * A space that nobody had, and that is removed again, topics and groups, unless it is kept. Until then a topic of its own says that it is not whole, so that nobody works
 * in what a killed migration has left.
 */
final class NewSpace implements AutoCloseable {

    private static final long ANSWERED_WITHIN_S = 30;
    private static final long LOOK_EVERY_MS = 100;

    private final Admin admin;
    private final Topics space;
    private final String prefix;
    private boolean isKept;

    private NewSpace(Admin admin, Topics space) {
        this.admin = admin;
        this.space = space;
        this.prefix = space.space().applicationId("");
    }

    /**
     * A Failure when there is something of it already.
     *
     * @param discards whether what a killed migration has left is removed first
     */
    static NewSpace claim(String bootstrap, Topics topics, boolean discards) {
        NewSpace space = new NewSpace(Admin.create(Map.of("bootstrap.servers", bootstrap)), topics);
        try {
            space.claim(discards);
            return space;
        } catch (Failure e) {
            space.admin.close(Duration.ZERO);
            throw e;
        }
    }

    private void claim(boolean discards) {
        List<String> there = topics();
        String name = space.space().name();
        if (there.contains(space.unfinishedMigration().name())) {
            if (!discards) {
                throw Failure.wrongInput(
                        "space " + name + " is being migrated to, or is what a killed migration has left",
                        "if no other runs, start again with --discard-unfinished");
            }
            remove();
        } else if (!there.isEmpty()) {
            throw Failure.wrongInput(
                    "there is a space " + name + " already, with topic " + there.get(0),
                    "name another --to-space, or delete its topics");
        }
        Topic mark = space.unfinishedMigration();
        TopicCreation.create(
                admin, List.of(new NewTopic(mark.name(), Optional.of(mark.partitions()), Optional.empty())));
    }

    /** It is whole: from now on it may be worked in. */
    void keep() {
        removeTopics(List.of(space.unfinishedMigration().name()));
        isKept = true;
    }

    @Override
    public void close() {
        try (admin) {
            if (!isKept) {
                remove();
            }
        }
    }

    /** The mark goes last: what is killed here too is still known for what it is. */
    private void remove() {
        String mark = space.unfinishedMigration().name();
        removeTopics(topics().stream().filter(name -> !name.equals(mark)).toList());
        removeGroups();
        removeTopics(List.of(mark));
    }

    /** A process that was killed is a member until its session is over. */
    private void removeGroups() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWERED_WITHIN_S);
        while (true) {
            List<String> groups = answer(admin.listGroups().all()).stream()
                    .map(GroupListing::groupId)
                    .filter(group -> group.startsWith(prefix))
                    .toList();
            try {
                answer(admin.deleteConsumerGroups(groups).all());
                return;
            } catch (Failure e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
            pause();
        }
    }

    private void removeTopics(List<String> names) {
        answer(admin.deleteTopics(names).all());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWERED_WITHIN_S);
        while (topics().stream().anyMatch(names::contains)) { // gone everywhere only a moment later
            if (System.nanoTime() > deadline) {
                throw Failure.unreachable(
                        "the brokers have not deleted " + names.get(0) + " in " + ANSWERED_WITHIN_S + " s",
                        "look at their logs");
            }
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.unreachable("interrupted", "start again", e);
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
