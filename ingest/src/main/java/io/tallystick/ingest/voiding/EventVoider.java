package io.tallystick.ingest.voiding;

import io.tallystick.ingest.acceptance.VoidOutcome;
import io.tallystick.ingest.voiding.AcceptedSearch.Found;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.BillingRequest;
import io.tallystick.schemas.event.BillingRequest.EventVoidRequested;
import io.tallystick.schemas.event.EventVoided;
import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Voids accepted events, as any number of processes may at once: finds the event in its tenant's log, asks ingest to write that it counts no more, and
 * answers when that is written. Ingest alone decides, and takes each event back once.
 */
public final class EventVoider {

    private static final Logger LOG = LoggerFactory.getLogger(EventVoider.class);

    /** An event's record may be this much older than the event. */
    private static final Duration AHEAD_MAX = Duration.ofDays(30);

    private static final long ANSWER_SECONDS_MAX = 15;
    private static final int RETRY_AFTER_SECONDS = 2;
    private static final int RECORDS_MAX = 5_000;

    private final Topics topics;
    private final Map<String, Object> clients;
    private final InstantSource clock;

    /** @param clients connection settings of Kafka clients */
    public EventVoider(Topics topics, Map<String, Object> clients, InstantSource clock) {
        this.topics = topics;
        this.clients = Map.copyOf(clients);
        this.clock = clock;
    }

    /**
     * Voids one event.
     *
     * @param named how the caller names the event, for people
     */
    public EventVoided voidEvent(String tenant, Identity identity, String named, String reason) {
        try (Consumer<byte[], byte[]> consumer = consumer()) {
            Instant since =
                    clock.instant().minus(VoidOutcome.CORRECTION_HORIZON).minus(AHEAD_MAX);
            AcceptedSearch search = new AcceptedSearch(topics, consumer, tenant, identity, since.toEpochMilli());
            search.readToEnd();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWER_SECONDS_MAX);
            while (System.nanoTime() < deadline) {
                EventVoidRequested request = request(search, tenant, named, reason);
                ask(request);
                Optional<EventVoided> voided = await(search, request, deadline);
                if (voided.isPresent()) {
                    EventVoided fact = voided.get();
                    if (fact.requestedAt() == request.requestedAt()
                            && fact.reason().equals(reason)) {
                        return fact;
                    }
                    throw alreadyVoided(fact, tenant, named);
                }
            }
        } catch (KafkaException e) {
            LOG.atWarn().setCause(e).addKeyValue("customer", tenant).log("void broke off");
        }
        throw RequestRefused.notReady(
                "ingest has not said that the event is voided; ask again, nothing is voided twice",
                RETRY_AFTER_SECONDS);
    }

    private EventVoidRequested request(AcceptedSearch search, String tenant, String named, String reason) {
        Found found = search.found()
                .orElseThrow(() -> RequestRefused.notFound("no event of " + tenant + " with " + named
                        + " was accepted in the last " + VoidOutcome.CORRECTION_HORIZON.toDays()
                        + " days; what is older, a duplicate or rejected cannot be voided"));
        found.voided().ifPresent(before -> {
            throw alreadyVoided(before, tenant, named);
        });
        long now = clock.millis();
        long time = found.event().time();
        if (VoidOutcome.isTooOld(time, now)) {
            throw new RequestRefused(
                    422,
                    "Too old",
                    "the event with " + named + " is of " + Instant.ofEpochMilli(time) + "; corrections are taken for "
                            + VoidOutcome.CORRECTION_HORIZON.toDays() + " days");
        }
        return new EventVoidRequested(
                tenant,
                found.event().sequence(),
                found.event().place(),
                found.event().identity(),
                found.event().revision(),
                time,
                found.readings(),
                found.seen(),
                reason,
                now);
    }

    private static RequestRefused alreadyVoided(EventVoided before, String tenant, String named) {
        return new RequestRefused(
                409,
                "Already voided",
                "the event of " + tenant + " with " + named + " was voided at "
                        + Instant.ofEpochMilli(before.requestedAt()) + ": " + before.reason());
    }

    private void ask(EventVoidRequested request) {
        Map<String, Object> config = new HashMap<>(clients);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.RECORD_BYTES_MAX + Topics.RECORD_OVERHEAD_BYTES);
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            topics.billingRequests().name(),
                            TenantPartitioner.partitionOf(request.tenant(), topics.partitions()),
                            request.tenant().getBytes(StandardCharsets.UTF_8),
                            TopicCodecs.REQUESTS.encode((BillingRequest) request)))
                    .get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the brokers do not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        }
    }

    /** Empty when the request may have been passed over, since it did not know of a reading that was filled in. */
    private static Optional<EventVoided> await(AcceptedSearch search, EventVoidRequested request, long deadline) {
        while (System.nanoTime() < deadline) {
            search.readOn();
            Optional<EventVoided> voided = search.found().flatMap(Found::voided);
            if (voided.isPresent() || search.isFilledBehind(request.seen())) {
                return voided;
            }
        }
        return Optional.empty();
    }

    private Consumer<byte[], byte[]> consumer() {
        Map<String, Object> config = new HashMap<>(clients);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_MAX);
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 15_000);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
