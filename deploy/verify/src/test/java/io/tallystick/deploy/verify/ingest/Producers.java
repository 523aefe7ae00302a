package io.tallystick.deploy.verify.ingest;

import io.tallystick.deploy.verify.EventLog;
import io.tallystick.deploy.verify.TestingUp;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Events as four kinds of producers send them: keyed by tenant, not at all, at random, and by idempotency key. */
final class Producers {

    /**
     * One event to be sent.
     *
     * @param identity the same for copies and conflicts of one event; "" for garbage
     * @param time of its first copy, milliseconds since the epoch
     */
    record Usage(String tenant, String identity, long time, String text) {}

    private static final String TOPIC =
            new Topics(Space.DEFAULT, TestingUp.PARTITIONS).usageEvents().name();

    private final List<Function<Usage, @Nullable String>> keys;
    private final Random random;

    Producers(Random random) {
        this.random = random;
        keys = List.of(Usage::tenant, usage -> null, usage -> Long.toString(random.nextLong()), Usage::identity);
    }

    /** Sends one event as a producer chosen at random would, without waiting. */
    void send(EventLog log, Usage usage) {
        String key = keys.get(random.nextInt(keys.size())).apply(usage);
        log.send(new ProducerRecord<>(
                TOPIC,
                null,
                usage.time(),
                key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                usage.text().getBytes(StandardCharsets.UTF_8)));
    }
}
