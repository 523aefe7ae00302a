package io.tallystick.deploy.app.role;

import io.tallystick.deploy.app.Failure;
import io.tallystick.schemas.stream.PreCommitHook;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;

/**
 * Whether a stage that goes on from committed offsets has the state that belongs to them. Kafka Streams makes a changelog that is missing anew and
 * empty, and goes on: sequences would begin at 1 again, and totals at nothing.
 */
final class StoredState {

    private StoredState() {}

    /**
     * A Failure when the application has committed offsets and lacks the changelog of one of its stores: the topic was deleted, or the state was made
     * by a version that keeps other stores.
     */
    static void require(Admin admin, String application, Topology topology) {
        try {
            if (admin.listConsumerGroupOffsets(application)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .isEmpty()) {
                return;
            }
            Set<String> topics = admin.listTopics().names().get();
            for (String store : storesOf(topology)) {
                String changelog = application + "-" + store + "-changelog";
                if (!topics.contains(changelog)) {
                    throw Failure.wrongInput(
                            application
                                    + " has worked in this space already, and what it knew is not there: there is no topic "
                                    + changelog,
                            "if another version made this space, use that one, or 'migrate' to a new space, which derives all of it from the log");
                }
            }
        } catch (ExecutionException e) {
            throw Failure.unreachable(
                    "what " + application + " has stored cannot be looked up (" + e.getCause() + ")",
                    "check that the brokers run and that --kafka names them",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.unreachable("interrupted while waiting for Kafka", "run the command again", e);
        }
    }

    private static Set<String> storesOf(Topology topology) {
        Set<String> stores = new TreeSet<>();
        for (TopologyDescription.Subtopology part : topology.describe().subtopologies()) {
            for (TopologyDescription.Node node : part.nodes()) {
                if (node instanceof TopologyDescription.Processor processor) {
                    stores.addAll(processor.stores());
                }
            }
        }
        stores.remove(PreCommitHook.NAME);
        return stores;
    }
}
