package io.tallystick.deploy.verify.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tallystick.deploy.app.kafka.EmbeddedKafka;
import io.tallystick.deploy.app.kafka.Ports;
import io.tallystick.deploy.verify.Deadline;
import io.tallystick.deploy.verify.Seed;
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
import io.tallystick.schemas.topic.TenantPartitioner;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two aggregators against one cluster answer every question alike, whoever is asked; when one stops, the other answers everything, and never a wrong number. */
class TwoAggregatorsIT {

    private static final Topics TOPICS = new Topics(Space.DEFAULT, 6);
    private static final Instant NOON = Instant.parse("2026-04-15T12:00:00Z");
    private static final int TENANTS = 40;
    private static final int EVENTS = 20_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> FORMS = List.of(
            "&windowSize=HOUR&groupBy=region",
            "&windowSize=DAY&windowTimeZone=America/New_York",
            "&windowSize=MONTH&filterGroupBy%5Bregion%5D=r1",
            "&from=2026-03-20T05:00:00Z&to=2026-04-02T17:00:00Z&groupBy=region");

    @TempDir
    private Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, BigDecimal> sums = new TreeMap<>();
    private final Map<String, Long> sequences = new TreeMap<>();

    @Test
    void everyQuestionIsAnsweredAlikeByEitherAndByTheOneThatIsLeft() throws Exception {
        Random random = Seed.random("two aggregators");
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), Ports.free(), Duration.ofHours(1))) {
            TestingTopics.create(
                    kafka.bootstrap(), List.of(TOPICS.usageAccepted(), TOPICS.usageTotals(), TOPICS.billingAlerts()));
            try (KafkaProducer<String, AcceptedRecord> log = new KafkaProducer<>(
                            Map.of("bootstrap.servers", kafka.bootstrap()),
                            new StringSerializer(),
                            new RecordSerde<>(TopicCodecs.ACCEPTED).serializer());
                    RunningAggregator stays = aggregator(kafka, "one")) {
                for (int partition = 0; partition < TOPICS.partitions(); partition++) {
                    send(new RevisionInForce(0, 1, partition, 1, "sha256:00"), partition, log)
                            .get();
                }
                send(EVENTS, random, log);
                RunningAggregator leaves = aggregator(kafka, "two");
                Map<String, String> answers;
                try {
                    awaitRightAnswers(stays, leaves);
                    assertThat(Math.min(stays.partitions(), leaves.partitions()))
                            .as("each holds a share")
                            .isGreaterThan(1);
                    send(EVENTS, random, log);
                    awaitRightAnswers(stays, leaves);
                    answers = answers(stays);
                    assertThat(answers(leaves)).isEqualTo(answers);
                } finally {
                    leaves.close();
                }

                int refused = awaitEveryTenantFrom(stays);
                System.out.println("answers refused while partitions moved: " + refused);
                assertThat(stays.partitions()).isEqualTo(TOPICS.partitions());
                assertThat(answers(stays)).isEqualTo(answers);
            }
        }
    }

    private RunningAggregator aggregator(EmbeddedKafka kafka, String name) throws Exception {
        return RunningAggregator.start(TOPICS, kafka.bootstrap(), directory.resolve(name));
    }

    private void awaitRightAnswers(RunningAggregator... all) {
        Deadline deadline = Deadline.within(PATIENCE);
        for (RunningAggregator aggregator : all) {
            for (String tenant : sums.keySet()) {
                deadline.await("usage of " + tenant + " is " + sums.get(tenant), () -> isRight(aggregator, tenant));
            }
        }
    }

    private @Nullable Boolean isRight(RunningAggregator aggregator, String tenant) throws Exception {
        HttpResponse<String> answer = ask(aggregator, tenant);
        boolean right = answer.statusCode() == 200
                && value(answer).equals(sums.get(tenant).toPlainString());
        return right ? Boolean.TRUE : null;
    }

    /** Asks until every tenant is answered; all events were counted before, so whatever is not refused must be right. */
    private int awaitEveryTenantFrom(RunningAggregator aggregator) throws Exception {
        Deadline deadline = Deadline.within(PATIENCE);
        int refused = 0;
        for (String tenant : sums.keySet()) {
            HttpResponse<String> answer = ask(aggregator, tenant);
            while (answer.statusCode() == 503) {
                assertThat(answer.headers().firstValue("Retry-After")).isPresent();
                refused++;
                deadline.check("usage of " + tenant);
                Thread.onSpinWait();
                answer = ask(aggregator, tenant);
            }
            assertThat(value(answer)).as(tenant).isEqualTo(sums.get(tenant).toPlainString());
        }
        return refused;
    }

    /** Every form of question about every tenant, by what was asked. */
    private Map<String, String> answers(RunningAggregator aggregator) throws Exception {
        Map<String, String> answers = new TreeMap<>();
        for (String tenant : sums.keySet()) {
            for (String more : FORMS) {
                HttpResponse<String> answer = ask(aggregator, tenant + more);
                assertThat(answer.statusCode()).as(tenant + more).isEqualTo(200);
                answers.put(tenant + more, answer.body());
            }
        }
        return answers;
    }

    private HttpResponse<String> ask(RunningAggregator aggregator, String tenant) throws Exception {
        URI uri = URI.create(aggregator.url() + "/api/v1/meters/units/query?subject=" + tenant);
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String value(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body()).path("data").path(0).path("value").asText();
    }

    private void send(int events, Random random, KafkaProducer<String, AcceptedRecord> log) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>(events);
        for (int i = 0; i < events; i++) {
            String tenant = "tenant-" + random.nextInt(TENANTS);
            BigDecimal value = BigDecimal.valueOf(1 + random.nextInt(1000));
            long sequence = sequences.merge(tenant, 1L, Long::sum);
            Instant time = NOON.minusSeconds(random.nextInt(40 * 86_400));
            AcceptedEvent event = new AcceptedEvent(
                    tenant,
                    0,
                    sequence,
                    new Place(0, i),
                    new Identity(tenant.hashCode(), sequence),
                    0,
                    1,
                    time.toEpochMilli(),
                    NOON.toEpochMilli(),
                    List.of(new Reading(
                            RunningAggregator.METER,
                            Dimensions.of(Map.of("region", "r" + random.nextInt(3))),
                            value,
                            null)));
            sums.merge(tenant, value, BigDecimal::add);
            sent.add(send(event, TenantPartitioner.partitionOf(tenant, TOPICS.partitions()), log));
        }
        for (Future<RecordMetadata> record : sent) {
            record.get();
        }
    }

    private static Future<RecordMetadata> send(
            AcceptedRecord record, int partition, KafkaProducer<String, AcceptedRecord> log) {
        return log.send(new ProducerRecord<>(
                TOPICS.usageAccepted().name(), partition, NOON.toEpochMilli(), record.tenant(), record));
    }
}
