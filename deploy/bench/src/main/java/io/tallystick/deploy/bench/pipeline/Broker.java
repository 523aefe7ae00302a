package io.tallystick.deploy.bench.pipeline;

import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.cli.ServiceClient;
import io.tallystick.deploy.app.kafka.TopicCreation;
import io.tallystick.deploy.bench.process.ChildProcess;
import io.tallystick.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** A broker in a process of its own, as the benchmark asks it: how far groups and topics are, and to forget a run. */
final class Broker implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;

    private final ChildProcess process;
    private final Path directory;
    private final Admin admin;
    private final Topics topics;
    private int revision;

    private Broker(ChildProcess process, Path directory, Topics topics) {
        this.process = process;
        this.directory = directory;
        this.admin = Admin.create(Map.of("bootstrap.servers", process.ready()));
        this.topics = topics;
    }

    /** Starts one with an empty log, in which a catalogue is in force: nothing may be decided before. */
    static Broker start(Scratch scratch, String name, Topics topics, String catalogYaml) {
        Path directory = scratch.fresh(name + "-kafka");
        ChildProcess process = scratch.track(ChildProcess.start(Jvm.BROKER, List.of("broker", directory.toString())));
        Broker broker = new Broker(process, directory, topics);
        try {
            broker.apply(scratch.fresh(name + "-catalogue"), scratch, catalogYaml);
            return broker;
        } catch (RuntimeException e) {
            broker.close();
            throw e;
        }
    }

    private void apply(Path state, Scratch scratch, String yaml) {
        try (ChildProcess stages = scratch.track(
                ChildProcess.start(Jvm.STAGES, Subject.PIPELINE.command(bootstrap(), state.toString())))) {
            revision = new ServiceClient(Accounting.urlOf(stages), null)
                    .put("/api/v1/catalog", "application/yaml", yaml.getBytes(StandardCharsets.UTF_8))
                    .path("revision")
                    .asInt();
        }
        Scratch.remove(state);
    }

    String bootstrap() {
        return process.ready();
    }

    ChildProcess process() {
        return process;
    }

    Topics topics() {
        return topics;
    }

    /** Of the catalogue that is in force. */
    int revision() {
        return revision;
    }

    /** Where its topics are. */
    Path directory() {
        return directory;
    }

    /** The changelog of a store of one of the stages. */
    String changelog(String stage, String store) {
        return topics.space().applicationId(stage) + "-" + store + "-changelog";
    }

    /** For each hop, by partition, what its group has committed of its topic; 0 where nothing. */
    List<long[]> committed(List<Subject.Hop> hops) throws InterruptedException {
        Map<String, ListConsumerGroupOffsetsSpec> groups = new HashMap<>();
        hops.forEach(hop -> groups.put(hop.group(), new ListConsumerGroupOffsetsSpec()));
        Map<String, Map<TopicPartition, OffsetAndMetadata>> offsets =
                get(admin.listConsumerGroupOffsets(groups).all());
        List<long[]> all = new ArrayList<>();
        for (Subject.Hop hop : hops) {
            long[] committed = new long[topics.partitions()];
            Objects.requireNonNull(offsets.get(hop.group())).forEach((partition, offset) -> {
                if (offset != null && partition.topic().equals(hop.topic())) {
                    committed[partition.partition()] = offset.offset();
                }
            });
            all.add(committed);
        }
        return all;
    }

    /** By partition, where committed records of each topic end; without the topics that are not there. */
    Map<String, long[]> ends(Collection<String> names) throws InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        names.forEach(name -> IntStream.range(0, topics.partitions())
                .forEach(partition -> asked.put(new TopicPartition(name, partition), OffsetSpec.latest())));
        ListOffsetsResult found = admin.listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED));
        Map<String, long[]> all = new HashMap<>();
        for (String name : names) {
            long[] ends = new long[topics.partitions()];
            try {
                for (int partition = 0; partition < ends.length; partition++) {
                    ends[partition] = found.partitionResult(new TopicPartition(name, partition))
                            .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                            .offset();
                }
                all.put(name, ends);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw failed(e);
                }
            } catch (TimeoutException e) {
                throw failed(e);
            }
        }
        return all;
    }

    /** Of all topics and groups that there are. */
    Set<String> names() throws InterruptedException {
        Set<String> names = new TreeSet<>(get(admin.listTopics().names()));
        get(admin.listGroups().all()).forEach(group -> names.add("group " + group.groupId()));
        return names;
    }

    void create(String... names) {
        List<NewTopic> created = new ArrayList<>();
        for (String name : names) {
            created.add(new NewTopic(name, topics.partitions(), (short) 1));
        }
        TopicCreation.create(admin, created);
    }

    /** Deletes everything but the events and the catalogue with its requests: the next run begins as the first. */
    void forget() throws InterruptedException {
        Set<String> kept = Set.of(
                topics.usageEvents().name(),
                topics.billingCatalog().name(),
                topics.billingRequests().name());
        long deadline = System.nanoTime() + Duration.ofSeconds(PATIENCE_SECONDS).toNanos();
        Set<String> gone;
        do {
            deleteGroups();
            gone = new HashSet<>(get(admin.listTopics().names()));
            gone.removeAll(kept);
            try {
                admin.deleteTopics(gone).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) { // deleted a moment ago
                    throw failed(e);
                }
            } catch (TimeoutException e) {
                throw failed(e);
            }
            if (System.nanoTime() > deadline) {
                throw Failure.unreachable("the topics of the run before are not deleted: " + gone, "run it again");
            }
        } while (!gone.isEmpty());
    }

    private void deleteGroups() throws InterruptedException {
        Collection<GroupListing> groups = get(admin.listGroups().all());
        List<String> ids = groups.stream().map(GroupListing::groupId).toList();
        try {
            admin.deleteConsumerGroups(ids).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            if (!(e.getCause() instanceof org.apache.kafka.common.errors.ApiException)) {
                throw failed(e);
            } // a member is still leaving: deleted with the next turn, or when its offsets name no topic any more
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
        process.close();
    }

    private static <T> T get(KafkaFuture<T> future) throws InterruptedException {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw failed(e);
        }
    }

    private static Failure failed(Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return Failure.unreachable("the benchmark's broker does not answer (" + cause + ")", "run it again", e);
    }
}
