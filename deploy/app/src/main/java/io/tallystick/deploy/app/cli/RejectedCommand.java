package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallystick.deploy.app.Failure;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rejected}: the dead letters, read from their topic. */
@Command(
        name = "rejected",
        description = "List the events that were rejected, and why.",
        mixinStandardHelpOptions = true)
final class RejectedCommand extends ReadingCommand {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final String PREFIX = "tallystick-";

    @Parameters(paramLabel = "list", defaultValue = "list", description = "What to do with them: list.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String action;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "1000",
            description = "At most so many, the newest of each partition last (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Override
    JsonNode read(ServiceClient client) {
        if (!action.equals("list")) {
            throw Failure.wrongInput(
                    "'rejected " + action + "' is not available in this version", "use 'tallystick rejected list'");
        }
        JsonNode info = client.get("/api/v1/info", Map.of());
        Topics topics = new Topics(
                new Space(info.path("space").asText()), info.path("partitions").asInt());
        ArrayNode data = JsonNodeFactory.instance.arrayNode();
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                info.path("kafka").asText(),
                "isolation.level",
                "read_committed",
                "default.api.timeout.ms",
                15_000,
                "enable.auto.commit",
                false);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = IntStream.range(0, topics.partitions())
                    .mapToObj(partition ->
                            new TopicPartition(topics.usageRejected().name(), partition))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (data.size() < limit
                    && partitions.stream()
                            .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (data.size() < limit) {
                        data.add(tree(record));
                    }
                }
            }
        } catch (KafkaException e) {
            throw Failure.unreachable(
                    "the Kafka cluster " + info.path("kafka").asText() + " cannot be read (" + e.getMessage() + ")",
                    "check that it can be reached from here",
                    e);
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.set("data", data);
        answer.putNull("next");
        return answer;
    }

    @Override
    void show(JsonNode answer, PrintWriter out) {
        Table table = new Table("reason", "place", "arrived", "detail");
        for (JsonNode letter : answer.path("data")) {
            table.row(
                    letter.path("reason").asText(),
                    letter.path("topic").asText() + " "
                            + letter.path("partition").asText() + "@"
                            + letter.path("offset").asText(),
                    letter.path("arrived").asText(),
                    letter.path("detail").asText());
        }
        out.println(table.isEmpty() ? "nothing was rejected" : table.toString());
    }

    private static ObjectNode tree(ConsumerRecord<byte[], byte[]> record) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        for (Header header : record.headers()) {
            if (header.key().startsWith(PREFIX) && header.value() != null) {
                tree.put(header.key().substring(PREFIX.length()), new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        tree.put("arrived", Instant.ofEpochMilli(record.timestamp()).toString());
        tree.put("bytes", record.value() == null ? 0 : record.value().length);
        return tree;
    }
}
