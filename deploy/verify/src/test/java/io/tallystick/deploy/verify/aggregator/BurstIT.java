package io.tallystick.deploy.verify.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tallystick.deploy.app.kafka.EmbeddedKafka;
import io.tallystick.deploy.app.kafka.Ports;
import io.tallystick.deploy.verify.Deadline;
import io.tallystick.deploy.verify.TestingTopics;
import io.tallystick.schemas.codec.RecordSerde;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.Place;
import io.tallystick.schemas.event.Reading;
import io.tallystick.schemas.event.RevisionInForce;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topic;
import io.tallystick.schemas.topic.Topics;
import io.tallystick.schemas.value.Dimensions;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A burst on one window is written a handful of times, and a meter with more combinations than there may be keeps every unit and nobody waiting. */
class BurstIT {

    private static final Topics TOPICS = new Topics(Space.DEFAULT, 1);
    private static final Instant NOON = Instant.parse("2026-04-15T12:00:00Z");
    private static final int BURST = Integer.getInteger("burst.events", 300_000);
    private static final int COMBINATIONS_MAX = 100_000;
    private static final int COMBINATIONS = COMBINATIONS_MAX + 500;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, Long> sequences = new HashMap<>();

    @Test
    void burstsAreWrittenAsAHandfulAndExcessGoesToANamedValue() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), Ports.free(), Duration.ofHours(1))) {
            TestingTopics.create(
                    kafka.bootstrap(), List.of(TOPICS.usageAccepted(), TOPICS.usageTotals(), TOPICS.billingAlerts()));
            try (KafkaProducer<String, AcceptedRecord> log = new KafkaProducer<>(
                            Map.of("bootstrap.servers", kafka.bootstrap(), "linger.ms", "5", "compression.type", "lz4"),
                            new StringSerializer(),
                            new RecordSerde<>(TopicCodecs.ACCEPTED).serializer());
                    RunningAggregator aggregator =
                            RunningAggregator.start(TOPICS, kafka.bootstrap(), directory.resolve("state"))) {
                send(new RevisionInForce(0, 1, 0, 1, "sha256:00"), log).get();
                send("bursting", BURST, i -> "eu", log);
                awaitTotal(aggregator, "bursting", BURST);
                long written = end(kafka.bootstrap(), TOPICS.usageTotals());
                System.out.println(BURST + " events on one window, records on usage.totals: " + written);
                assertThat(written).isLessThan(300); // with the revision and the markers of transactions

                send("wide", COMBINATIONS, i -> "region-" + i, log);
                long start = System.nanoTime();
                send("narrow", 1, i -> "eu", log);
                awaitTotal(aggregator, "narrow", 1);
                System.out.println("behind " + COMBINATIONS + " combinations another tenant waited "
                        + Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms");
                awaitTotal(aggregator, "wide", COMBINATIONS);
                assertThat(JSON.readTree(ask(aggregator, "wide&filterGroupBy%5Bregion%5D=__overflow__")
                                        .body())
                                .at("/data/0/value")
                                .textValue())
                        .isEqualTo(Integer.toString(COMBINATIONS - COMBINATIONS_MAX));
                assertThat(end(kafka.bootstrap(), TOPICS.billingAlerts())).isPositive();
            }
        }
    }

    private void awaitTotal(RunningAggregator aggregator, String tenant, int units) {
        Deadline.within(PATIENCE).await(tenant + " has " + units + " units", () -> {
            HttpResponse<String> answer = ask(aggregator, tenant);
            boolean isThere = answer.statusCode() == 200
                    && JSON.readTree(answer.body()).at("/data/0/value").asText().equals(Integer.toString(units));
            return isThere ? true : null;
        });
    }

    private HttpResponse<String> ask(RunningAggregator aggregator, String question) throws Exception {
        URI uri = URI.create(
                aggregator.url() + "/api/v1/meters/" + RunningAggregator.METER + "/query?subject=" + question);
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private void send(String tenant, int events, IntFunction<String> region, KafkaProducer<String, AcceptedRecord> log)
            throws Exception {
        for (int i = 0; i < events; i++) {
            long sequence = sequences.merge(tenant, 1L, Long::sum);
            Reading unit = new Reading(
                    RunningAggregator.METER, Dimensions.of(Map.of("region", region.apply(i))), BigDecimal.ONE, null);
            AcceptedEvent event = new AcceptedEvent(
                    tenant,
                    0,
                    sequence,
                    new Place(0, i),
                    new Identity(tenant.hashCode(), sequence),
                    0,
                    1,
                    NOON.toEpochMilli(),
                    NOON.toEpochMilli(),
                    List.of(unit));
            Future<?> sent = send(event, log);
            if (i == events - 1) {
                sent.get(); // what was sent before is in front of it
            }
        }
    }

    private static Future<?> send(AcceptedRecord record, KafkaProducer<String, AcceptedRecord> log) {
        return log.send(
                new ProducerRecord<>(TOPICS.usageAccepted().name(), 0, NOON.toEpochMilli(), record.tenant(), record));
    }

    private static long end(String bootstrap, Topic topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topic.name(), 0);
            return Objects.requireNonNull(
                    consumer.endOffsets(List.of(partition)).get(partition));
        }
    }
}
