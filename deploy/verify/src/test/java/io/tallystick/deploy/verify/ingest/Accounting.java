package io.tallystick.deploy.verify.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.deploy.verify.EventLog;
import io.tallystick.deploy.verify.Service;
import io.tallystick.deploy.verify.TestingUp;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.Place;
import io.tallystick.schemas.topic.Topic;
import io.tallystick.schemas.topic.Topics;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** What ingest says of its partitions, held against a count of what stands on the topics. */
public final class Accounting {

    private final EventLog log;
    private final JsonNode partitions;

    public Accounting(EventLog log, Service service) {
        this.log = log;
        this.partitions = service.get("/api/v1/ingest/accounting").ok().json().get("partitions");
    }

    /** Every identity of the contract, and every count that can be taken from outside. */
    public void check() {
        assertThat(partitions).hasSize(TestingUp.PARTITIONS);
        for (JsonNode partition : partitions) {
            assertThat(partition.get("read").longValue())
                    .as("read of " + partition)
                    .isEqualTo(sum(partition, "accepted", "duplicates", "rejected", "forwarded"));
            JsonNode received = partition.get("received");
            assertThat(received.get("read").longValue())
                    .as("received of " + partition)
                    .isEqualTo(sum(received, "accepted", "duplicates", "rejected"));
        }
        assertThat(byPartition("read")).isEqualTo(counted(Topics::usageEvents));
        assertThat(byReceived("read")).isEqualTo(counted(Topics::usageMisrouted));
        assertThat(total("forwarded")).isEqualTo(sum(byReceived("read")));
        assertThat(sumByPartition("accepted")).isEqualTo(acceptedOnce());
        assertThat(total("rejected") + sum(byReceived("rejected"))).isEqualTo(rejectedOnce());
    }

    public long read() {
        return total("read");
    }

    public long forwarded() {
        return total("forwarded");
    }

    /** What came by the misrouted hop. */
    public long received() {
        return sum(byReceived("read"));
    }

    public long duplicates() {
        return total("duplicates") + sum(byReceived("duplicates"));
    }

    public long accepted() {
        return total("accepted") + sum(byReceived("accepted"));
    }

    public long rejected() {
        return total("rejected") + sum(byReceived("rejected"));
    }

    /** Accepted events by partition; each place once, each tenant's sequence without a gap. */
    private Map<Integer, Long> acceptedOnce() {
        Map<Integer, Long> counts = new TreeMap<>();
        Map<String, Long> sequences = new HashMap<>();
        Set<Place> places = new HashSet<>();
        log.forEach(Topics::usageAccepted, record -> {
            AcceptedRecord accepted = TopicCodecs.ACCEPTED.decode(record.value());
            if (!accepted.tenant().isEmpty()) {
                assertThat(accepted.sequence())
                        .as("sequence at " + record.partition() + "@" + record.offset())
                        .isEqualTo(sequences.merge(accepted.tenant(), 1L, Long::sum));
            }
            if (accepted instanceof AcceptedEvent event) {
                counts.merge(record.partition(), 1L, Long::sum);
                assertThat(places.add(event.place()))
                        .as("accepted twice: " + event.place())
                        .isTrue();
            }
        });
        return counts;
    }

    private long rejectedOnce() {
        Set<String> places = new HashSet<>();
        log.forEach(
                Topics::usageRejected,
                record -> assertThat(places.add(
                                EventLog.header(record, "partition") + "@" + EventLog.header(record, "offset")))
                        .as("rejected twice")
                        .isTrue());
        return places.size();
    }

    private Map<Integer, Long> counted(Function<Topics, Topic> topic) {
        Map<Integer, Long> counts = new TreeMap<>();
        log.forEach(topic, record -> counts.merge(record.partition(), 1L, Long::sum));
        return counts;
    }

    private Map<Integer, Long> byPartition(String count) {
        Map<Integer, Long> counts = new TreeMap<>();
        for (JsonNode partition : partitions) {
            put(counts, partition, partition.get(count).longValue());
        }
        return counts;
    }

    private Map<Integer, Long> byReceived(String count) {
        Map<Integer, Long> counts = new TreeMap<>();
        for (JsonNode partition : partitions) {
            put(counts, partition, partition.get("received").get(count).longValue());
        }
        return counts;
    }

    private Map<Integer, Long> sumByPartition(String count) {
        Map<Integer, Long> counts = new TreeMap<>();
        for (JsonNode partition : partitions) {
            put(counts, partition, sum(partition, count) + sum(partition.get("received"), count));
        }
        return counts;
    }

    private static void put(Map<Integer, Long> counts, JsonNode partition, long count) {
        if (count != 0) {
            counts.put(partition.get("partition").intValue(), count);
        }
    }

    private long total(String count) {
        return sum(byPartition(count));
    }

    private static long sum(Map<Integer, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static long sum(JsonNode node, String... counts) {
        long sum = 0;
        for (String count : counts) {
            sum += node.get(count).longValue();
        }
        return sum;
    }
}
